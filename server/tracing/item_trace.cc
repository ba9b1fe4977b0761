#include "server/tracing/item_trace.h"

#include <utility>

namespace demarche::tracing {
namespace {

int64_t SystemNs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

ItemTrace::ItemTrace(TraceContext caller, const char* name, const Sink* sink) : tracestate_(caller.state) {
  if (sink == nullptr || !caller.is_sampled()) {
    traceparent_ = ToTraceparent(caller);
    return;
  }
  Span whole;
  whole.context = {caller.trace_id, NewSpanId(), caller.flags, caller.state};
  whole.parent_span_id = std::move(caller.span_id);
  whole.name = name;
  whole.is_server = true;
  whole.start_ns = SystemNs();
  traceparent_ = ToTraceparent(whole.context);
  recording_.emplace(Recording{*sink, whole.start_ns, std::chrono::steady_clock::now(), {}});
  recording_->spans.push_back(std::move(whole));
}

int64_t ItemTrace::NowNs() const {
  const auto passed = std::chrono::steady_clock::now() - recording_->start;
  return recording_->start_ns + std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count();
}

void ItemTrace::Enter(const char* step) {
  if (!recording_.has_value()) return;
  Leave();
  const Span& whole = recording_->spans.front();
  Span span;
  span.context = {whole.context.trace_id, NewSpanId(), whole.context.flags, tracestate_};
  span.parent_span_id = whole.context.span_id;
  span.name = step;
  span.start_ns = NowNs();
  recording_->spans.push_back(std::move(span));
  recording_->is_in_step = true;
}

void ItemTrace::Leave() {
  if (!recording_.has_value() || !recording_->is_in_step) return;
  recording_->spans.back().end_ns = NowNs();
  recording_->is_in_step = false;
}

void ItemTrace::Note(const char* key, std::variant<std::string, int64_t> value) {
  if (recording_.has_value()) Current().attributes.emplace_back(key, std::move(value));
}

void ItemTrace::End(const absl::Status& status) {
  if (!recording_.has_value()) return;
  Leave();
  Span& whole = recording_->spans.front();
  whole.end_ns = NowNs();
  if (!status.ok()) whole.error = status.ToString(absl::StatusToStringMode::kWithNoExtraData);
  recording_->sink(std::move(recording_->spans));
  recording_.reset();
}

}  // namespace demarche::tracing
