#ifndef DEMARCHE_SERVER_TRACING_ITEM_TRACE_H_
#define DEMARCHE_SERVER_TRACING_ITEM_TRACE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "server/tracing/span.h"
#include "server/tracing/trace_context.h"

namespace demarche::tracing {

// Takes the spans of an item when it is answered. Called from any thread; must not block.
using Sink = std::function<void(std::vector<Span>)>;

// The trace of one item, from its receipt to its answer: what its events carry and, when it is recorded, a span for the whole with
// one for each step. Goes along with the item and is used by one thread at a time.
class ItemTrace {
 public:
  // Recorded when there is a sink, which outlives it, and the caller's trace is sampled.
  ItemTrace(TraceContext caller, const char* name, const Sink* sink);

  // What goes on with what comes of the item: names the span of the whole when that is recorded, otherwise the caller's.
  const std::string& traceparent() const { return traceparent_; }
  // The caller's, to go on beside it.
  const std::string& tracestate() const { return tracestate_; }

  // A step begins, now that the one before has ended. Nothing happens in a trace that is not recorded.
  void Enter(const char* step);
  void Leave();
  // Says something of the step under way, or of the whole between steps.
  void Note(const char* key, std::variant<std::string, int64_t> value);
  // The item is answered: the spans go to the sink. Once.
  void End(const absl::Status& status);

 private:
  struct Recording {
    const Sink& sink;
    int64_t start_ns;  // since 1970 UTC
    std::chrono::steady_clock::time_point start;
    std::vector<Span> spans;  // the whole, then the steps
    bool is_in_step = false;
  };
  // Goes on from the start by a clock that does not jump.
  int64_t NowNs() const;
  Span& Current() { return recording_->is_in_step ? recording_->spans.back() : recording_->spans.front(); }

  std::string traceparent_;
  const std::string tracestate_;
  std::optional<Recording> recording_;
};

// Null for an item without a trace, which is what most are.
using ItemTracePtr = std::shared_ptr<ItemTrace>;

// A step that lasts as long as this. Nothing for a null trace.
class Step {
 public:
  Step(ItemTrace* trace, const char* name) : trace_(trace) {
    if (trace_ != nullptr) trace_->Enter(name);
  }
  ~Step() {
    if (trace_ != nullptr) trace_->Leave();
  }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

 private:
  ItemTrace* const trace_;
};

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_ITEM_TRACE_H_
