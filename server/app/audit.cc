#include "server/app/audit.h"

#include "absl/strings/ascii.h"
#include "server/error/error.h"
#include "spdlog/spdlog.h"

namespace demarche::app {
namespace {

const char* OrDash(const std::string& text) { return text.empty() ? "-" : text.c_str(); }

}  // namespace

rpc::Guard::Auditor MakeAuditor(const std::string& which, metrics::Metrics& metrics) {
  const bool has_all = which == "all";
  const bool has_streams = has_all || which == "streams";
  return [has_all, has_streams, &metrics](const rpc::Decision& decision) {
    if (decision.status.ok()) {
      if (!has_all && !(has_streams && decision.is_streaming)) return;
      spdlog::info("audit: allow method={} principal={} token={} peer={} request={}", decision.method, decision.principal,
                   OrDash(decision.token_id), decision.peer, decision.request_id);
      return;
    }
    const std::string reason = error::ReasonName(error::ReasonOf(decision.status));
    metrics.CountRefusal(absl::AsciiStrToLower(reason));
    spdlog::warn("audit: deny method={} principal={} token={} peer={} request={} reason={}", decision.method,
                 OrDash(decision.principal), OrDash(decision.token_id), decision.peer, decision.request_id, reason);
  };
}

}  // namespace demarche::app
