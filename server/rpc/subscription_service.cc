#include "server/rpc/subscription_service.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/log/clock.h"
#include "server/rpc/consume.h"
#include "server/rpc/unary.h"
#include "server/subscription/position.h"

namespace demarche::rpc {
namespace {

constexpr int kWorkers = 2;
constexpr size_t kMaxWaiting = std::numeric_limits<size_t>::max();  // a stream has one job waiting at most, and calls are bounded

// The size of a page asked for. REQUEST_INVALID.
absl::StatusOr<size_t> PageSizeOf(int32_t wanted) {
  if (wanted < 0 || wanted > limits::kMaxPageSize) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_size",
                           std::to_string(wanted) + ", must be 0 to " + std::to_string(limits::kMaxPageSize));
  }
  return static_cast<size_t>(wanted == 0 ? limits::kDefaultPageSize : wanted);
}

// Puts a subscription into the response, or gives the error.
template <typename Response>
absl::Status Fill(absl::StatusOr<v1::Subscription> subscription, Response& response) {
  if (!subscription.ok()) return subscription.status();
  *response.mutable_subscription() = *std::move(subscription);
  return absl::OkStatus();
}

}  // namespace

SubscriptionService::SubscriptionService(log::EventLog& log, SubscriptionServiceOptions options)
    : log_(log),
      options_(std::move(options)),
      wakers_(1, kMaxWaiting),
      workers_(kWorkers, kMaxWaiting),
      streams_(workers_, options_.now, std::chrono::milliseconds(0), *options_.budget) {}

absl::StatusOr<std::unique_ptr<SubscriptionService>> SubscriptionService::Open(log::EventLog& log, subscription::Hub& hub,
                                                                               SubscriptionServiceOptions options) {
  std::unique_ptr<SubscriptionService> service(new SubscriptionService(log, std::move(options)));
  auto subscriptions =
      subscriptions::Subscriptions::Open(log, hub,
                                         {.now = service->options_.now,
                                          .now_us = log::SystemTimeUs,
                                          .wake =
                                              [&executor = service->wakers_](const subscription::WaiterPtr& waiter) {
                                                if (!executor.Run([waiter] { waiter->OnMore(); })) return;
                                              },
                                          .on_dirty =
                                              [self = service.get()] {
                                                const absl::MutexLock lock(&self->mutex_);
                                                self->is_dirty_ = true;
                                              }});
  if (!subscriptions.ok()) return subscriptions.status();
  service->subscriptions_ = *std::move(subscriptions);
  service->committer_ = std::thread([self = service.get()] { self->CommitLoop(); });
  if (service->options_.tick_interval.count() > 0) service->ticker_ = std::thread([self = service.get()] { self->TickLoop(); });
  return service;
}

SubscriptionService::~SubscriptionService() {
  {
    const absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  pause_.End();
  if (ticker_.joinable()) ticker_.join();
  if (committer_.joinable()) committer_.join();
}

// What comes while a commit is at the disk goes together with the next one.
void SubscriptionService::CommitLoop() {
  const auto is_ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return is_dirty_ || is_stopping_; };
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&is_ready));
      if (!is_dirty_) return;
      is_dirty_ = false;
    }
    // What failed is tried again at the next tick: the groups say so.
    subscriptions_->Commit().IgnoreError();
  }
}

void SubscriptionService::TickLoop() {
  while (!pause_.WaitFor(options_.tick_interval)) Tick();
}

void SubscriptionService::Tick() {
  subscriptions_->Tick();
  streams_.TickAll();
}

grpc::ServerUnaryReactor* SubscriptionService::CreateSubscription(grpc::CallbackServerContext* context,
                                                                  const v1::CreateSubscriptionRequest* request,
                                                                  v1::CreateSubscriptionResponse* response) {
  return AnswerOn(workers_, context, [this, request, response] {
    return Fill(subscriptions_->Create(request->subscription(), request->start()), *response);
  });
}

grpc::ServerUnaryReactor* SubscriptionService::GetSubscription(grpc::CallbackServerContext* context,
                                                               const v1::GetSubscriptionRequest* request,
                                                               v1::GetSubscriptionResponse* response) {
  const auto group = subscriptions_->Find(request->name());
  if (!group.ok()) return Answer(context, group.status());
  *response->mutable_subscription() = (*group)->Describe();
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* SubscriptionService::ListSubscriptions(grpc::CallbackServerContext* context,
                                                                 const v1::ListSubscriptionsRequest* request,
                                                                 v1::ListSubscriptionsResponse* response) {
  const auto size = PageSizeOf(request->page_size());
  if (!size.ok()) return Answer(context, size.status());
  const auto groups = subscriptions_->List(request->page_token(), *size);
  for (const subscriptions::GroupPtr& group : groups) *response->add_subscriptions() = group->Describe();
  if (groups.size() == *size) response->set_next_page_token(groups.back()->name());
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* SubscriptionService::UpdateSubscription(grpc::CallbackServerContext* context,
                                                                  const v1::UpdateSubscriptionRequest* request,
                                                                  v1::UpdateSubscriptionResponse* response) {
  return AnswerOn(workers_, context, [this, request, response] { return Fill(subscriptions_->Update(*request), *response); });
}

grpc::ServerUnaryReactor* SubscriptionService::DeleteSubscription(grpc::CallbackServerContext* context,
                                                                  const v1::DeleteSubscriptionRequest* request,
                                                                  v1::DeleteSubscriptionResponse*) {
  return AnswerOn(workers_, context, [this, request] { return subscriptions_->Delete(request->name()); });
}

grpc::ServerUnaryReactor* SubscriptionService::SeekSubscription(grpc::CallbackServerContext* context,
                                                                const v1::SeekSubscriptionRequest* request,
                                                                v1::SeekSubscriptionResponse* response) {
  return AnswerOn(workers_, context,
                  [this, request, response] { return Fill(subscriptions_->Seek(request->name(), request->start()), *response); });
}

grpc::ServerUnaryReactor* SubscriptionService::ListDeadLetters(grpc::CallbackServerContext* context,
                                                               const v1::ListDeadLettersRequest* request,
                                                               v1::ListDeadLettersResponse* response) {
  const auto size = PageSizeOf(request->page_size());
  if (!size.ok()) return Answer(context, size.status());
  return AnswerOn(workers_, context, [this, request, response, size = *size] {
    std::string after;
    if (!absl::WebSafeBase64Unescape(request->page_token(), &after)) {
      return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_token", "not one that was given out");
    }
    auto letters = subscriptions_->ListDeadLetters(request->subscription(), after, size);
    if (!letters.ok()) return letters.status();
    *response->mutable_event_batch() = std::move(letters->batch);
    response->set_next_page_token(absl::WebSafeBase64Escape(letters->next));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* SubscriptionService::ReplayDeadLetters(grpc::CallbackServerContext* context,
                                                                 const v1::ReplayDeadLettersRequest* request,
                                                                 v1::ReplayDeadLettersResponse* response) {
  return AnswerOn(workers_, context, [this, request, response] {
    if (request->positions_size() > limits::kMaxAckRanges) {
      return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "positions",
                             std::to_string(request->positions_size()) + ", at most " + std::to_string(limits::kMaxAckRanges));
    }
    std::vector<uint64_t> positions;
    for (const std::string& text : request->positions()) {
      const auto position = subscription::ParsePosition(text, log_.info());
      if (!position.ok()) return position.status();
      positions.push_back(*position);
    }
    const auto count = subscriptions_->Replay(request->subscription(), positions);
    if (!count.ok()) return count.status();
    response->set_replayed_count(*count);
    return absl::OkStatus();
  });
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* SubscriptionService::Consume(grpc::CallbackServerContext* context) {
  return streams_.Start([&] { return std::make_shared<rpc::Consume>(context, streams_.shared(), log_, *subscriptions_); });
}

}  // namespace demarche::rpc
