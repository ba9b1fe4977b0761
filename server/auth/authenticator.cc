#include "server/auth/authenticator.h"

#include <sys/stat.h>

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "openssl/crypto.h"
#include "pipeline/document/strings.h"
#include "server/error/error.h"

namespace demarche::auth {
namespace {

constexpr char kBearer[] = "bearer ";
constexpr size_t kBearerBytes = sizeof(kBearer) - 1;

absl::Status Unauthenticated(v1::ErrorReason reason, const std::string& message) {
  return error::Make(absl::StatusCode::kUnauthenticated, reason, message);
}

// Says whether a file is another one than before.
std::string StampOf(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return "";
  return absl::StrCat(found.st_ino, "/", found.st_size, "/", found.st_mtim.tv_sec, ".", found.st_mtim.tv_nsec, "/", found.st_mode);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> Authenticator::Make(AuthenticatorOptions options) {
  auto authenticator = std::unique_ptr<Authenticator>(new Authenticator(std::move(options)));
  if (authenticator->options_.token_file.empty()) return authenticator;
  absl::MutexLock lock(&authenticator->mutex_);
  if (absl::Status status = authenticator->Load(); !status.ok()) return status;
  return authenticator;
}

absl::Status Authenticator::Load() {
  stamp_ = StampOf(options_.token_file);
  auto tokens = ReadTokens(options_.token_file);
  if (!tokens.ok()) return tokens.status();
  tokens_ = *std::move(tokens);
  return absl::OkStatus();
}

void Authenticator::ReloadIfChanged() {
  const absl::Time now = options_.now();
  if (now - looked_ < absl::Seconds(1)) return;
  looked_ = now;
  if (StampOf(options_.token_file) == stamp_) return;
  const absl::Status status = Load();
  if (options_.on_reload) options_.on_reload(status);
}

absl::StatusOr<Identity> Authenticator::FindToken(std::string_view authorization) {
  if (!absl::StartsWithIgnoreCase(View(authorization), kBearer)) {
    return Unauthenticated(v1::ERROR_REASON_TOKEN_INVALID, "authorization: must be 'Bearer TOKEN'");
  }
  const std::string hash = HashToken(std::string(authorization.substr(kBearerBytes)));
  absl::MutexLock lock(&mutex_);
  ReloadIfChanged();
  const Token* found = nullptr;
  for (const Token& token : tokens_) {  // all of them, each in constant time: how long it takes tells nothing
    if (CRYPTO_memcmp(token.sha256.data(), hash.data(), hash.size()) == 0) found = &token;
  }
  if (found == nullptr) return Unauthenticated(v1::ERROR_REASON_TOKEN_INVALID, "the token is not known");
  if (options_.now() >= found->expiry) {
    return Unauthenticated(v1::ERROR_REASON_TOKEN_EXPIRED,
                           absl::StrCat("the token '", found->id, "' has expired: ask for a new one"));
  }
  return Identity{found->principal, found->id, found->scopes};
}

absl::StatusOr<Identity> Authenticator::Authenticate(const Credentials& credentials) {
  if (is_open()) return Identity{kAnonymous, "", Scopes::All()};
  if (!credentials.authorization.empty() && !options_.token_file.empty()) {
    if (credentials.is_private) return FindToken(credentials.authorization);
    return Unauthenticated(v1::ERROR_REASON_TOKEN_INVALID, "a token that came over an open network without TLS is not accepted");
  }
  if (!credentials.certificate_subject.empty()) {
    return Identity{std::string(credentials.certificate_subject), "", options_.certificate_scopes};
  }
  return Unauthenticated(v1::ERROR_REASON_TOKEN_MISSING, "no token: send 'authorization: Bearer TOKEN'");
}

absl::Status CheckScope(std::string_view method, const Identity& identity) {
  const auto scope = ScopeOf(method);
  if (scope.has_value() && identity.scopes.Has(*scope)) return absl::OkStatus();
  const std::string wanted = scope.has_value() ? std::string(ScopeName(*scope)) : "(none gives it)";
  return error::Make(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_SCOPE_MISSING,
                     absl::StrCat("'", identity.principal, "' may not call ", View(method), ": it lacks the scope '", wanted, "'"),
                     {.metadata = {{"scope", wanted}}});
}

}  // namespace demarche::auth
