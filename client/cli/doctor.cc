#include "client/cli/doctor.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/times.h"
#include "client/cpp/watcher.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace demarche::cli {
namespace {

// `watch --since` and dates of items that were published 'now' depend on both clocks.
constexpr absl::Duration kMaxClockDifference = absl::Seconds(2);
constexpr uint64_t kManyQueuedItems = 10'000;

// The checks, one method each, and how they went. One thread; lives for one run.
class Checks {
 public:
  Checks(Context& context, const std::shared_ptr<grpc::Channel>& channel) : context_(context), channel_(channel) {}

  void Health();
  void Pipeline();
  void Stream();
  void Watch();
  bool all_well() const { return all_well_; }

 private:
  void Good(const char* what, const std::string& found) { Line(context_.out_style(Paint::kGreen, "ok  "), what, found); }
  void Bad(const char* what, const std::string& found, const std::string& mend) {
    all_well_ = false;
    Line(context_.out_style(Paint::kRed, "FAIL"), what, found);
    context_.out << "      mend: " << mend << '\n' << std::flush;
  }
  void Failed(const char* what, const client::Error& error) {
    const std::string advice = client::Advice(error);
    Bad(what, absl::StrCat(client::CodeName(error.code), ": ", error.message),
        advice.empty() ? "look into the server's log; is it a demarched of this version?" : advice);
  }
  void Line(const std::string& verdict, const char* what, const std::string& found) {
    context_.out << verdict << "  " << what << ": " << HarmlessLine(found) << '\n' << std::flush;
  }
  void Clock(const v1::GetPipelineStatusResponse& status, absl::Time middle);

  Context& context_;
  const std::shared_ptr<grpc::Channel> channel_;
  bool all_well_ = true;
};

void Checks::Health() {
  const auto stub = grpc::health::v1::Health::NewStub(channel_);
  grpc::health::v1::HealthCheckResponse response;
  const client::Error error = Call(context_, [&](grpc::ClientContext* rpc) { return stub->Check(rpc, {}, &response); });
  if (!error.ok()) return Failed("health", error);
  const std::string name = grpc::health::v1::HealthCheckResponse::ServingStatus_Name(response.status());
  if (response.status() == grpc::health::v1::HealthCheckResponse::SERVING) return Good("health", name);
  Bad("health", name, "the server is starting or shutting down: try again in a moment, then look into its log");
}

void Checks::Pipeline() {
  const auto stub = v1::AdminService::NewStub(channel_);
  v1::GetPipelineStatusResponse status;
  const absl::Time asked = absl::Now();
  const client::Error error = Call(
      context_, [&](grpc::ClientContext* rpc) { return stub->GetPipelineStatus(rpc, v1::GetPipelineStatusRequest(), &status); });
  const absl::Time middle = asked + (absl::Now() - asked) / 2;
  if (!error.ok()) return Failed("pipeline", error);
  const std::string found = absl::StrCat("server ", status.server_version(), ", classifier ", status.classifier_version(),
                                         ", ontology ", status.ontology_version(), ", ", status.stages_size(), " stages");
  if (status.server_version() == DEMARCHE_VERSION) {
    Good("version", found);
  } else {
    Bad("version", found, "this client is " DEMARCHE_VERSION ": install the same version of both");
  }
  if (status.queued_items() < kManyQueuedItems) {
    Good("queue", absl::StrCat(status.queued_items(), " items wait"));
  } else {
    Bad("queue", absl::StrCat(status.queued_items(), " items wait"), "publish more slowly, or give the server more workers");
  }
  Clock(status, middle);
}

void Checks::Clock(const v1::GetPipelineStatusResponse& status, absl::Time middle) {
  if (!status.has_server_time()) return Bad("clock", "the server does not tell its time", "install the same version of both");
  const absl::Duration ahead = FromTimestamp(status.server_time()) - middle;
  const std::string found =
      absl::StrCat("the server is ", absl::FormatDuration(absl::Trunc(absl::AbsDuration(ahead), absl::Milliseconds(1))),
                   ahead < absl::ZeroDuration() ? " behind" : " ahead");
  if (absl::AbsDuration(ahead) <= kMaxClockDifference) return Good("clock", found);
  Bad("clock", found, "set both clocks by NTP (timedatectl set-ntp true): --since and dates of new items depend on them");
}

void Checks::Stream() {
  const auto stub = v1::EventService::NewStub(channel_);
  v1::GetStreamInfoResponse info;
  const client::Error error =
      Call(context_, [&](grpc::ClientContext* rpc) { return stub->GetStreamInfo(rpc, v1::GetStreamInfoRequest(), &info); });
  if (!error.ok()) return Failed("stream", error);
  Good("stream",
       absl::StrCat(info.item_count(), " items, ", info.event_count(), " event revisions, positions ", info.first_position(),
                    " to ", info.last_position(), ", epoch ", info.epoch(), ", ", info.watch_count(), " watches open"));
}

void Checks::Watch() {
  client::WatchOptions options;
  options.request.mutable_start()->set_latest(true);
  options.reconnect = false;
  options.silence_limit = kCallTimeout;
  client::Watcher watcher(channel_, std::move(options));
  OnStop cancel(context_.stop, [&watcher] { watcher.Cancel(); });
  const absl::Time asked = absl::Now();
  v1::WatchEventsResponse response;
  if (!watcher.Read(&response)) return Failed("watch", watcher.error());
  Good("watch", absl::StrCat("begins after ", absl::FormatDuration(absl::Trunc(absl::Now() - asked, absl::Microseconds(100)))));
}

}  // namespace

ExitCode Doctor(Context& context) {
  const absl::Time start = absl::Now();
  const auto channel = ConnectOrReport(context);
  if (!channel) {
    context.out << context.out_style(Paint::kRed, "FAIL") << "  reach: nothing answers at " << context.server << '\n';
    return kExitUnreachable;
  }
  context.out << context.out_style(Paint::kGreen, "ok  ") << "  reach: " << context.server << " answers after "
              << absl::FormatDuration(absl::Trunc(absl::Now() - start, absl::Microseconds(100))) << '\n';
  Checks checks(context, channel);
  checks.Health();
  checks.Pipeline();
  checks.Stream();
  checks.Watch();
  context.out << (checks.all_well() ? "All is well.\n" : "Not all is well.\n");
  return checks.all_well() ? kExitOk : kExitSomeBad;
}

}  // namespace demarche::cli
