#include "client/cpp/publisher.h"

#include <utility>

#include "absl/time/clock.h"

namespace demarche::client {

Publisher::Publisher(std::shared_ptr<grpc::ChannelInterface> channel, PublisherOptions options)
    : channel_(std::move(channel)), options_(std::move(options)), backoff_(options_.backoff), thread_([this] { Run(); }) {}

Publisher::~Publisher() {
  Cancel();
  thread_.join();
}

std::future<ItemOutcome> Publisher::Publish(v1::NewsItem item) {
  // std::function wants what can be copied.
  auto promise = std::make_shared<std::promise<ItemOutcome>>();
  std::future<ItemOutcome> outcome = promise->get_future();
  Publish(std::move(item), [promise](const ItemOutcome& result) { promise->set_value(result); });
  return outcome;
}

bool Publisher::HasRoom() const {
  return cancelled_ || pending_.empty() || (pending_.size() < options_.max_items && pending_bytes_ < options_.max_bytes);
}

void Publisher::Publish(v1::NewsItem item, std::function<void(const ItemOutcome&)> done) {
  const size_t bytes = item.ByteSizeLong();
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &Publisher::HasRoom));
    if (!cancelled_) {
      if (pending_.empty()) last_answer_ = absl::Now();
      pending_.push_back({.item = std::move(item), .bytes = bytes, .done = std::move(done)});
      pending_bytes_ += bytes;
      return;
    }
  }
  ItemOutcome outcome;
  outcome.error = Cancelled();
  done(outcome);
}

void Publisher::Flush() {
  absl::MutexLock lock(&mutex_);
  const auto idle = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return pending_.empty() && delivering_ == 0; };
  mutex_.Await(absl::Condition(&idle));
}

void Publisher::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
}

void Publisher::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto work = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return cancelled_ || !pending_.empty(); };
      mutex_.Await(absl::Condition(&work));
    }
    const Error error = SendAll();
    absl::Time last_answer;
    {
      absl::MutexLock lock(&mutex_);
      if (!cancelled_ && pending_.empty()) continue;
      last_answer = last_answer_;
    }
    if (error.code == grpc::StatusCode::CANCELLED || !MayRetry(error) || absl::Now() - last_answer > options_.give_up_after) {
      FailAll(error);
    } else {
      const absl::Duration wait = backoff_.Next(error.retry_after.value_or(absl::ZeroDuration()));
      if (options_.on_reconnect) options_.on_reconnect(error, wait);
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&cancelled_), wait);
    }
    absl::MutexLock lock(&mutex_);
    if (cancelled_ && pending_.empty()) return;
  }
}

// One stream, from the first item without an outcome on, until it breaks or is cancelled. Why it ended.
Error Publisher::SendAll() {
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return Cancelled();
    sent_ = 0;
    broken_ = false;
    sends_again_ = false;
    cause_ = Error{};
  }
  PublishStream stream(
      channel_, [this](const ItemOutcome& outcome) { Take(outcome); },
      [this] {
        absl::MutexLock lock(&mutex_);
        broken_ = true;
      });
  SendUnsent(stream);
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_ || sends_again_) stream.Cancel();
  }
  Error end = stream.Finish();
  absl::MutexLock lock(&mutex_);
  if (cancelled_) return Cancelled();
  if (!cause_.ok()) return cause_;
  return EndOfStream(std::move(end));
}

void Publisher::SendUnsent(PublishStream& stream) {
  while (true) {
    const v1::NewsItem* item = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      const auto ready = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
        return cancelled_ || broken_ || sends_again_ || sent_ < pending_.size();
      };
      mutex_.Await(absl::Condition(&ready));
      if (cancelled_ || broken_ || sends_again_) return;
      // Stays where it is until it is answered, which is after it was sent.
      item = &pending_[sent_++].item;
    }
    if (!stream.Publish(*item)) return;
  }
}

void Publisher::Take(const ItemOutcome& outcome) {
  {
    absl::MutexLock lock(&mutex_);
    if (sends_again_) return;
    const bool unanswered = outcome.result.outcome() == v1::PUBLISH_OUTCOME_UNSPECIFIED;
    if (unanswered || MayRetry(outcome.error)) {
      // All from here on are sent again, so that the order stays.
      sends_again_ = true;
      if (!unanswered) cause_ = outcome.error;
      return;
    }
    last_answer_ = absl::Now();
  }
  backoff_.Reset();
  Answer(outcome);
}

void Publisher::Answer(ItemOutcome outcome) {
  std::function<void(const ItemOutcome&)> done;
  {
    absl::MutexLock lock(&mutex_);
    Pending& first = pending_.front();
    outcome.number = ++answered_;
    if (outcome.result.news_item_id().empty()) outcome.result.set_news_item_id(first.item.news_item_id());
    if (sent_ > 0) sent_ -= 1;  // together with the item, whose place in the queue it counts
    pending_bytes_ -= first.bytes;
    done = std::move(first.done);
    pending_.pop_front();
    delivering_ += 1;
  }
  done(outcome);
  absl::MutexLock lock(&mutex_);
  delivering_ -= 1;
}

void Publisher::FailAll(const Error& error) {
  size_t left = 0;
  {
    absl::MutexLock lock(&mutex_);
    left = pending_.size();
  }
  for (; left > 0; --left) {
    ItemOutcome outcome;
    outcome.error = error;
    Answer(std::move(outcome));
  }
}

}  // namespace demarche::client
