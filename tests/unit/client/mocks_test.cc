#include "client/cpp/mocks.h"

#include <string>

#include "demarche/v1/event_service_mock.grpc.pb.h"
#include "gtest/gtest.h"

namespace demarche::client {
namespace {

// A program of a user's: it publishes the kind of each event.
std::string Relay(EventSource& source, ItemSink& sink) {
  while (const auto event = source.Next()) {
    v1::NewsItem item;
    item.set_body(event->event.kind());
    if (const ItemOutcome outcome = sink.Publish(item).get(); !outcome.error.ok()) return outcome.error.message;
  }
  return source.error().message;
}

TEST(Mocks, StandInForSourceAndSink) {
  Event event;
  event.event.set_kind("leader_call");
  FakeEventSource source({event, event}, Error{.code = grpc::StatusCode::UNAVAILABLE, .message = "gone"});
  MockItemSink sink;
  EXPECT_CALL(sink, Publish).Times(2).WillRepeatedly([](const v1::NewsItem& item) {
    EXPECT_EQ(item.body(), "leader_call");
    std::promise<ItemOutcome> promise;
    promise.set_value({});
    return promise.get_future();
  });
  EXPECT_EQ(Relay(source, sink), "gone");
}

TEST(Mocks, OfTheGeneratedStubs) {
  v1::MockEventServiceStub stub;
  EXPECT_CALL(stub, GetEvent).WillOnce(::testing::Return(grpc::Status(grpc::StatusCode::NOT_FOUND, "no")));
  EXPECT_FALSE(stub.GetEvent(nullptr, {}, nullptr).ok());
}

}  // namespace
}  // namespace demarche::client
