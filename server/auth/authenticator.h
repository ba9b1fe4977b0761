#ifndef DEMARCHE_SERVER_AUTH_AUTHENTICATOR_H_
#define DEMARCHE_SERVER_AUTH_AUTHENTICATOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/auth/scope.h"
#include "server/auth/token_file.h"

namespace demarche::auth {

inline constexpr char kAnonymous[] = "anonymous";

// Who calls, and what they may do.
struct Identity {
  std::string principal = kAnonymous;
  std::string token_id;  // empty without one
  Scopes scopes;
};

// What is known of a call before it is read.
struct Credentials {
  std::string_view authorization;        // the header; empty when there is none
  std::string_view certificate_subject;  // of a client certificate that was verified; empty without
  bool is_private = true;                // over TLS, or from this machine
};

struct AuthenticatorOptions {
  std::string token_file;      // empty: no tokens are asked for
  bool is_tls_mutual = false;  // client certificates are asked for
  Scopes certificate_scopes;   // of a client certificate without a token
  std::function<absl::Time()> now = absl::Now;
  std::function<void(const absl::Status&)> on_reload;  // after the file has changed: read, or why not
};

// Says who calls. Without a token file and without client certificates everybody is `anonymous` and may do everything. A token file
// that has changed is read again, looked at once a second at most; one that is not valid leaves the tokens as they were. Any
// thread.
class Authenticator {
 public:
  // What ReadTokens says when the file cannot be used.
  static absl::StatusOr<std::unique_ptr<Authenticator>> Make(AuthenticatorOptions options);

  // UNAUTHENTICATED TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED.
  absl::StatusOr<Identity> Authenticate(const Credentials& credentials) ABSL_LOCKS_EXCLUDED(mutex_);

  bool is_open() const { return options_.token_file.empty() && !options_.is_tls_mutual; }

 private:
  explicit Authenticator(AuthenticatorOptions options) : options_(std::move(options)) {}
  absl::Status Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReloadIfChanged() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Identity> FindToken(std::string_view authorization) ABSL_LOCKS_EXCLUDED(mutex_);

  const AuthenticatorOptions options_;
  absl::Mutex mutex_;
  std::vector<Token> tokens_ ABSL_GUARDED_BY(mutex_);
  std::string stamp_ ABSL_GUARDED_BY(mutex_);  // of the file as it was read last
  absl::Time looked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// PERMISSION_DENIED SCOPE_MISSING when the method asks for a scope that the caller lacks, or has no row in the table.
absl::Status CheckScope(std::string_view method, const Identity& identity);

}  // namespace demarche::auth

#endif  // DEMARCHE_SERVER_AUTH_AUTHENTICATOR_H_
