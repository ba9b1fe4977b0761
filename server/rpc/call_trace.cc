#include "server/rpc/call_trace.h"

#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"

namespace demarche::rpc {
namespace {

constexpr char kTraceparentKey[] = "traceparent";
constexpr char kTracestateKey[] = "tracestate";

// Several are one list.
std::string TracestateOf(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range(kTracestateKey);
  std::string all;
  for (auto header = first; header != last; ++header) {
    absl::StrAppend(&all, all.empty() ? "" : ",", absl::string_view(header->second.data(), header->second.size()));
  }
  return tracing::ParseTracestate(all);
}

}  // namespace

CallTrace::CallTrace(const grpc::CallbackServerContext& context, tracing::Tracer& tracer) : tracer_(tracer) {
  const auto [first, last] = context.client_metadata().equal_range(kTraceparentKey);
  const auto count = std::distance(first, last);
  if (count == 1) context_ = tracer_.Read({first->second.data(), first->second.size()});
  if (context_.has_value()) context_->state = TracestateOf(context);
  if (count > 1) tracer_.CountInvalid();  // as the specification says: none is to be trusted
}

tracing::ItemTracePtr CallTrace::Begin(const char* name, std::string_view own) const {
  std::optional<tracing::TraceContext> of_item;
  if (!own.empty()) of_item = tracer_.Read(own);
  if (of_item.has_value()) return tracer_.Begin(*of_item, name);
  return context_.has_value() ? tracer_.Begin(*context_, name) : nullptr;
}

void EndTrace(tracing::ItemTrace* trace, const absl::StatusOr<ingest::Published>& answer) {
  if (trace == nullptr) return;
  if (answer.ok()) {
    trace->Note("demarche.news_item_id", answer->news_item_id);
    trace->Note("demarche.outcome", v1::PublishOutcome_Name(answer->outcome));
    trace->Note("demarche.event_count", static_cast<int64_t>(answer->event_ids.size()));
  }
  trace->End(answer.status());
}

}  // namespace demarche::rpc
