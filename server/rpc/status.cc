#include "server/rpc/status.h"

#include "server/error/error.h"

namespace demarche::rpc {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status full = error::ToRpc(status);
  return {static_cast<grpc::StatusCode>(full.code()), full.message(), full.SerializeAsString()};
}

}  // namespace demarche::rpc
