#include "client/cli/watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/event_formats.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "client/cpp/position_store.h"
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
  // Up to it all has been printed; empty before the first message.
  const std::string& reached() const { return reached_; }

 private:
  bool TakeBatch(const v1::EventBatch& batch);
  void Print(const v1::EventBatch& batch, int index);
  void Reached(const std::string& position) {
    if (position.empty()) return;
    reached_ = position;
    context_.resume_hint = arguments_.cursor_file.empty() ? absl::StrCat("go on with --after ", Harmless(position))
                                                          : absl::StrCat("go on with --cursor-file ", arguments_.cursor_file);
  }

  Context& context_;
  const WatchArguments& arguments_;
  StoredItems items_;
  uint64_t printed_ = 0;
  std::string reached_;
};

void WatchPrinter::Print(const v1::EventBatch& batch, int index) {
  const v1::DiplomaticEvent& event = batch.events(index);
  switch (arguments_.format) {
    case EventFormat::kJsonLines:
      context_.out << EventLine(batch, index) << '\n';
      break;
    case EventFormat::kCsv:
      if (printed_ == 0) context_.out << kCsvHeader << '\n';
      context_.out << CsvLine(batch, index) << '\n';
      break;
    case EventFormat::kCloudEvents:
      context_.out << CloudEventLine(batch, index, context_.server) << '\n';
      break;
    case EventFormat::kPretty:
      context_.out << PrintEvent({.event = event,
                                  .filter_exit = index < batch.filter_exit_size() && batch.filter_exit(index),
                                  .item = items_.ForTrigger(event)},
                                 context_.out_style);
      break;
  }
  context_.out << std::flush;
}

bool WatchPrinter::TakeBatch(const v1::EventBatch& batch) {
  for (int i = 0; i < batch.events_size(); ++i) {
    Print(batch, i);
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

ExitCode CursorFault(Context& context, const absl::Status& status, ExitCode code) {
  Say(context, std::string(status.message()));
  return code;
}

}  // namespace

ExitCode Watch(Context& context, const WatchArguments& arguments) {
  std::shared_ptr<grpc::Channel> channel;
  if (arguments.reconnect) {
    channel = OpenChannel(context);
  } else {
    channel = ConnectOrReport(context);
  }
  if (!channel) return kExitUnreachable;
  client::WatchOptions options;
  options.request = MakeRequest(arguments);
  client::FilePositionStore cursor(arguments.cursor_file);
  if (!arguments.cursor_file.empty()) {
    const absl::StatusOr<std::string> position = cursor.Load();
    if (!position.ok()) return CursorFault(context, position.status(), kExitUsage);
    if (!position->empty()) options.request.mutable_start()->set_after(*position);
  }
  options.reconnect = arguments.reconnect;
  options.backoff = arguments.backoff;
  options.on_reconnect = [&context](const client::Error& error, absl::Duration wait) { SayReconnect(context, error, wait); };
  client::Watcher watcher(channel, std::move(options));
  OnStop cancel(context.stop, [&watcher] { watcher.Cancel(); });
  WatchPrinter printer(context, arguments, channel);
  v1::WatchEventsResponse response;
  bool more = true;
  while (more && watcher.Read(&response)) {
    more = printer.Take(response);
    if (arguments.cursor_file.empty() || printer.reached().empty()) continue;
    if (const absl::Status status = cursor.Save(printer.reached()); !status.ok()) return CursorFault(context, status, kExitOutput);
  }
  if (!more) return kExitOk;
  const ExitCode code = Report(context, watcher.error());
  if (!context.stop.requested() && !context.resume_hint.empty()) Say(context, context.resume_hint);
  return code;
}

}  // namespace demarche::cli
