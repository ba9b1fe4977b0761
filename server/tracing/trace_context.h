#ifndef DEMARCHE_SERVER_TRACING_TRACE_CONTEXT_H_
#define DEMARCHE_SERVER_TRACING_TRACE_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace demarche::tracing {

// Where a call stands in a trace, as its header `traceparent` says (https://www.w3.org/TR/trace-context-2).
struct TraceContext {
  std::string trace_id;  // 32 hex digits, not all 0
  std::string span_id;   // 16 hex digits, not all 0: the span that the call is a part of
  uint8_t flags = 0;
  std::string state{};  // what tracing systems say beside it, as the header `tracestate`; empty when they say nothing

  bool is_sampled() const { return (flags & 1) != 0; }
};

// Nothing for a value that is to be ignored. Of versions after 00 what 00 knows is taken; flags that it does not know are dropped.
std::optional<TraceContext> ParseTraceparent(std::string_view value);

// What is carried on of a `tracestate`: its members, as many from the first as fit into 32 and 512 bytes. Empty when one of them is
// none.
std::string ParseTracestate(std::string_view value);

// The value of `traceparent`, in version 00.
std::string ToTraceparent(const TraceContext& context);

// 16 random hex digits, not all 0.
std::string NewSpanId();

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_TRACE_CONTEXT_H_
