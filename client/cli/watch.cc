#include "client/cli/watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "client/cpp/watcher.h"

namespace demarche::cli {
namespace {

v1::WatchEventsRequest MakeRequest(const WatchArguments& arguments) {
  v1::WatchEventsRequest request;
  *request.mutable_start() = arguments.start;
  request.set_on_expired(arguments.on_expired);
  for (const std::string& filter : arguments.filters) {
    v1::NamedFilter* named = request.add_filters();
    named->set_filter(filter);
    if (arguments.filters.size() > 1) named->set_name(absl::StrCat("filter-", request.filters_size()));
  }
  return request;
}

// Prints one watch. One thread; lives for one command.
class WatchPrinter {
 public:
  WatchPrinter(Context& context, const WatchArguments& arguments, const std::shared_ptr<grpc::Channel>& channel)
      : context_(context), arguments_(arguments), items_(context, channel) {}

  // False when the watch is done.
  bool Take(const v1::WatchEventsResponse& response);

 private:
  bool TakeBatch(const v1::EventBatch& batch);
  void Reached(const std::string& position) {
    if (!position.empty()) context_.resume_hint = absl::StrCat("go on with --after ", Harmless(position));
  }

  Context& context_;
  const WatchArguments& arguments_;
  StoredItems items_;
  uint64_t printed_ = 0;
};

bool WatchPrinter::TakeBatch(const v1::EventBatch& batch) {
  for (int i = 0; i < batch.events_size(); ++i) {
    if (arguments_.json_lines) {
      context_.out << EventLine(batch, i) << '\n';
    } else {
      const v1::DiplomaticEvent& event = batch.events(i);
      const bool filter_exit = i < batch.filter_exit_size() && batch.filter_exit(i);
      context_.out << PrintEvent({.event = event, .filter_exit = filter_exit, .item = items_.ForTrigger(event)},
                                 context_.out_style);
    }
    context_.out << std::flush;
    if (!context_.out || context_.stop.requested()) return false;
    if (i < batch.positions_size()) Reached(batch.positions(i));
    if (++printed_ == arguments_.count) return false;
  }
  return true;
}

bool WatchPrinter::Take(const v1::WatchEventsResponse& response) {
  switch (response.response_case()) {
    case v1::WatchEventsResponse::kStarted:
      Reached(response.started().position());
      return true;
    case v1::WatchEventsResponse::kEventBatch:
      return TakeBatch(response.event_batch());
    case v1::WatchEventsResponse::kProgress:
      Reached(response.progress().position());
      return true;
    case v1::WatchEventsResponse::kCaughtUp:
      Reached(response.caught_up().position());
      return !arguments_.until_caught_up;
    case v1::WatchEventsResponse::kFellBehind:
      Say(context_, absl::StrCat("behind by ", response.fell_behind().backlog(), " positions; nothing is lost"));
      return true;
    case v1::WatchEventsResponse::kSlowConsumerWarning:
      if (!response.slow_consumer_warning().cleared())
        Say(context_, "this reader is slow: the server will cut it if it stops reading");
      return true;
    case v1::WatchEventsResponse::kGap:
      Reached(response.gap().resumed_at());
      Say(context_, absl::StrCat("gap: ", response.gap().lost(), " revisions before ", Harmless(response.gap().resumed_at()),
                                 " are no longer kept"));
      return true;
    case v1::WatchEventsResponse::kDraining:
      Reached(response.draining().position());  // the status that follows says it in words
      return true;
    default:
      return true;
  }
}

}  // namespace

ExitCode Watch(Context& context, const WatchArguments& arguments) {
  std::shared_ptr<grpc::Channel> channel;
  if (arguments.reconnect) {
    channel = client::MakeChannel(context.server);
  } else {
    channel = ConnectOrReport(context);
    if (!channel) return kExitUnreachable;
  }
  client::WatchOptions options;
  options.request = MakeRequest(arguments);
  options.reconnect = arguments.reconnect;
  options.backoff = arguments.backoff;
  options.on_reconnect = [&context](const client::Error& error, absl::Duration wait) {
    const std::string cause =
        client::IsUnreachable(error) ? absl::StrCat("no connection to ", context.server) : Harmless(client::Describe(error));
    Say(context, absl::StrCat(cause, "; trying again in ", absl::FormatDuration(absl::Trunc(wait, absl::Milliseconds(1)))));
  };
  client::Watcher watcher(channel, std::move(options));
  OnStop cancel(context.stop, [&watcher] { watcher.Cancel(); });
  WatchPrinter printer(context, arguments, channel);
  v1::WatchEventsResponse response;
  while (watcher.Read(&response)) {
    if (!printer.Take(response)) return kExitOk;
  }
  const ExitCode code = Report(context, watcher.error());
  if (!context.stop.requested() && !context.resume_hint.empty()) Say(context, context.resume_hint);
  return code;
}

}  // namespace demarche::cli
