#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/stream_channel.h"
#include "tests/bench/stream_child.h"
#include "tests/bench/stream_measures.h"
#include "tests/bench/stream_roles.h"
#include "tests/support/consumer.h"
#include "tests/support/watcher.h"

namespace demarche::bench {
namespace {

constexpr uint64_t kCredit = 1024;  // events under way to a consumer
constexpr uint64_t kAckedTogether = 64;

void Create(v1::SubscriptionService::Stub& stub, const std::string& name) {
  grpc::ClientContext context;
  v1::CreateSubscriptionRequest request;
  request.mutable_subscription()->set_name(name);
  request.mutable_start()->set_earliest(true);
  v1::CreateSubscriptionResponse response;
  const grpc::Status status = stub.CreateSubscription(&context, request, &response);
  if (status.ok()) return;
  std::fprintf(stderr, "a subscription was not created: %s\n", status.error_message().c_str());
  std::exit(1);
}

// Takes events until there were so many and acknowledges them by 64; over when each acknowledgement is confirmed.
void Consume(v1::SubscriptionService::Stub& stub, const std::string& name, uint64_t wanted) {
  testing_support::Consumer consumer(stub, name, kCredit);
  uint64_t taken = 0;
  uint64_t asked = 0;
  uint64_t confirmed = 0;
  std::string first;
  while (taken < wanted || confirmed < asked) {
    const v1::ConsumeResponse response = consumer.Next();
    if (response.response_case() == v1::ConsumeResponse::RESPONSE_NOT_SET) std::exit(1);
    confirmed += static_cast<uint64_t>(response.ack_result().confirmed_ranges_size());
    for (const std::string& position : response.message().event_batch().positions()) {
      if (taken % kAckedTogether == 0) first = position;
      if (++taken % kAckedTogether != 0 && taken != wanted) continue;
      consumer.Ack(first, position);
      consumer.Grant(kAckedTogether);
      ++asked;
    }
  }
}

// Events of the log that a client takes in a second.
double EventsPerSecond(const std::string& how, int events) {
  Child server = Child::Role({"ours", "small"});
  const std::string address = server.Hear();
  constexpr int kAtOnce = 1'000'000'000;
  server.Tell("pace " + Text(events) + " " + Text(kAtOnce) + " 4");
  server.Hear();
  Child client = Child::Role({"take", address, how, Text(events)});
  client.Hear();
  const double begin = Now();
  client.Tell("go");
  client.Hear();
  return events / (Now() - begin);
}

}  // namespace

void TakeAll(const Arguments& arguments) {
  const auto channel = Dial(arguments[0]);
  const auto watches = v1::EventService::NewStub(channel);
  const auto subscriptions = v1::SubscriptionService::NewStub(channel);
  Create(*subscriptions, "bench");
  const uint64_t wanted = std::stoull(arguments[2]);
  Answer("ready");
  NextCommand();
  if (arguments[1] == "acknowledged") {
    Consume(*subscriptions, "bench", wanted);
  } else {
    testing_support::Watcher(*watches, testing_support::FromEarliest()).NextIds(wanted);
  }
  Answer("done");
  NextCommand();
  std::_Exit(0);
}

void SubscribeIdly(const Arguments& arguments) {
  constexpr int kConsumersOfConnection = 100;
  const int count = std::stoi(arguments[1]);
  std::vector<std::unique_ptr<v1::SubscriptionService::Stub>> stubs;
  for (int i = 0; i < count; ++i) {
    if (i % kConsumersOfConnection == 0) stubs.push_back(v1::SubscriptionService::NewStub(Dial(arguments[0])));
    Create(*stubs.back(), "idle-" + Text(i));
  }
  Answer("created");
  NextCommand();
  std::deque<testing_support::Consumer> consumers;
  for (int i = 0; i < count; ++i) {
    consumers.emplace_back(*stubs[static_cast<size_t>(i / kConsumersOfConnection)], "idle-" + Text(i), kCredit).Next();
  }
  Answer("consuming");
  NextCommand();
  std::_Exit(0);
}

void MeasureSubscriptions(Report& report, int repeats) {
  constexpr int kEvents = 100'000;
  std::vector<double> acknowledged;
  std::vector<double> watched;
  for (int i = 0; i < repeats; ++i) {
    acknowledged.push_back(EventsPerSecond("acknowledged", kEvents));
    watched.push_back(EventsPerSecond("watched", kEvents));
  }
  report.Add({"a durable subscription, acknowledged by 64 and confirmed: events/s", Median(acknowledged), "plain watch",
              Median(watched), ">= 0.5", 0.5});

  constexpr int kIdle = 1000;
  Child server = Child::Role({"ours", "small"});
  Child client = Child::Role({"subscribe", server.Hear(), Text(kIdle)});
  const double before = static_cast<double>(server.resident_bytes());
  for (const std::string state : {"nobody consumes", "each with a consumer"}) {
    client.Hear();
    report.Add({Text(kIdle) + " idle subscriptions, " + state + ": KiB each",
                (static_cast<double>(server.resident_bytes()) - before) / 1024 / kIdle, "limit", 64, "<= 1.0", -1.0});
    client.Tell("go");
  }
}

}  // namespace demarche::bench
