#ifndef DEMARCHE_SERVER_APP_CREDENTIALS_H_
#define DEMARCHE_SERVER_APP_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "server/auth/authenticator.h"
#include "server/auth/quota.h"
#include "server/config/config.h"

// How the configuration says that the server is reached, and by whom.
namespace demarche::app {

// Whether HOST of HOST:PORT is this machine's alone: a loopback address, localhost, or a socket in the file system.
bool IsLoopback(const std::string& listen);

// FAILED_PRECONDITION when others than this machine could reach the server and nothing proves who they are: an address that is not
// loopback without client certificates, unless auth.accept_open_network says that this is known.
absl::Status CheckExposure(const config::Config& config);
// What an operator who said so is reminded of; empty when nothing is open.
std::string OpenNetworkRisk(const config::Config& config);

// Plaintext, or TLS with the files of the configuration, which are read again when they change. INVALID_ARGUMENT, NOT_FOUND.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(const config::Config& config);

// INVALID_ARGUMENT, and what the token file is refused for.
absl::StatusOr<std::unique_ptr<auth::Authenticator>> MakeAuthenticator(const config::Config& config);
auth::QuotaOptions QuotaOptionsOf(const config::Config& config);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_CREDENTIALS_H_
