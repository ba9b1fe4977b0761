#include "client/cli/top.h"

#include <poll.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "client/cli/times.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "demarche/v1/subscription_service.grpc.pb.h"

namespace demarche::cli {
namespace {

constexpr int32_t kTopPageSize = 1000;
constexpr size_t kSessionsOfOnce = 1000;
constexpr size_t kSessionsOnTerminal = 20;

// Takes samples over one channel. One thread; lives for one command.
class Sampler {
 public:
  Sampler(Context& context, const std::shared_ptr<grpc::Channel>& channel)
      : context_(context),
        events_(v1::EventService::NewStub(channel)),
        admin_(v1::AdminService::NewStub(channel)),
        subscriptions_(v1::SubscriptionService::NewStub(channel)) {}

  // An error when the server is away or does not let us read even the stream's figures.
  client::Error Take(TopSample& sample) {
    client::Error error = Call(context_, [&](grpc::ClientContext* rpc) { return events_->GetStreamInfo(rpc, {}, &sample.stream); });
    if (!error.ok()) return error;
    sample.time = absl::Now();
    sample.pipeline_error =
        Words(Call(context_, [&](grpc::ClientContext* rpc) { return admin_->GetPipelineStatus(rpc, {}, &sample.pipeline); }));
    sample.sessions_error = All<v1::ListSessionsRequest, v1::ListSessionsResponse>(
        [&](auto* rpc, const auto& request, auto* response) { return admin_->ListSessions(rpc, request, response); },
        [](const auto& response) -> const auto& { return response.sessions(); }, sample.sessions);
    sample.subscriptions_error = All<v1::ListSubscriptionsRequest, v1::ListSubscriptionsResponse>(
        [&](auto* rpc, const auto& request, auto* response) { return subscriptions_->ListSubscriptions(rpc, request, response); },
        [](const auto& response) -> const auto& { return response.subscriptions(); }, sample.subscriptions);
    return error;
  }

 private:
  static std::string Words(const client::Error& error) { return error.ok() ? "" : client::Describe(error); }

  // Adds what all pages list; gives the error in words.
  template <typename Request, typename Response, typename Rpc, typename Listed, typename T>
  std::string All(const Rpc& ask, const Listed& listed, std::vector<T>& all) {
    Request request;
    request.set_page_size(kTopPageSize);
    while (true) {
      Response response;
      const client::Error error = Call(context_, [&](grpc::ClientContext* rpc) { return ask(rpc, request, &response); });
      if (!error.ok()) return client::Describe(error);
      all.insert(all.end(), listed(response).begin(), listed(response).end());
      if (response.next_page_token().empty()) return "";
      request.set_page_token(response.next_page_token());
    }
  }

  Context& context_;
  const std::unique_ptr<v1::EventService::Stub> events_;
  const std::unique_ptr<v1::AdminService::Stub> admin_;
  const std::unique_ptr<v1::SubscriptionService::Stub> subscriptions_;
};

std::string Bytes(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    unit += 1;
  }
  return absl::StrFormat("%.*f %s", unit == 0 ? 0 : 1, value, kUnits[unit]);
}

std::string Age(absl::Duration age) {
  return absl::FormatDuration(absl::Trunc(std::max(age, absl::ZeroDuration()), absl::Seconds(1)));
}

// Prints one table. Lives for it.
class Table {
 public:
  Table(const TopSample& before, const TopSample& now, Style style)
      : before_(before), now_(now), seconds_(absl::ToDoubleSeconds(now.time - before.time)), style_(style) {}

  void Head(const std::string& server) {
    absl::StrAppend(&text_, style_(Paint::kBold, "demarche top"), "  ", Harmless(server));
    if (now_.pipeline_error.empty()) {
      absl::StrAppend(&text_, ", version ", Harmless(now_.pipeline.server_version()), ", up ",
                      Age(FromTimestamp(now_.pipeline.server_time()) - FromTimestamp(now_.pipeline.start_time())));
    }
    absl::StrAppend(&text_, "\n\n");
  }

  void Stream() {
    absl::StrAppendFormat(&text_, "items   %10u  %9.1f/s\nevents  %10u  %9.1f/s\n", now_.stream.item_count(),
                          Rate(before_.stream.item_count(), now_.stream.item_count()), now_.stream.event_count(),
                          Rate(before_.stream.event_count(), now_.stream.event_count()));
    if (!now_.pipeline_error.empty()) return Refused("server", now_.pipeline_error);
    absl::StrAppendFormat(&text_, "queue   %10u  items wait\nlag     %10u  positions of the slowest of %u watches\n",
                          now_.pipeline.queued_items(), now_.pipeline.watch_lag(), now_.stream.watch_count());
    const bool is_full = now_.pipeline.disk_free_bytes() < now_.pipeline.disk_reserve_bytes();
    absl::StrAppend(&text_, "log     ", Bytes(now_.pipeline.log_bytes()), ", ", is_full ? style_(Paint::kRed, "disk full: ") : "",
                    Bytes(now_.pipeline.disk_free_bytes()), " free\n");
  }

  void Stages() {
    if (!now_.pipeline_error.empty()) return;
    Title(absl::StrFormat("%-16s %10s %10s %8s", "STAGE", "items/s", "ms/item", "cores"));
    std::map<std::string, const v1::StageStatus*> earlier;
    for (const v1::StageStatus& stage : before_.pipeline.stages()) earlier[stage.stage()] = &stage;
    for (const v1::StageStatus& stage : now_.pipeline.stages()) {
      const auto found = earlier.find(stage.stage());
      const uint64_t items = found == earlier.end() ? 0 : found->second->item_count();
      const double seconds = stage.seconds() - (found == earlier.end() ? 0 : found->second->seconds());
      const double done = static_cast<double>(stage.item_count()) - static_cast<double>(items);
      absl::StrAppendFormat(&text_, "%-16s %10.1f %10.3f %8.2f\n", Harmless(stage.stage()), Rate(items, stage.item_count()),
                            done > 0 ? 1000 * seconds / done : 0, seconds_ > 0 ? seconds / seconds_ : 0);
    }
  }

  void Subscriptions() {
    if (!now_.subscriptions_error.empty()) return Refused("subscriptions", now_.subscriptions_error);
    if (now_.subscriptions.empty()) return;
    Title(absl::StrFormat("%-24s %10s %8s %10s %8s %8s", "SUBSCRIPTION", "backlog", "leased", "consumers", "dead", "lost"));
    for (const v1::Subscription& each : now_.subscriptions) {
      absl::StrAppendFormat(&text_, "%-24s %10u %8u %10u %8u %8u%s\n", Harmless(each.name()), each.backlog(), each.leased_count(),
                            each.consumer_count(), each.dead_letter_count(), each.lost_count(), each.paused() ? "  paused" : "");
    }
  }

  void Sessions(size_t max_sessions) {
    if (!now_.sessions_error.empty()) return Refused("sessions", now_.sessions_error);
    if (now_.sessions.empty()) return;
    Title(absl::StrFormat("%-44s %-16s %-24s %10s", "SESSION", "principal", "peer", "age"));
    const absl::Time time = FromTimestamp(now_.pipeline.server_time());
    for (size_t i = 0; i < std::min(max_sessions, now_.sessions.size()); ++i) {
      const v1::Session& session = now_.sessions[i];
      absl::StrAppendFormat(&text_, "%-44s %-16s %-24s %10s\n", Harmless(session.method()), Harmless(session.principal()),
                            Harmless(session.peer()), Age(time - FromTimestamp(session.start_time())));
    }
    if (now_.sessions.size() > max_sessions) absl::StrAppend(&text_, "and ", now_.sessions.size() - max_sessions, " more\n");
  }

  std::string text() && { return std::move(text_); }

 private:
  // A server that was started again counts from 0.
  double Rate(uint64_t before, uint64_t now) const {
    return seconds_ > 0 && now > before ? static_cast<double>(now - before) / seconds_ : 0;
  }
  void Title(const std::string& title) { absl::StrAppend(&text_, "\n", style_(Paint::kDim, title), "\n"); }
  void Refused(const char* what, const std::string& why) { absl::StrAppend(&text_, what, ": ", HarmlessLine(why), "\n"); }

  const TopSample& before_;
  const TopSample& now_;
  const double seconds_;
  const Style style_;
  std::string text_;
};

// False when told to stop meanwhile.
bool Pause(const Stop& stop, double seconds) {
  pollfd fd{stop.fd(), POLLIN, 0};
  poll(&fd, 1, static_cast<int>(std::lround(1000 * seconds)));
  return !stop.requested();
}

}  // namespace

std::string PrintTop(const std::string& server, const TopSample& before, const TopSample& now, size_t max_sessions, Style style) {
  Table table(before, now, style);
  table.Head(server);
  table.Stream();
  table.Stages();
  table.Subscriptions();
  table.Sessions(max_sessions);
  return std::move(table).text();
}

ExitCode Top(Context& context, const TopArguments& arguments, bool is_terminal) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  Sampler sampler(context, channel);
  const bool in_place = is_terminal && !arguments.once;
  TopSample before;
  if (const client::Error error = sampler.Take(before); !error.ok()) return Report(context, error);
  while (Pause(context.stop, arguments.interval_s)) {
    TopSample now;
    if (const client::Error error = sampler.Take(now); !error.ok()) return Report(context, error);
    if (in_place) context.out << "\x1b[H\x1b[2J";
    context.out << PrintTop(context.server, before, now, in_place ? kSessionsOnTerminal : kSessionsOfOnce, context.out_style)
                << (in_place || arguments.once ? "" : "\n") << std::flush;
    if (arguments.once || !context.out) break;
    before = std::move(now);
  }
  return kExitOk;
}

}  // namespace demarche::cli
