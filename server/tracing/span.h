#ifndef DEMARCHE_SERVER_TRACING_SPAN_H_
#define DEMARCHE_SERVER_TRACING_SPAN_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/tracing/trace_context.h"

namespace demarche::tracing {

// A piece of work on an item.
struct Span {
  TraceContext context;  // its own id
  std::string parent_span_id;
  std::string name;
  bool is_server = false;  // it answers a call; otherwise a step within
  int64_t start_ns = 0;    // since 1970 UTC
  int64_t end_ns = 0;
  std::vector<std::pair<std::string, std::variant<std::string, int64_t>>> attributes;
  std::string error;  // why it failed; empty when it did not
};

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_SPAN_H_
