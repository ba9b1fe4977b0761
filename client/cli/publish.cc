#include "client/cli/publish.h"

#include <deque>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "client/cli/json.h"
#include "client/cpp/publish_stream.h"

namespace demarche::cli {
namespace {

constexpr absl::Duration kProgressDelay = absl::Seconds(1);  // shorter runs show none
constexpr absl::Duration kProgressInterval = absl::Milliseconds(250);

// Counts and prints outcomes as they come: one at a time, from either thread of the PublishStream. Sources are added by the
// command's thread. Lives for one run.
class Tally {
 public:
  Tally(Context& context, const PublishArguments& arguments)
      : context_(context),
        json_lines_(arguments.json_lines),
        shows_progress_(context.err_is_terminal && !arguments.quiet),
        start_(absl::Now()),
        next_progress_(start_ + kProgressDelay) {}

  void AddSource(std::string source) {
    absl::MutexLock lock(&mutex_);
    sources_.push_back(std::move(source));
  }
  void Take(const client::ItemOutcome& outcome);
  void ClearProgress();
  std::string Summary() const;
  uint64_t unanswered() const { return unanswered_; }
  bool all_good() const { return rejected_ == 0 && unanswered_ == 0; }

 private:
  void Count(const client::ItemOutcome& outcome);
  void ShowProgress();

  Context& context_;
  const bool json_lines_;
  const bool shows_progress_;
  const absl::Time start_;
  absl::Time next_progress_;
  bool progress_shown_ = false;
  uint64_t accepted_ = 0;
  uint64_t duplicate_ = 0;
  uint64_t unsupported_ = 0;
  uint64_t rejected_ = 0;
  uint64_t unanswered_ = 0;
  uint64_t events_ = 0;

  absl::Mutex mutex_;
  std::deque<std::string> sources_ ABSL_GUARDED_BY(mutex_);  // of the items without an outcome
};

void Tally::Count(const client::ItemOutcome& outcome) {
  switch (outcome.result.outcome()) {
    case v1::PUBLISH_OUTCOME_DUPLICATE:
    case v1::PUBLISH_OUTCOME_NEAR_DUPLICATE:
      ++duplicate_;
      break;
    case v1::PUBLISH_OUTCOME_UNSUPPORTED_LANGUAGE:
      ++unsupported_;
      break;
    case v1::PUBLISH_OUTCOME_REJECTED:
      ++rejected_;
      break;
    case v1::PUBLISH_OUTCOME_UNSPECIFIED:
      ++unanswered_;
      break;
    default:
      ++accepted_;
      events_ += static_cast<uint64_t>(outcome.result.event_ids_size());
  }
}

void Tally::Take(const client::ItemOutcome& outcome) {
  Count(outcome);
  std::string source;
  {
    absl::MutexLock lock(&mutex_);
    source = std::move(sources_.front());
    sources_.pop_front();
  }
  if (json_lines_) {
    context_.out << OutcomeLine(source, outcome) << '\n' << std::flush;
  }
  // What was not answered has one cause, told once at the end.
  if (outcome.result.outcome() == v1::PUBLISH_OUTCOME_REJECTED) {
    ClearProgress();
    const bool by_reader = outcome.error.reason.empty() && outcome.error.code == grpc::StatusCode::INVALID_ARGUMENT;
    Say(context_, Harmless(absl::StrCat(source, ": ", by_reader ? outcome.error.message : client::Describe(outcome.error))));
  }
  if (shows_progress_) ShowProgress();
}

void Tally::ShowProgress() {
  const absl::Time now = absl::Now();
  if (now < next_progress_) return;
  next_progress_ = now + kProgressInterval;
  const uint64_t done = accepted_ + duplicate_ + unsupported_ + rejected_;
  context_.err << absl::StrFormat("\r\x1b[K%d items, %d events, %.0f items/s", done, events_,
                                  static_cast<double>(done) / absl::ToDoubleSeconds(now - start_))
               << std::flush;
  progress_shown_ = true;
}

void Tally::ClearProgress() {
  if (progress_shown_) context_.err << "\r\x1b[K" << std::flush;
  progress_shown_ = false;
}

std::string Tally::Summary() const {
  std::string text = absl::StrCat(accepted_, " accepted (", events_, " events), ", duplicate_, " duplicate, ", unsupported_,
                                  " unsupported language, ", rejected_, " rejected");
  if (unanswered_ > 0) absl::StrAppend(&text, ", ", unanswered_, " unanswered");
  return text;
}

}  // namespace

ExitCode Publish(Context& context, const PublishArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  Tally tally(context, arguments);
  client::PublishStream publisher(channel, [&tally](const client::ItemOutcome& outcome) { tally.Take(outcome); });
  ItemReader reader(arguments.input, absl::Now(), context.stop);
  InputItem input;
  bool open = true;
  while (open && reader.Next(&input)) {
    tally.AddSource(input.source);
    if (input.error.empty()) {
      open = publisher.Publish(input.item);
    } else {
      publisher.Reject(client::Error{.code = grpc::StatusCode::INVALID_ARGUMENT, .message = input.error});
    }
  }
  // What was sent is answered even when the command is interrupted: a second signal ends it at once.
  const client::Error error = publisher.Finish();
  tally.ClearProgress();
  if (!arguments.quiet || !tally.all_good() || !error.ok()) {
    if (arguments.json_lines) {
      Say(context, tally.Summary());
    } else {
      context.out << tally.Summary() << '\n';
    }
  }
  if (!error.ok()) {
    const ExitCode code = Report(context, error);
    if (tally.unanswered() > 0) {
      Say(context, "publish the same input again (text and HTML with the same --date): what is stored already counts as duplicate");
    }
    return code;
  }
  return tally.all_good() ? kExitOk : kExitSomeBad;
}

}  // namespace demarche::cli
