#ifndef DEMARCHE_SERVER_TRACING_TRACER_H_
#define DEMARCHE_SERVER_TRACING_TRACER_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "server/tracing/item_trace.h"
#include "server/tracing/trace_context.h"

namespace demarche::tracing {

// Begins the traces of items. Any thread; outlives them.
class Tracer {
 public:
  // Without a sink traces are carried on and nothing is recorded.
  explicit Tracer(Sink sink = nullptr) : sink_(std::move(sink)) {}

  // Parses what a caller sent; counts what is to be ignored.
  std::optional<TraceContext> Read(std::string_view traceparent);
  // Something that cannot be read came in its place.
  void CountInvalid() { ++invalid_count_; }
  ItemTracePtr Begin(const TraceContext& caller, const char* name) const;

  uint64_t invalid_count() const { return invalid_count_; }

 private:
  const Sink sink_;
  std::atomic<uint64_t> invalid_count_{0};
};

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_TRACER_H_
