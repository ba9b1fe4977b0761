#ifndef DEMARCHE_CLIENT_CPP_MOCKS_H_
#define DEMARCHE_CLIENT_CPP_MOCKS_H_

// For the tests of programs that use the library; needs gmock, which the library itself does not. Mocks of the generated stubs are
// in demarche/v1/*_mock.grpc.pb.h.

#include <deque>
#include <future>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/cpp/delivery_source.h"
#include "client/cpp/event_source.h"
#include "client/cpp/item_sink.h"
#include "gmock/gmock.h"

namespace demarche::client {

class MockEventSource : public EventSource {
 public:
  MOCK_METHOD(std::optional<Event>, Next, (), (override));
  MOCK_METHOD(std::vector<Event>, NextBatch, (), (override));
  MOCK_METHOD(const Error&, error, (), (const, override));
};

class MockItemSink : public ItemSink {
 public:
  MOCK_METHOD(std::future<ItemOutcome>, Publish, (v1::NewsItem item), (override));
};

class MockDeliverySource : public DeliverySource {
 public:
  MOCK_METHOD(std::optional<Delivery>, Next, (), (override));
  MOCK_METHOD(bool, Ack, (const Delivery& delivery), (override));
  MOCK_METHOD(bool, Nack, (const Delivery& delivery, absl::Duration delay), (override));
  MOCK_METHOD(Error, Close, (), (override));
};

// Hands out the events it was given, then ends with the error it was given. One thread.
class FakeEventSource : public EventSource {
 public:
  explicit FakeEventSource(std::deque<Event> events, Error end = {}) : events_(std::move(events)), end_(std::move(end)) {}

  std::optional<Event> Next() override {
    if (events_.empty()) return std::nullopt;
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  std::vector<Event> NextBatch() override {
    std::vector<Event> batch(std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end()));
    events_.clear();
    return batch;
  }
  const Error& error() const override { return end_; }

 private:
  std::deque<Event> events_;
  const Error end_;
};

// Hands out the deliveries it was given, in front of the others again what was given back, and keeps the positions of what was
// acknowledged. One thread.
class FakeDeliverySource : public DeliverySource {
 public:
  explicit FakeDeliverySource(std::deque<Delivery> deliveries) : deliveries_(std::move(deliveries)) {}

  std::optional<Delivery> Next() override {
    if (deliveries_.empty()) return std::nullopt;
    Delivery delivery = std::move(deliveries_.front());
    deliveries_.pop_front();
    return delivery;
  }
  bool Ack(const Delivery& delivery) override {
    acknowledged.push_back(delivery.position);
    return true;
  }
  bool Nack(const Delivery& delivery, absl::Duration) override {
    deliveries_.push_front(delivery);
    deliveries_.front().count += 1;
    return true;
  }
  Error Close() override { return Error{}; }

  std::vector<std::string> acknowledged;

 private:
  std::deque<Delivery> deliveries_;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_MOCKS_H_
