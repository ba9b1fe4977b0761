#include "client/bench/load.h"

#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "client/bench/schedule.h"
#include "client/bench/subscribers.h"
#include "client/cpp/publisher.h"
#include "client/cpp/watcher.h"
#include "demarche/v1/classifier_service.grpc.pb.h"
#include "demarche/v1/event_service.grpc.pb.h"

namespace demarche::bench {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(60);
constexpr absl::Duration kLead = absl::Milliseconds(100);  // until the first request: all threads are there by then

// One load while it runs. Its thread methods are called by the threads of publishers and subscribers.
class Load {
 public:
  Load(const ChannelMaker& make_channel, const Articles& articles, const LoadOptions& options, const std::atomic<bool>& stop)
      : make_channel_(make_channel),
        articles_(articles),
        options_(options),
        stop_(stop),
        schedule_(options.rate, options.warm_up, options.duration),
        start_(absl::Now() + kLead),
        answers_(start_, options.warm_up),
        deliveries_(start_, options.warm_up) {}

  LoadResult Run();

 private:
  bool subscribes() const { return options_.mode == Mode::kWatch || options_.mode == Mode::kMixed; }
  std::string Prefix() const { return absl::StrCat("load-", options_.run, "-"); }
  std::string LastPosition();
  void Subscribe(const std::string& position);
  void Drive();
  void PublishAll(int thread);
  void ClassifyAll(int thread);
  bool WaitUntil(absl::Time time) const;
  void Answered(absl::Time intended, const client::Error& error);
  void Delivered(const client::Event& event);
  std::vector<std::string> ReadLog(const std::string& position);

  const ChannelMaker& make_channel_;
  const Articles& articles_;
  const LoadOptions& options_;
  const std::atomic<bool>& stop_;
  const Schedule schedule_;
  const absl::Time start_;
  Recorder answers_;
  Recorder deliveries_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
  std::atomic<uint64_t> sent_ = 0;
  std::atomic<uint64_t> in_time_ = 0;  // answered before the schedule's end, of those after the warm-up

  absl::Mutex mutex_;
  uint64_t failed_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string first_failure_ ABSL_GUARDED_BY(mutex_);
};

std::string Load::LastPosition() {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallTimeout));
  v1::GetStreamInfoResponse info;
  const auto status = v1::EventService::NewStub(make_channel_())->GetStreamInfo(&context, {}, &info);
  if (!status.ok()) Answered(absl::Now(), client::DecodeError(status));
  return info.last_position();
}

void Load::Subscribe(const std::string& position) {
  const auto add = [&](int count, Pace pace) {
    for (int i = 0; i < count; ++i) {
      const auto on_event = [this, pace](const client::Event& event) {
        if (pace == Pace::kFast) Delivered(event);
      };
      subscribers_.push_back(std::make_unique<Subscriber>(make_channel_(), position, pace, on_event));
    }
  };
  add(options_.subscribers, Pace::kFast);
  add(options_.slow, Pace::kSlow);
  add(options_.reconnecting, Pace::kReconnecting);
}

// False when the run was stopped.
bool Load::WaitUntil(absl::Time time) const {
  const absl::Duration wait = time - absl::Now();
  if (wait > absl::ZeroDuration()) absl::SleepFor(wait);
  return !stop_;
}

void Load::Answered(absl::Time intended, const client::Error& error) {
  const absl::Time now = absl::Now();
  if (!error.ok()) {
    absl::MutexLock lock(&mutex_);
    if (failed_++ == 0) first_failure_ = client::Describe(error);
    return;
  }
  answers_.Record(intended, now);
  if (intended >= start_ + options_.warm_up && now <= start_ + schedule_.length()) ++in_time_;
}

// The id of the item says when it was meant to be sent.
void Load::Delivered(const client::Event& event) {
  const absl::Time now = absl::Now();
  if (options_.mode == Mode::kWatch) return deliveries_.Record(event.append_time, now);
  if (event.event.evidence().empty() || event.event.revision() > 1) return;
  absl::string_view id = event.event.evidence(0).news_item_id();
  uint64_t number = 0;
  if (absl::ConsumePrefix(&id, Prefix()) && absl::SimpleAtoi(id, &number)) deliveries_.Record(start_ + schedule_.At(number), now);
}

void Load::PublishAll(int thread) {
  client::Publisher publisher(make_channel_(), {});
  const auto step = static_cast<uint64_t>(options_.publishers);
  for (auto number = static_cast<uint64_t>(thread); number < schedule_.count(); number += step) {
    v1::NewsItem item = articles_.Make(number);
    item.set_news_item_id(absl::StrCat(Prefix(), number));
    absl::Time intended = start_ + schedule_.At(number);
    if (options_.closed_loop) {
      if (stop_ || absl::Now() > start_ + schedule_.length()) break;
      intended = absl::Now();
      ++sent_;
      Answered(intended, publisher.Publish(std::move(item)).get().error);
      continue;
    }
    if (!WaitUntil(intended)) break;
    ++sent_;
    publisher.Publish(std::move(item), [this, intended](const client::ItemOutcome& outcome) { Answered(intended, outcome.error); });
  }
  publisher.Flush();
}

void Load::ClassifyAll(int thread) {
  const auto stub = v1::ClassifierService::NewStub(make_channel_());
  const auto step = static_cast<uint64_t>(options_.publishers);
  for (auto number = static_cast<uint64_t>(thread); number < schedule_.count(); number += step) {
    v1::ClassifyNewsItemRequest request;
    *request.mutable_news_item() = articles_.Make(number);
    absl::Time intended = start_ + schedule_.At(number);
    if (options_.closed_loop) {
      if (absl::Now() > start_ + schedule_.length()) break;
      intended = absl::Now();
    }
    if (!WaitUntil(intended)) break;
    ++sent_;
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kCallTimeout));
    v1::ClassifyNewsItemResponse response;
    Answered(intended, client::DecodeError(stub->ClassifyNewsItem(&context, request, &response)));
  }
}

void Load::Drive() {
  if (options_.mode == Mode::kWatch) {
    const absl::Time end = start_ + schedule_.length();
    while (absl::Now() < end && WaitUntil(std::min(end, absl::Now() + kLead))) {
    }
    return;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < options_.publishers; ++i) {
    threads.emplace_back([this, i] { options_.mode == Mode::kClassify ? ClassifyAll(i) : PublishAll(i); });
  }
  for (std::thread& thread : threads) thread.join();
}

std::vector<std::string> Load::ReadLog(const std::string& position) {
  client::WatchOptions options;
  options.request.mutable_start()->set_after(position);
  options.until_caught_up = true;
  client::Watcher watcher(make_channel_(), std::move(options));
  std::vector<std::string> positions;
  while (const auto event = watcher.Next()) positions.push_back(event->position);
  if (!watcher.error().ok()) Answered(absl::Now(), watcher.error());
  return positions;
}

LoadResult Load::Run() {
  LoadResult result;
  const std::string position = subscribes() ? LastPosition() : "";
  if (!position.empty()) Subscribe(position);
  Drive();
  if (!position.empty()) {
    const std::vector<std::string> log = ReadLog(position);
    result.events = log.size();
    for (auto& subscriber : subscribers_) {
      subscriber->Await(log.size());
      subscriber->Stop();
      Verify(log, subscriber->positions(), &result);
    }
  }
  result.offered_rate = options_.mode == Mode::kWatch || options_.closed_loop ? 0 : options_.rate;
  result.answer = answers_.all();
  result.delivery = deliveries_.all();
  const bool watch = options_.mode == Mode::kWatch;
  const uint64_t counted = watch ? result.delivery.count() : in_time_.load();
  result.achieved_rate = static_cast<double>(counted) / absl::ToDoubleSeconds(options_.duration);
  result.seconds = (subscribes() ? deliveries_ : answers_).seconds();
  result.sent = sent_;
  absl::MutexLock lock(&mutex_);
  result.failed = failed_;
  result.first_failure = first_failure_;
  return result;
}

}  // namespace

LoadResult RunLoad(const ChannelMaker& make_channel, const Articles& articles, const LoadOptions& options,
                   const std::atomic<bool>& stop) {
  return Load(make_channel, articles, options, stop).Run();
}

}  // namespace demarche::bench
