#include "server/rpc/unary.h"

#include <utility>

#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/rpc/status.h"

namespace demarche::rpc {

grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

grpc::ServerUnaryReactor* AnswerOn(threads::Executor& executor, grpc::CallbackServerContext* context,
                                   std::function<absl::Status()> job) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool is_taken = executor.Run([context, reactor, job = std::move(job)] {
    // Nobody waits any more for what was cancelled, by the client or at the end of a drain.
    reactor->Finish(context->IsCancelled() ? grpc::Status::CANCELLED : ToGrpc(job()));
  });
  if (!is_taken) {
    reactor->Finish(ToGrpc(error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
                                       "too many requests are waiting", {.retry_after = limits::kRetryWhenFull})));
  }
  return reactor;
}

}  // namespace demarche::rpc
