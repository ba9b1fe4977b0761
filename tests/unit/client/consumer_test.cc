// Consumer against scripts: what a server cannot easily be brought to do.
#include "client/cpp/consumer.h"

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "client/cpp/channel.h"
#include "client/cpp/mocks.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::client {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Return;

const grpc::Status kGoing = MakeStatus(grpc::StatusCode::UNAVAILABLE, "going", "DRAINING");

v1::ConsumeResponse DeliveryOf(const std::string& position, uint32_t count = 1) {
  v1::ConsumeResponse response;
  *response.mutable_message() = BatchOf(position, CallEvent("event-" + position));
  response.mutable_message()->mutable_event_batch()->add_delivery_counts(count);
  return response;
}

v1::ConsumeResponse Confirmed(const std::string& position, bool is_lost = false) {
  v1::ConsumeResponse response;
  v1::PositionRange& range = *response.mutable_ack_result()->add_confirmed_ranges();
  range.set_first_position(position);
  range.set_last_position(position);
  if (is_lost) response.mutable_ack_result()->add_lost_positions(position);
  return response;
}

ConsumerOptions Quick() {
  ConsumerOptions options;
  options.backoff = {.first = absl::Microseconds(10), .longest = absl::Microseconds(20)};
  return options;
}

absl::Status Accept(const Delivery&) { return absl::OkStatus(); }

TEST(Consumer, ConsumesAgainAfterBreaksAndMovesUntilAnErrorThatStays) {
  FakeServer server;
  server.subscriptions.scripts = {{.messages = {DeliveryOf("p1")}, .end = kGoing},
                                  {.messages = {}, .end = MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, "moved", "LEASE_LOST")},
                                  {.messages = {}, .end = grpc::Status::OK},
                                  {.messages = {}, .end = MakeStatus(grpc::StatusCode::DEADLINE_EXCEEDED, "late", "")},
                                  {.messages = {}, .end = MakeStatus(grpc::StatusCode::PERMISSION_DENIED, "no", "SCOPE_MISSING")}};
  ConsumerOptions options = Quick();
  std::vector<std::string> causes;
  options.on_reconnect = [&causes](const Error& error, absl::Duration) { causes.push_back(error.message); };
  Consumer consumer(MakeChannel(server.address()), "desk", options);
  EXPECT_EQ(consumer.Run(Accept, {}).reason, "SCOPE_MISSING");
  EXPECT_THAT(causes, ElementsAre("going", "moved", "the server ended the stream", "late"));
}

TEST(Consumer, EndsAtTheFirstBreakWhenToldSo) {
  FakeServer server;
  server.subscriptions.scripts = {{.messages = {}, .end = kGoing}};
  ConsumerOptions options = Quick();
  options.reconnect = false;
  Consumer consumer(MakeChannel(server.address()), "desk", options);
  EXPECT_EQ(consumer.Run(Accept, {}).reason, "DRAINING");
}

TEST(Consumer, SaysThatThereIsNoSuchSubscription) {
  FakeServer server;
  Consumer consumer(MakeChannel(server.address()), "desc", Quick());
  EXPECT_FALSE(consumer.Next());
  EXPECT_EQ(consumer.Close().reason, "RESOURCE_NOT_FOUND");
}

TEST(Consumer, DoesNotHandOutWhatHasNoLeaseAnyMore) {
  FakeServer server;
  server.subscriptions.lease_s = 0;
  server.subscriptions.scripts = {{.messages = {DeliveryOf("p1"), DeliveryOf("p2")}, .end = grpc::Status::OK, .stay = true}};
  ConsumerOptions options = Quick();
  options.silence_limit = absl::Milliseconds(300);
  options.reconnect = false;
  Consumer consumer(MakeChannel(server.address()), "desk", options);
  EXPECT_FALSE(consumer.Next());
  EXPECT_THAT(consumer.Close().message, HasSubstr("nothing was heard"));
  // The credit for both is given anew, in one message or in two.
  EXPECT_THAT(server.subscriptions.requests(), Contains(::testing::StartsWith("grant")).Times(::testing::Ge(2)));
}

TEST(Consumer, AnswersOnlyOverTheConnectionThatALeaseCameOver) {
  FakeServer server;
  server.subscriptions.scripts = {{.messages = {DeliveryOf("p1")}, .end = kGoing},
                                  {.messages = {DeliveryOf("p1", 2)}, .end = grpc::Status::OK, .stay = true}};
  Consumer consumer(MakeChannel(server.address()), "desk", Quick());
  std::vector<uint32_t> counts;
  std::vector<Delivery> deliveries;
  // The first may be handed out or dropped: its connection ends at once.
  while (counts.empty() || counts.back() != 2) {
    deliveries.push_back(*consumer.Next());
    counts.push_back(deliveries.back().count);
  }
  Delivery stale = deliveries.back();
  stale.connection -= 1;
  EXPECT_FALSE(consumer.Ack(stale));
  EXPECT_FALSE(consumer.Nack(stale, absl::ZeroDuration()));
  EXPECT_TRUE(consumer.Ack(deliveries.back()));
  EXPECT_TRUE(consumer.Close().ok());
  EXPECT_FALSE(consumer.Ack(deliveries.back()));
  EXPECT_THAT(server.subscriptions.requests(), Contains(HasSubstr("ack {")).Times(1));
}

TEST(Consumer, TellsWhatIsConfirmedAndWhatCameTooLate) {
  FakeServer server;
  server.subscriptions.scripts = {
      {.messages = {Confirmed("p1"), Confirmed("p2", /*is_lost=*/true), DeliveryOf("p3")}, .end = grpc::Status::OK, .stay = true}};
  ConsumerOptions options = Quick();
  std::vector<std::string> told;
  options.on_ack_result = [&told](const v1::AckResult& result) { told.push_back(result.ShortDebugString()); };
  options.limit = 1;
  Consumer consumer(MakeChannel(server.address()), "desk", options);
  EXPECT_TRUE(consumer.Run(Accept, {}).ok());
  EXPECT_THAT(told, ElementsAre(Not(HasSubstr("lost")), HasSubstr("lost_positions: \"p2\"")));
  EXPECT_THAT(server.subscriptions.requests(), ElementsAre("subscription: \"desk\"", "grant { events: 1 }", HasSubstr("ack {")));
}

TEST(Consumer, CancelEndsAWaitAtOnce) {
  FakeServer server;
  server.subscriptions.scripts = {{.messages = {}, .end = grpc::Status::OK, .stay = true}};
  Consumer consumer(MakeChannel(server.address()), "desk", Quick());
  std::thread canceller([&] { consumer.Cancel(); });
  EXPECT_FALSE(consumer.Next());
  EXPECT_NE(consumer.Close().code, grpc::StatusCode::UNAVAILABLE);
  canceller.join();
}

TEST(DeliverySource, RunAcknowledgesAndGivesBack) {
  std::deque<Delivery> deliveries(3);
  for (size_t i = 0; i < deliveries.size(); ++i) deliveries[i].position = std::to_string(i);
  FakeDeliverySource source(deliveries);
  std::vector<absl::Duration> delays;
  std::vector<std::string> causes;
  const auto handler = [](const Delivery& delivery) {
    if (delivery.position == "1" && delivery.count < 3) throw std::runtime_error("not yet");
    return delivery.position == "2" && delivery.count == 1 ? absl::UnavailableError("no") : absl::OkStatus();
  };
  RunOptions options{.retry = {.first = absl::Seconds(2), .longest = absl::Seconds(3)}};
  options.on_failure = [&](const Delivery&, const absl::Status& cause, absl::Duration delay) {
    delays.push_back(delay);
    causes.emplace_back(cause.message());
  };
  EXPECT_TRUE(source.Run(handler, options).ok());
  EXPECT_THAT(source.acknowledged, ElementsAre("0", "1", "2"));
  EXPECT_THAT(delays, ElementsAre(absl::Seconds(2), absl::Seconds(3), absl::Seconds(2)));
  EXPECT_THAT(causes, ElementsAre("the handler threw: not yet", "the handler threw: not yet", "no"));
}

TEST(DeliverySource, CanBeMocked) {
  MockDeliverySource source;
  EXPECT_CALL(source, Next).WillOnce(Return(Delivery{})).WillOnce(Return(std::nullopt));
  EXPECT_CALL(source, Nack(_, absl::Seconds(1)));
  EXPECT_CALL(source, Close).WillOnce(Return(Cancelled()));
  EXPECT_EQ(source.Run([](const Delivery&) { return absl::InternalError("x"); }, {}).code, grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace demarche::client
