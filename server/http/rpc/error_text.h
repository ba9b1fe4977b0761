#ifndef DEMARCHE_SERVER_HTTP_RPC_ERROR_TEXT_H_
#define DEMARCHE_SERVER_HTTP_RPC_ERROR_TEXT_H_

#include <string>

#include "google/rpc/status.pb.h"

// How a call ended, in the words of each protocol.
namespace demarche::http {

// {"code", "message", "details"}: the code by its name; of each detail its type, its bytes in base64 and, where the type is known,
// its JSON (`debug`).
std::string ConnectError(const google::rpc::Status& status);
// {} or {"error": ConnectError}.
std::string ConnectEnd(const google::rpc::Status& status);
// As Connect maps the codes, which differs from HttpCode.
int ConnectHttpCode(int grpc_code);

// grpc-status, grpc-message and grpc-status-details-bin, a line each.
std::string GrpcTrailers(const google::rpc::Status& status);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_RPC_ERROR_TEXT_H_
