#ifndef DEMARCHE_CLIENT_CPP_TOKEN_H_
#define DEMARCHE_CLIENT_CPP_TOKEN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/support/client_interceptor.h"

namespace demarche::client {

// The first line of the file without white space around it; an error when there is none.
absl::StatusOr<std::string> ReadToken(const std::string& path);

// Adds `authorization: Bearer TOKEN` to each call, with the token that the file holds then. A call for which it cannot be read goes
// without: the server's answer says so. Any thread.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> MakeTokenInterceptor(std::string path);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_TOKEN_H_
