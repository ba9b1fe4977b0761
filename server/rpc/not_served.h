#ifndef DEMARCHE_SERVER_RPC_NOT_SERVED_H_
#define DEMARCHE_SERVER_RPC_NOT_SERVED_H_

#include <string>
#include <utility>

#include "grpcpp/support/server_callback.h"
#include "server/error/error.h"
#include "server/rpc/status.h"

namespace demarche::rpc {

// A bidirectional call that is not served yet: ends at once with NOT_SERVED. Deletes itself when done.
template <typename Request, typename Response>
class NotServedStream : public grpc::ServerBidiReactor<Request, Response> {
 public:
  explicit NotServedStream(const std::string& rpc) { this->Finish(ToGrpc(error::NotServed(rpc))); }
  void OnDone() override { delete this; }
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_NOT_SERVED_H_
