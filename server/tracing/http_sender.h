#ifndef DEMARCHE_SERVER_TRACING_HTTP_SENDER_H_
#define DEMARCHE_SERVER_TRACING_HTTP_SENDER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/tracing/exporter.h"

namespace demarche::tracing {

// Where a collector takes spans.
struct Endpoint {
  std::string authority;  // HOST[:PORT], as it was given
  std::string host;       // an IPv6 address without its brackets
  int port = 0;
  std::string path;  // ends in /v1/traces
};

// Of http://HOST[:PORT][/PATH], to which /v1/traces is added. INVALID_ARGUMENT.
absl::StatusOr<Endpoint> ParseEndpoint(const std::string& url);

// Posts JSON to a collector, over a connection that is kept.
std::unique_ptr<Sender> NewHttpSender(const Endpoint& endpoint);

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_HTTP_SENDER_H_
