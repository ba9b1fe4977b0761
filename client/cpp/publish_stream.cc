#include "client/cpp/publish_stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cpp/utf8.h"
#include "grpcpp/channel.h"

namespace demarche::client {
namespace {

Error Invalid(const char* reason, const std::string& field, const std::string& description) {
  return Error{.code = grpc::StatusCode::INVALID_ARGUMENT,
               .message = absl::StrCat(field, ": ", description),
               .reason = reason,
               .metadata = {},
               .violations = {{field, description}},
               .retry_after = std::nullopt};
}

// What would break the stream for all items is an error of this item alone.
Error CheckItem(const v1::NewsItem& item) {
  const size_t bytes = item.ByteSizeLong();
  if (bytes > kMaxItemBytes) {
    Error error = Invalid("ITEM_TOO_LARGE", "news_item", absl::StrCat("has ", bytes, " bytes; the limit is ", kMaxItemBytes));
    error.code = grpc::StatusCode::RESOURCE_EXHAUSTED;
    return error;
  }
  const auto check = [](const char* field, const std::string& text) {
    const size_t at = FindInvalidUtf8(text);
    if (at == std::string::npos) return Error{};
    return Invalid("ITEM_INVALID", field, absl::StrCat("is not valid UTF-8 at byte ", at));
  };
  for (const auto& [field, text] : {std::pair{"news_item_id", &item.news_item_id()},
                                    {"publisher", &item.publisher()},
                                    {"url", &item.url()},
                                    {"title", &item.title()},
                                    {"body", &item.body()},
                                    {"language_code", &item.language_code()}}) {
    if (Error error = check(field, *text); !error.ok()) return error;
  }
  for (const auto& [key, value] : item.labels()) {
    if (Error error = check("labels", key); !error.ok()) return error;
    if (Error error = check("labels", value); !error.ok()) return error;
  }
  return Error{};
}

ItemOutcome Rejected(Error error) {
  ItemOutcome outcome;
  outcome.result.set_outcome(v1::PUBLISH_OUTCOME_REJECTED);
  outcome.error = std::move(error);
  return outcome;
}

}  // namespace

PublishStream::PublishStream(const std::shared_ptr<grpc::ChannelInterface>& channel,
                             std::function<void(const ItemOutcome&)> on_outcome, std::function<void()> on_end)
    : on_outcome_(std::move(on_outcome)),
      on_end_(std::move(on_end)),
      stub_(v1::IngestService::NewStub(channel)),
      stream_(stub_->PublishNewsItems(&context_)),
      reader_([this] { ReadOutcomes(); }) {}

PublishStream::~PublishStream() {
  if (finished_) return;
  context_.TryCancel();
  reader_.join();
  stream_->Finish();
}

bool PublishStream::MayWrite() const {
  if (stream_ended_) return true;
  if (!window_) return false;
  if (unanswered_ == 0) return true;  // an item larger than the window is sent alone
  return unanswered_ < window_->max_items() && unanswered_bytes_ + next_bytes_ <= window_->max_bytes();
}

bool PublishStream::Publish(const v1::NewsItem& item) {
  *request_.mutable_news_item() = item;
  const size_t bytes = request_.ByteSizeLong();
  if (Error error = CheckItem(item); !error.ok()) {
    ItemOutcome outcome = Rejected(std::move(error));
    outcome.result.set_news_item_id(item.news_item_id());
    Add({.bytes = 0, .outcome = std::move(outcome)});
    return true;
  }
  {
    absl::MutexLock lock(&mutex_);
    next_bytes_ = bytes;
    mutex_.Await(absl::Condition(this, &PublishStream::MayWrite));
    pending_.push_back({.bytes = bytes, .outcome = std::nullopt});
    unanswered_ += 1;
    unanswered_bytes_ += bytes;
    if (stream_ended_) return false;
  }
  return stream_->Write(request_);
}

void PublishStream::Reject(Error error) { Add({.bytes = 0, .outcome = Rejected(std::move(error))}); }

void PublishStream::Add(Pending pending) {
  {
    absl::MutexLock lock(&mutex_);
    pending_.push_back(std::move(pending));
  }
  Deliver();
}

void PublishStream::ReadOutcomes() {
  v1::PublishNewsItemsResponse response;
  while (stream_->Read(&response)) {
    if (response.has_window()) {
      absl::MutexLock lock(&mutex_);
      window_ = response.window();
    } else if (response.has_item() && !TakeOutcome(response.item())) {
      context_.TryCancel();
      break;
    }
    Deliver();
  }
  {
    absl::MutexLock lock(&mutex_);
    stream_ended_ = true;
  }
  if (on_end_) on_end_();
}

bool PublishStream::TakeOutcome(const v1::ItemResult& item) {
  absl::MutexLock lock(&mutex_);
  const auto next = std::find_if(pending_.begin(), pending_.end(), [](const Pending& pending) { return !pending.outcome; });
  if (next == pending_.end() || item.sequence() != answered_ + 1) {
    protocol_error_ =
        Error{.code = grpc::StatusCode::INTERNAL,
              .message = absl::StrCat("the server answered item ", item.sequence(), " where item ", answered_ + 1, " was due")};
    return false;
  }
  answered_ += 1;
  unanswered_ -= 1;
  unanswered_bytes_ -= next->bytes;
  ItemOutcome outcome;
  outcome.result = item.result();
  if (item.has_status()) {
    outcome.error = DecodeError(item.status());
    outcome.result.set_outcome(v1::PUBLISH_OUTCOME_REJECTED);
  }
  next->outcome = std::move(outcome);
  return true;
}

// Whichever thread finds outcomes due hands them out; `delivering_` keeps the other out meanwhile.
void PublishStream::Deliver() {
  {
    absl::MutexLock lock(&mutex_);
    if (delivering_) return;
    delivering_ = true;
  }
  while (true) {
    ItemOutcome outcome;
    {
      absl::MutexLock lock(&mutex_);
      if (pending_.empty() || !pending_.front().outcome) {
        delivering_ = false;
        return;
      }
      outcome = std::move(*pending_.front().outcome);
      pending_.pop_front();
      outcome.number = ++delivered_;
    }
    on_outcome_(outcome);
  }
}

Error PublishStream::Finish() {
  finished_ = true;
  stream_->WritesDone();
  reader_.join();
  Error error = DecodeError(stream_->Finish());
  {
    absl::MutexLock lock(&mutex_);
    if (!protocol_error_.ok()) error = protocol_error_;
    if (error.ok() && unanswered_ > 0) {
      error = Error{.code = grpc::StatusCode::INTERNAL,
                    .message = absl::StrCat("the server ended the stream with ", unanswered_, " items unanswered")};
    }
    for (Pending& pending : pending_) {
      if (pending.outcome) continue;
      pending.outcome.emplace();
      pending.outcome->error = error;
    }
  }
  Deliver();
  return error;
}

}  // namespace demarche::client
