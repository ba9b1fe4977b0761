// Consumer against the real service, with the memory log and a clock that is moved.
#include <string>
#include <thread>
#include <vector>

#include "client/cpp/consumer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/stream_server.h"

namespace demarche::client {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

class ConsumerServerTest : public ::testing::Test {
 protected:
  ConsumerServerTest() {
    grpc::ClientContext context;
    v1::CreateSubscriptionRequest request;
    request.mutable_subscription()->set_name("desk");
    request.mutable_start()->set_earliest(true);
    v1::CreateSubscriptionResponse response;
    EXPECT_TRUE(server.subscription_stub->CreateSubscription(&context, request, &response).ok());
  }
  v1::Subscription Get() {
    grpc::ClientContext context;
    v1::GetSubscriptionRequest request;
    request.set_name("desk");
    v1::GetSubscriptionResponse response;
    EXPECT_TRUE(server.subscription_stub->GetSubscription(&context, request, &response).ok());
    return response.subscription();
  }
  // The ids of so many appended events from one on.
  static std::vector<std::string> Ids(int first, int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(testing_support::StreamServer::AppendedId(first + i));
    return ids;
  }
  static ConsumerOptions Options(uint64_t limit = 0) {
    ConsumerOptions options;
    options.limit = limit;
    options.max_in_hand = 16;
    options.backoff = {.first = absl::Microseconds(10), .longest = absl::Microseconds(20)};
    return options;
  }

  testing_support::StreamServer server;
};

TEST_F(ConsumerServerTest, HandsOutInOrderAndWhatIsConfirmedNeverAgain) {
  constexpr int kEvents = 300;  // many times what is in hand
  server.Append(kEvents, 10);
  std::vector<std::string> seen;
  const auto note = [&seen](const Delivery& delivery) {
    seen.push_back(delivery.event.event_id());
    return absl::OkStatus();
  };
  ConsumerOptions options = Options(100);
  int confirmed = 0;
  options.on_ack_result = [&confirmed](const v1::AckResult& result) { confirmed += result.confirmed_ranges_size(); };
  EXPECT_TRUE(Consumer(server.channel, "desk", options).Run(note, {}).ok());
  EXPECT_EQ(confirmed, 100);
  EXPECT_EQ(Get().backlog(), 200u);
  EXPECT_TRUE(Consumer(server.channel, "desk", Options(200)).Run(note, {}).ok());
  EXPECT_THAT(seen, ElementsAreArray(Ids(1, kEvents)));
  EXPECT_EQ(Get().backlog(), 0u);
}

TEST_F(ConsumerServerTest, GivesBackWhatItsHandlerCouldNotDealWith) {
  server.Append(3, 10);
  std::vector<std::string> seen;
  Consumer consumer(server.channel, "desk", Options(4));
  const Error end = consumer.Run(
      [&seen](const Delivery& delivery) -> absl::Status {
        seen.push_back(delivery.event.event_id() + "/" + std::to_string(delivery.count));
        if (delivery.count == 1 && seen.size() == 2) throw 7;
        return absl::OkStatus();
      },
      {.retry = {.first = absl::ZeroDuration(), .longest = absl::ZeroDuration()}});
  EXPECT_TRUE(end.ok()) << Describe(end);
  const auto ids = Ids(1, 3);
  EXPECT_THAT(seen, ElementsAre(ids[0] + "/1", ids[1] + "/1", ids[2] + "/1", ids[1] + "/2"));
  EXPECT_EQ(Get().backlog(), 0u);
}

TEST_F(ConsumerServerTest, StopLetsTheHandlerFinishAndLeavesTheRest) {
  server.Append(5, 10);
  Consumer consumer(server.channel, "desk", Options());
  int handled = 0;
  const Error end = consumer.Run(
      [&](const Delivery&) {
        std::thread([&consumer] { consumer.Stop(); }).join();
        handled += 1;
        return absl::OkStatus();
      },
      {});
  EXPECT_TRUE(end.ok()) << Describe(end);
  EXPECT_EQ(handled, 1);
  EXPECT_EQ(Get().backlog(), 4u);
  EXPECT_EQ(Get().leased_count(), 0u);
}

TEST_F(ConsumerServerTest, GoesOnWhereTheSubscriptionWasMovedTo) {
  server.Append(2, 10);
  Consumer consumer(server.channel, "desk", Options());
  std::vector<std::string> seen;
  for (int i = 0; i < 2; ++i) {
    const auto delivery = consumer.Next();
    ASSERT_TRUE(delivery);
    seen.push_back(delivery->event.event_id());
    consumer.Ack(*delivery);
  }
  grpc::ClientContext context;
  v1::SeekSubscriptionRequest request;
  request.set_name("desk");
  request.mutable_start()->set_earliest(true);
  v1::SeekSubscriptionResponse response;
  ASSERT_TRUE(server.subscription_stub->SeekSubscription(&context, request, &response).ok());
  const auto again = consumer.Next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->event.event_id(), seen[0]);
  EXPECT_TRUE(consumer.Ack(*again));
  EXPECT_TRUE(consumer.Close().ok());
  EXPECT_EQ(Get().backlog(), 1u);
}

TEST_F(ConsumerServerTest, AnswersComeFromAnyThread) {
  constexpr int kEvents = 200;
  server.Append(kEvents, 10);
  Consumer consumer(server.channel, "desk", Options(kEvents));
  std::vector<std::thread> workers;
  while (auto delivery = consumer.Next()) {
    workers.emplace_back([&consumer, delivery = *std::move(delivery)] { EXPECT_TRUE(consumer.Ack(delivery)); });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(workers.size(), static_cast<size_t>(kEvents));
  EXPECT_TRUE(consumer.Close().ok());
  EXPECT_EQ(Get().backlog(), 0u);
}

}  // namespace
}  // namespace demarche::client
