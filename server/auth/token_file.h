#ifndef DEMARCHE_SERVER_AUTH_TOKEN_FILE_H_
#define DEMARCHE_SERVER_AUTH_TOKEN_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/scope.h"

// The file of tokens: a line each, `id:SHA-256 of the token in hex:principal:scopes:expiry`. The tokens themselves are nowhere but
// with those who use them. The expiry is a time as 2026-02-01T00:00:00Z, or `never`. Blank lines and lines that begin with # are
// passed over.
namespace demarche::auth {

struct Token {
  std::string id;      // what it is called: letters, digits, - and _
  std::string sha256;  // hex
  std::string principal;
  Scopes scopes;
  absl::Time expiry = absl::InfiniteFuture();
};

// NOT_FOUND; FAILED_PRECONDITION when others than the owner may read or write the file; INVALID_ARGUMENT names file, line and
// fault.
absl::StatusOr<std::vector<Token>> ReadTokens(const std::string& path);

// A new token of 256 random bits, to be shown once: `dmr_` and 64 hex digits.
std::string MakeToken();
// As it stands in the file.
std::string HashToken(const std::string& token);

// Adds a line; makes the file (0600) when there is none. ALREADY_EXISTS when the id is taken. The file is replaced as a whole, so
// that a server that reads it sees the one or the other.
absl::Status AddToken(const std::string& path, const Token& token);
// Takes the line of an id away. NOT_FOUND.
absl::Status RevokeToken(const std::string& path, const std::string& id);

// A token's line.
std::string ToLine(const Token& token);

}  // namespace demarche::auth

#endif  // DEMARCHE_SERVER_AUTH_TOKEN_FILE_H_
