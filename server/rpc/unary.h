#ifndef DEMARCHE_SERVER_RPC_UNARY_H_
#define DEMARCHE_SERVER_RPC_UNARY_H_

#include <functional>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/threads/executor.h"

namespace demarche::rpc {

// Ends a unary call at once.
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, const absl::Status& status);

// Ends a unary call with what the job returns. The job runs on the executor, where it may read the log; request and response live
// until it returned. QUOTA_EXCEEDED when too many wait already.
grpc::ServerUnaryReactor* AnswerOn(threads::Executor& executor, grpc::CallbackServerContext* context,
                                   std::function<absl::Status()> job);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_UNARY_H_
