#include "client/cli/doctor.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "client/cli/reach.h"
#include "client/cli/times.h"
#include "client/cpp/watcher.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "grpc/grpc_security_constants.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace demarche::cli {
namespace {

// `watch --since` and dates of items that were published 'now' depend on both clocks.
constexpr absl::Duration kMaxClockDifference = absl::Seconds(2);
constexpr uint64_t kManyQueuedItems = 10'000;
// Time to order a new certificate.
constexpr absl::Duration kShortCertificate = absl::Hours(14 * 24);
// Room below this share above the reserve is soon used up.
constexpr double kShortDisk = 2;

// The checks, one method each, and how they went. One thread; lives for one run.
class Checks {
 public:
  explicit Checks(Context& context) : context_(context) {}

  // False when there is no way to the server, and no use in asking more.
  bool Reach();
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
  void Disk(const v1::GetPipelineStatusResponse& status);
  void Tls(const grpc::AuthContext& auth);

  Context& context_;
  std::shared_ptr<grpc::Channel> channel_;
  bool all_well_ = true;
};

bool Checks::Reach() {
  const absl::Time start = absl::Now();
  const absl::Status port = ReachPort(context_.server, kConnectTimeout);
  if (!port.ok()) {
    const char* mend = absl::IsNotFound(port) ? "check the name in --server, or the resolver of this machine"
                       : absl::IsDeadlineExceeded(port)
                           ? "check address, route and firewall"
                           : "nothing listens there: start `demarched serve --listen HOST:PORT`, or name another "
                             "server with --server or --context";
    Bad("reach", std::string(port.message()), mend);
    return false;
  }
  channel_ = OpenChannel(context_);
  if (!channel_) {
    Bad("files", "those of TLS or the token cannot be used", "mend the file named above");
    return false;
  }
  if (!client::Connect(*channel_, kConnectTimeout)) {
    Bad("reach",
        absl::StrCat("something listens at ", context_.server, ", but not so: ", context_.tls ? "with TLS" : "without TLS"),
        context_.tls ? "is it a TLS port? give the authority that signed its certificate with --ca, our own with --cert and --key"
                     : "if the server wants TLS, give --ca FILE (or --tls); else something other than demarched has the port");
    return false;
  }
  Good("reach", absl::StrCat(context_.server, " answers after ",
                             absl::FormatDuration(absl::Trunc(absl::Now() - start, absl::Microseconds(100)))));
  return true;
}

void Checks::Tls(const grpc::AuthContext& auth) {
  if (!context_.tls) return Good("TLS", "none: plaintext");
  const auto pem = auth.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  const absl::Duration left = pem.empty() ? absl::InfiniteDuration() : CertificateLeft(std::string(pem[0].data(), pem[0].size()));
  if (left == absl::InfiniteDuration()) return Good("TLS", "the server's certificate is believed");
  const int64_t days = left / absl::Hours(24);
  const std::string found = absl::StrCat("the server's certificate is good for ", days, days == 1 ? " day" : " days");
  if (left >= kShortCertificate) return Good("TLS", found);
  Bad("TLS", found, "replace the server's certificate; it is read again without a restart");
}

void Checks::Health() {
  const auto stub = grpc::health::v1::Health::NewStub(channel_);
  grpc::health::v1::HealthCheckResponse response;
  std::shared_ptr<const grpc::AuthContext> auth;
  const client::Error error = Call(context_, [&](grpc::ClientContext* rpc) {
    grpc::Status status = stub->Check(rpc, {}, &response);
    auth = rpc->auth_context();
    return status;
  });
  if (!error.ok()) return Failed("health", error);
  Tls(*auth);
  const std::string name = grpc::health::v1::HealthCheckResponse::ServingStatus_Name(response.status());
  if (response.status() == grpc::health::v1::HealthCheckResponse::SERVING) return Good("health", name);
  Bad("health", name,
      "the server is starting or shutting down: try again in a moment. If it stays so, a write to its log has failed: look into "
      "what demarched said, then `demarched log verify` and start it again");
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
  Disk(status);
}

void Checks::Disk(const v1::GetPipelineStatusResponse& status) {
  constexpr double kMebibyte = 1 << 20;
  const auto free = static_cast<double>(status.disk_free_bytes()), reserve = static_cast<double>(status.disk_reserve_bytes());
  const std::string found =
      absl::StrFormat("%.0f MiB free, %.0f MiB in the log; nothing is stored below %.0f MiB", free / kMebibyte,
                      static_cast<double>(status.log_bytes()) / kMebibyte, reserve / kMebibyte);
  if (free >= kShortDisk * reserve) return Good("disk", found);
  Bad("disk", found, "free space on the server's disk, or keep less: log.retention_hours, log.retention_bytes");
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
  Checks checks(context);
  if (!checks.Reach()) return kExitUnreachable;
  checks.Health();
  checks.Pipeline();
  checks.Stream();
  checks.Watch();
  context.out << (checks.all_well() ? "All is well.\n" : "Not all is well.\n");
  return checks.all_well() ? kExitOk : kExitSomeBad;
}

}  // namespace demarche::cli
