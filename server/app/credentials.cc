#include "server/app/credentials.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "spdlog/spdlog.h"

namespace demarche::app {
namespace {

constexpr unsigned kTlsReloadSeconds = 2;

bool IsSet(const std::string& setting) { return setting != config::kNone; }

bool AsksForCertificates(const config::Config& config) { return IsSet(config.tls_client_ca_file); }

absl::Status CheckReadable(const char* key, const std::string& path) {
  if (access(path.c_str(), R_OK) == 0) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(key, ": '", path, "': ", strerror(errno)));
}

absl::Status CheckTlsFiles(const config::Config& config) {
  if (IsSet(config.tls_certificate_file) != IsSet(config.tls_key_file)) {
    return absl::InvalidArgumentError("tls.certificate_file and tls.key_file go together");
  }
  if (AsksForCertificates(config) && !IsSet(config.tls_certificate_file)) {
    return absl::InvalidArgumentError("tls.client_ca_file needs tls.certificate_file and tls.key_file");
  }
  for (const auto& [key, path] :
       {std::pair("tls.certificate_file", config.tls_certificate_file), std::pair("tls.key_file", config.tls_key_file),
        std::pair("tls.client_ca_file", config.tls_client_ca_file)}) {
    if (!IsSet(path)) continue;
    if (absl::Status status = CheckReadable(key, path); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// What can be reached from other machines without proof of who calls.
std::string OpenAddresses(const config::Config& config) {
  std::string open;
  if (!IsLoopback(config.listen) && !AsksForCertificates(config)) open = absl::StrCat("server.listen = ", config.listen);
  // The HTTP endpoint speaks no TLS; metrics and health alone tell no one's texts.
  if (config.http_listen != "off" && config.http_api && !IsLoopback(config.http_listen)) {
    absl::StrAppend(&open, open.empty() ? "" : " and ", "http.listen = ", config.http_listen);
  }
  return open;
}

}  // namespace

bool IsLoopback(const std::string& listen) {
  const std::string host = listen.substr(0, listen.rfind(':'));
  return absl::StartsWith(host, "127.") || host == "[::1]" || host == "localhost";
}

std::string OpenNetworkRisk(const config::Config& config) {
  const std::string open = OpenAddresses(config);
  if (open.empty()) return "";
  return absl::StrCat(open, ": other machines reach it without a client certificate, and this gRPC release has no security fixes");
}

absl::Status CheckExposure(const config::Config& config) {
  const std::string risk = OpenNetworkRisk(config);
  if (risk.empty() || config.accept_open_network) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(risk, ": set tls.client_ca_file, or put a proxy before a loopback address, or say --accept-open-network true"));
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(const config::Config& config) {
  if (absl::Status status = CheckTlsFiles(config); !status.ok()) return status;
  if (!IsSet(config.tls_certificate_file)) return grpc::InsecureServerCredentials();
  using grpc::experimental::FileWatcherCertificateProvider;
  const std::string roots = AsksForCertificates(config) ? config.tls_client_ca_file : "";
  auto provider =
      std::make_shared<FileWatcherCertificateProvider>(config.tls_key_file, config.tls_certificate_file, roots, kTlsReloadSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(std::move(provider));
  options.watch_identity_key_cert_pairs();
  if (!roots.empty()) options.watch_root_certs();
  options.set_cert_request_type(roots.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                              : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::unique_ptr<auth::Authenticator>> MakeAuthenticator(const config::Config& config) {
  auth::AuthenticatorOptions options;
  if (IsSet(config.token_file)) options.token_file = config.token_file;
  options.is_tls_mutual = AsksForCertificates(config);
  if (IsSet(config.certificate_scopes)) {
    const auto scopes = auth::Scopes::Parse(config.certificate_scopes);
    if (!scopes.ok()) return absl::InvalidArgumentError(absl::StrCat("auth.certificate_scopes: ", scopes.status().message()));
    options.certificate_scopes = *scopes;
  }
  options.on_reload = [](const absl::Status& status) {
    if (status.ok()) {
      spdlog::info("tokens read anew");
    } else {
      spdlog::error("tokens not read, those before stay: {}", std::string(status.message()));
    }
  };
  return auth::Authenticator::Make(std::move(options));
}

auth::QuotaOptions QuotaOptionsOf(const config::Config& config) {
  auth::QuotaOptions options;
  options.max_streams = static_cast<size_t>(config.quota_streams);
  options.max_filters = static_cast<size_t>(config.quota_filters);
  options.items_per_second = static_cast<double>(config.quota_items_per_second);
  options.bytes_per_second = static_cast<double>(config.quota_bytes_per_second);
  return options;
}

}  // namespace demarche::app
