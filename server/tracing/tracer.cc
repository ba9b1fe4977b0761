#include "server/tracing/tracer.h"

namespace demarche::tracing {

std::optional<TraceContext> Tracer::Read(std::string_view traceparent) {
  auto context = ParseTraceparent(traceparent);
  if (!context.has_value()) CountInvalid();
  return context;
}

ItemTracePtr Tracer::Begin(const TraceContext& caller, const char* name) const {
  return std::make_shared<ItemTrace>(caller, name, sink_ ? &sink_ : nullptr);
}

}  // namespace demarche::tracing
