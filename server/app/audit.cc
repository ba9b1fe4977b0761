#include "server/app/audit.h"

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/auth/audit_limit.h"
#include "server/auth/authenticator.h"
#include "server/error/error.h"
#include "spdlog/spdlog.h"

namespace demarche::app {
namespace {

const char* OrDash(const std::string& text) { return text.empty() ? "-" : text.c_str(); }

// Whose line it is: the principal's, or the address's where anybody may say that it is who it is. Lines of different verdicts do
// not crowd each other out.
std::string SourceOf(const rpc::Decision& decision, const std::string& verdict) {
  const bool is_known = !decision.principal.empty() && decision.principal != auth::kAnonymous;
  return absl::StrCat(is_known ? "principal=" + decision.principal : "address=" + decision.peer.substr(0, decision.peer.rfind(':')),
                      " ", verdict);
}

class Audit {
 public:
  Audit(const config::Config& config, metrics::Metrics& metrics)
      : has_all_(config.audit == "all"),
        has_streams_(has_all_ || config.audit == "streams"),
        metrics_(metrics),
        limit_(static_cast<size_t>(config.audit_lines)) {}
  ~Audit() { TellLeftOut(limit_.TakeAllLeftOut()); }

  void Note(const rpc::Decision& decision) {
    TellLeftOut(limit_.TakeLeftOut());
    if (decision.status.ok()) {
      if (!has_all_ && !(has_streams_ && decision.is_streaming)) return;
      if (!limit_.Take(SourceOf(decision, "allow"))) return;
      spdlog::info("audit: allow method={} principal={} token={} peer={} request={}", decision.method, decision.principal,
                   OrDash(decision.token_id), decision.peer, decision.request_id);
      return;
    }
    const std::string reason = error::ReasonName(error::ReasonOf(decision.status));
    metrics_.CountRefusal(absl::AsciiStrToLower(reason));
    if (!limit_.Take(SourceOf(decision, reason))) return;
    spdlog::warn("audit: deny method={} principal={} token={} peer={} request={} reason={}", decision.method,
                 OrDash(decision.principal), OrDash(decision.token_id), decision.peer, decision.request_id, reason);
  }

 private:
  static void TellLeftOut(const auth::AuditLimit::LeftOut& left_out) {
    for (const auto& [source, lines] : left_out) spdlog::warn("audit: left out {} more lines of {}", lines, source);
  }

  const bool has_all_;
  const bool has_streams_;
  metrics::Metrics& metrics_;
  auth::AuditLimit limit_;
};

}  // namespace

rpc::Guard::Auditor MakeAuditor(const config::Config& config, metrics::Metrics& metrics) {
  return [audit = std::make_shared<Audit>(config, metrics)](const rpc::Decision& decision) { audit->Note(decision); };
}

std::function<void(const rpc::PurgeNote&)> MakePurgeAuditor(metrics::Metrics& metrics) {
  return [&metrics](const rpc::PurgeNote& note) {
    metrics.CountPurge(note.status.ok());
    spdlog::info("audit: purge principal={} publisher={} item={} events={} request={} result={}", OrDash(note.principal),
                 absl::CHexEscape(note.publisher), absl::CHexEscape(note.news_item_id), note.changed_events, note.request_id,
                 note.status.ok() ? "OK" : error::ReasonName(error::ReasonOf(note.status)));
  };
}

}  // namespace demarche::app
