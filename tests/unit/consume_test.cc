// SubscriptionService over a real connection, with the memory log and a clock that is moved.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/limits/limits.h"
#include "tests/support/consumer.h"
#include "tests/support/stream_server.h"

namespace demarche::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConsumeTest : public ::testing::Test {
 protected:
  grpc::Status Create(const v1::Subscription& subscription) {
    grpc::ClientContext context;
    v1::CreateSubscriptionRequest request;
    *request.mutable_subscription() = subscription;
    request.mutable_start()->set_earliest(true);
    v1::CreateSubscriptionResponse response;
    return server.subscription_stub->CreateSubscription(&context, request, &response);
  }
  grpc::Status Create(const std::string& name) {
    v1::Subscription subscription;
    subscription.set_name(name);
    return Create(subscription);
  }
  v1::Subscription Get(const std::string& name) {
    grpc::ClientContext context;
    v1::GetSubscriptionRequest request;
    request.set_name(name);
    v1::GetSubscriptionResponse response;
    last_status = server.subscription_stub->GetSubscription(&context, request, &response);
    return response.subscription();
  }
  grpc::Status Update(const v1::Subscription& subscription, const std::string& path) {
    grpc::ClientContext context;
    v1::UpdateSubscriptionRequest request;
    *request.mutable_subscription() = subscription;
    request.mutable_update_mask()->add_paths(path);
    v1::UpdateSubscriptionResponse response;
    return server.subscription_stub->UpdateSubscription(&context, request, &response);
  }
  grpc::Status Seek(const std::string& name, const v1::StartPosition& start) {
    grpc::ClientContext context;
    v1::SeekSubscriptionRequest request;
    request.set_name(name);
    *request.mutable_start() = start;
    v1::SeekSubscriptionResponse response;
    return server.subscription_stub->SeekSubscription(&context, request, &response);
  }
  grpc::Status Delete(const std::string& name) {
    grpc::ClientContext context;
    v1::DeleteSubscriptionRequest request;
    request.set_name(name);
    v1::DeleteSubscriptionResponse response;
    return server.subscription_stub->DeleteSubscription(&context, request, &response);
  }
  v1::EventBatch DeadLetters(const std::string& name) {
    grpc::ClientContext context;
    v1::ListDeadLettersRequest request;
    request.set_subscription(name);
    v1::ListDeadLettersResponse response;
    last_status = server.subscription_stub->ListDeadLetters(&context, request, &response);
    return response.event_batch();
  }
  Consumer Join(uint64_t credit, const std::string& name = "desk") { return Consumer(*server.subscription_stub, name, credit); }

  StreamServer server;
  grpc::Status last_status;
};

TEST_F(ConsumeTest, DeliversAndConfirms) {
  ASSERT_TRUE(Create("desk").ok());
  server.Append(3, 10);
  Consumer consumer = Join(10);
  EXPECT_THAT(consumer.NextIds(3), SizeIs(3));
  EXPECT_THAT(consumer.counts, ElementsAre(1, 1, 1));
  EXPECT_EQ(Get("desk").leased_count(), 3u);
  consumer.Ack(consumer.positions.front(), consumer.positions.back());
  const v1::AckResult result = consumer.NextResult();
  ASSERT_THAT(result.confirmed_ranges(), SizeIs(1));
  EXPECT_EQ(result.confirmed_ranges(0).last_position(), consumer.positions.back());
  EXPECT_EQ(Get("desk").acked_position(), consumer.positions.back());
  EXPECT_EQ(Get("desk").backlog(), 0u);
}

TEST_F(ConsumeTest, DeliversNoMoreThanIsGranted) {
  ASSERT_TRUE(Create("desk").ok());
  server.Append(5, 10);
  Consumer consumer = Join(2);
  EXPECT_THAT(consumer.NextIds(2), SizeIs(2));
  EXPECT_EQ(Get("desk").leased_count(), 2u);
  consumer.Grant(1);
  EXPECT_THAT(consumer.NextIds(1), ElementsAre(StreamServer::AppendedId(3)));
}

TEST_F(ConsumeTest, BytesBoundToo) {
  ASSERT_TRUE(Create("desk").ok());
  server.Append(5, 1000);
  Consumer consumer = Join(0);
  consumer.Grant(5, 1500);
  EXPECT_THAT(consumer.NextIds(2), SizeIs(2));
  consumer.Grant(0, 1);
  EXPECT_THAT(consumer.NextIds(1), ElementsAre(StreamServer::AppendedId(3)));
}

TEST_F(ConsumeTest, AConsumerThatGoesFreesItsLeasesAtOnce) {
  ASSERT_TRUE(Create("desk").ok());
  server.Append(2, 10);
  Consumer first = Join(10);
  ASSERT_THAT(first.NextIds(2), SizeIs(2));
  Consumer second = Join(10);
  first.Kill();
  EXPECT_THAT(second.NextIds(2), SizeIs(2));
  EXPECT_THAT(second.counts, ElementsAre(2, 2));
}

TEST_F(ConsumeTest, LiveEventsAreSharedByTheGroup) {
  ASSERT_TRUE(Create("desk").ok());
  Consumer first = Join(1);
  Consumer second = Join(1);
  server.Append(2, 10);
  std::vector<std::string> ids = first.NextIds(1);
  for (const std::string& id : second.NextIds(1)) ids.push_back(id);
  EXPECT_THAT(ids, ::testing::UnorderedElementsAre(StreamServer::AppendedId(1), StreamServer::AppendedId(2)));
}

// The lease is far shorter than the time that a write may take: one that is not yet known to be complete is not cut.
TEST_F(ConsumeTest, ALeaseRunsOutAndTheAcknowledgementIsLost) {
  constexpr std::chrono::seconds kLease = limits::kMinLease;
  static_assert(kLease < limits::kMaxWriteTime);
  v1::Subscription subscription;
  subscription.set_name("desk");
  subscription.mutable_lease_duration()->set_seconds(kLease.count());
  ASSERT_TRUE(Create(subscription).ok());
  server.Append(1, 10);
  Consumer first = Join(1);
  ASSERT_THAT(first.NextIds(1), SizeIs(1));
  Consumer second = Join(1);
  second.Next();  // Started
  server.MoveClock(kLease);
  ASSERT_THAT(second.NextIds(1), SizeIs(1));
  first.Ack(first.positions[0], first.positions[0]);
  EXPECT_THAT(first.NextResult().lost_positions(), ElementsAre(first.positions[0]));
}

TEST_F(ConsumeTest, WhatIsRefusedTooOftenIsADeadLetterThatCanBeReplayed) {
  v1::Subscription subscription;
  subscription.set_name("desk");
  subscription.set_max_deliveries(2);
  ASSERT_TRUE(Create(subscription).ok());
  server.Append(1, 10);
  Consumer consumer = Join(10);
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(consumer.NextIds(1), SizeIs(1));
    consumer.Nack(consumer.positions[0]);
  }
  const std::string position = consumer.positions[0];
  server.Append(1, 10);
  ASSERT_THAT(consumer.NextIds(1), ElementsAre(StreamServer::AppendedId(2)));
  while (DeadLetters("desk").events().empty()) ASSERT_TRUE(last_status.ok());
  EXPECT_EQ(DeadLetters("desk").events(0).event_id(), StreamServer::AppendedId(1));
  EXPECT_EQ(DeadLetters("desk").delivery_counts(0), 2u);

  grpc::ClientContext context;
  v1::ReplayDeadLettersRequest request;
  request.set_subscription("desk");
  v1::ReplayDeadLettersResponse response;
  ASSERT_TRUE(server.subscription_stub->ReplayDeadLetters(&context, request, &response).ok());
  EXPECT_EQ(response.replayed_count(), 1u);
  ASSERT_THAT(consumer.NextIds(1), ElementsAre(StreamServer::AppendedId(1)));
  consumer.Ack(position, position);
  consumer.NextResult();
  EXPECT_THAT(DeadLetters("desk").events(), IsEmpty());
}

TEST_F(ConsumeTest, SeekDeliversAgainAndEndsTheConsumers) {
  ASSERT_TRUE(Create("desk").ok());
  server.Append(2, 10);
  Consumer consumer = Join(10);
  ASSERT_THAT(consumer.NextIds(2), SizeIs(2));
  consumer.Ack(consumer.positions[0], consumer.positions[1]);
  consumer.NextResult();
  v1::StartPosition start;
  start.set_after(consumer.positions[0]);
  ASSERT_TRUE(Seek("desk", start).ok());
  EXPECT_EQ(ReasonOf(consumer.Finish()), "LEASE_LOST");
  EXPECT_THAT(Join(10).NextIds(1), ElementsAre(StreamServer::AppendedId(2)));
}

TEST_F(ConsumeTest, NothingIsDeliveredWhilePaused) {
  v1::Subscription subscription;
  subscription.set_name("desk");
  subscription.set_paused(true);
  ASSERT_TRUE(Create(subscription).ok());
  server.Append(1, 10);
  Consumer consumer = Join(10);
  consumer.Next();  // Started
  subscription.set_paused(false);
  EXPECT_EQ(Get("desk").leased_count(), 0u);
  ASSERT_TRUE(Update(subscription, "paused").ok());
  EXPECT_THAT(consumer.NextIds(1), SizeIs(1));
}

TEST_F(ConsumeTest, EndsOnceAllIsConfirmedWhenTheClientIsDone) {
  ASSERT_TRUE(Create("desk").ok());
  server.Append(1, 10);
  Consumer consumer = Join(1);
  ASSERT_THAT(consumer.NextIds(1), SizeIs(1));
  consumer.Ack(consumer.positions[0], consumer.positions[0]);
  consumer.WritesDone();
  EXPECT_THAT(consumer.NextResult().confirmed_ranges(), SizeIs(1));
  EXPECT_TRUE(consumer.Finish().ok());
}

// Confirmations that are written meanwhile make the server read on too.
TEST_F(ConsumeTest, RequestsAreTakenInTheOrderInWhichTheyCome) {
  constexpr size_t kEvents = 200;
  ASSERT_TRUE(Create("desk").ok());
  for (int round = 0; round < 10; ++round) {
    server.Append(kEvents, 10);
    Consumer consumer = Join(kEvents);
    ASSERT_THAT(consumer.NextIds(kEvents), SizeIs(kEvents));
    for (const std::string& position : consumer.positions) consumer.Ack(position, position);
    consumer.WritesDone();
    std::vector<std::string> confirmed;
    while (confirmed.size() < kEvents) {
      const v1::AckResult result = consumer.NextResult();
      if (result.confirmed_ranges().empty()) break;
      for (const v1::PositionRange& range : result.confirmed_ranges()) confirmed.push_back(range.first_position());
    }
    ASSERT_THAT(confirmed, ElementsAreArray(consumer.positions));
  }
}

TEST_F(ConsumeTest, DrainingTellsThePosition) {
  ASSERT_TRUE(Create("desk").ok());
  Consumer consumer = Join(1);
  consumer.Next();  // Started
  server.subscriptions->Drain();
  EXPECT_TRUE(consumer.Next().message().has_draining());
  EXPECT_EQ(ReasonOf(consumer.Finish()), "DRAINING");
  EXPECT_EQ(ReasonOf(Join(1).Finish()), "DRAINING");
}

TEST_F(ConsumeTest, DeletingEndsTheConsumers) {
  ASSERT_TRUE(Create("desk").ok());
  Consumer consumer = Join(1);
  consumer.Next();  // Started
  ASSERT_TRUE(Delete("desk").ok());
  EXPECT_EQ(ReasonOf(consumer.Finish()), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Delete("desk")), "RESOURCE_NOT_FOUND");
}

TEST_F(ConsumeTest, RefusesWhatIsWrong) {
  ASSERT_TRUE(Create("desk").ok());
  EXPECT_EQ(ReasonOf(Create("desk")), "SUBSCRIPTION_EXISTS");
  EXPECT_EQ(ReasonOf(Create("Desk 1")), "REQUEST_INVALID");
  EXPECT_EQ(ReasonOf(Create(std::string(65, 'a'))), "REQUEST_INVALID");
  v1::Subscription subscription;
  subscription.set_name("other");
  subscription.add_filters()->set_filter("type = NONSENSE");
  EXPECT_EQ(ReasonOf(Create(subscription)), "FILTER_INVALID");
  EXPECT_EQ(ReasonOf(Update(subscription, "name")), "RESOURCE_NOT_FOUND");
  subscription.set_name("desk");
  EXPECT_EQ(ReasonOf(Update(subscription, "name")), "REQUEST_INVALID");
  EXPECT_EQ(ReasonOf(Join(1, "unknown").Finish()), "RESOURCE_NOT_FOUND");
  Consumer consumer = Join(1);
  consumer.Ack("nonsense", "nonsense");
  EXPECT_EQ(ReasonOf(consumer.Finish()), "CURSOR_MALFORMED");
}

}  // namespace
}  // namespace demarche::testing_support
