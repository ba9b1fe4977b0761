#ifndef DEMARCHE_SERVER_RPC_CALL_TRACE_H_
#define DEMARCHE_SERVER_RPC_CALL_TRACE_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "server/ingest/ticket.h"
#include "server/tracing/tracer.h"

namespace demarche::rpc {

// Where a call stands in a trace, by its metadata. The tracer outlives it.
class CallTrace {
 public:
  CallTrace(const grpc::CallbackServerContext& context, tracing::Tracer& tracer);

  // The trace of an item of the call: by what came with the item itself, or by the call. Null when neither is of a trace.
  tracing::ItemTracePtr Begin(const char* name, std::string_view own = {}) const;

 private:
  tracing::Tracer& tracer_;
  std::optional<tracing::TraceContext> context_;
};

// Ends the trace of an item with what it is answered; nothing for a null trace.
void EndTrace(tracing::ItemTrace* trace, const absl::StatusOr<ingest::Published>& answer);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_CALL_TRACE_H_
