#include "server/http/call_context.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"

namespace demarche::http {
namespace {

// gRPC aborts on a header that it cannot send.
void Pass(const char* name, const std::string& value, grpc::ClientContext& context) {
  const bool can_be_sent = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!value.empty() && can_be_sent) context.AddMetadata(name, value);
}

}  // namespace

std::unique_ptr<grpc::ClientContext> ContextOf(const httplib::Request& request) {
  auto context = std::make_unique<grpc::ClientContext>();
  Pass("x-request-id", request.get_header_value("x-request-id"), *context);
  // All there are: more than one is for the service to see.
  for (const char* name : {"traceparent", "tracestate"}) {
    const auto [first, last] = request.headers.equal_range(name);
    for (auto header = first; header != last; ++header) Pass(name, header->second, *context);
  }
  // A token that came over an open network without TLS is not passed on.
  const bool is_from_here = absl::StartsWith(request.remote_addr, "127.") || request.remote_addr == "::1";
  if (is_from_here) Pass("authorization", request.get_header_value("authorization"), *context);
  return context;
}

}  // namespace demarche::http
