#include "server/http/origins.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace demarche::http {
namespace {

// What clients of all dialects send besides what browsers send anyway.
constexpr char kHeaders[] =
    "Authorization, Connect-Protocol-Version, Connect-Timeout-Ms, Content-Type, Grpc-Timeout, Last-Event-ID, Traceparent, "
    "X-Grpc-Web, X-Request-Id, X-User-Agent";
constexpr char kPreflightSeconds[] = "7200";

bool IsOrigin(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "https://") && !absl::ConsumePrefix(&text, "http://")) return false;
  return !text.empty() && text.find_first_of("/*?#@ ") == absl::string_view::npos;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseOrigins(const std::string& list) {
  std::vector<std::string> origins;
  if (list == "none") return origins;
  for (const absl::string_view part : absl::StrSplit(list, ',')) {
    const absl::string_view origin = absl::StripAsciiWhitespace(part);
    if (!IsOrigin(origin)) {
      return absl::InvalidArgumentError(
          "http.allowed_origins must be origins as https://desk.example with commas between, or 'none'; '" + std::string(origin) +
          "' is not one");
    }
    origins.emplace_back(origin);
  }
  return origins;
}

void AllowOrigins(const std::vector<std::string>& origins, httplib::Server& server) {
  if (origins.empty()) return;
  server.Options(".*", [](const httplib::Request&, httplib::Response& response) {
    response.status = 204;
    response.set_header("Access-Control-Allow-Methods", "GET, POST");
    response.set_header("Access-Control-Allow-Headers", kHeaders);
    response.set_header("Access-Control-Max-Age", kPreflightSeconds);
  });
  server.set_post_routing_handler([origins](const httplib::Request& request, httplib::Response& response) {
    response.set_header("Vary", "Origin");
    const std::string origin = request.get_header_value("Origin");
    if (std::find(origins.begin(), origins.end(), origin) == origins.end()) return;
    response.set_header("Access-Control-Allow-Origin", origin);
    response.set_header("Access-Control-Expose-Headers", "Retry-After");
  });
}

}  // namespace demarche::http
