#ifndef DEMARCHE_SERVER_RPC_STATUS_H_
#define DEMARCHE_SERVER_RPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace demarche::rpc {

// The one place where a status of ours becomes one of gRPC: code and message, and the google.rpc.Status with its details in
// `grpc-status-details-bin`. An error without a reason gets the one its code stands for.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_STATUS_H_
