#include "server/auth/token_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "openssl/rand.h"
#include "pipeline/document/hash.h"

namespace demarche::auth {
namespace {

constexpr char kTokenPrefix[] = "dmr_";
constexpr size_t kTokenBytes = 32;
constexpr size_t kHashDigits = 64;
constexpr size_t kMaxNameBytes = 64;

bool IsName(const std::string& text) {
  return !text.empty() && text.size() <= kMaxNameBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-_.@/", absl::string_view(&c, 1));
  });
}

bool IsHash(const std::string& text) {
  return text.size() == kHashDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
}

absl::Status Invalid(const std::string& what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<Token> ParseLine(const std::string& line) {
  const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 4));
  if (fields.size() != 5) return Invalid("must be id:SHA-256:principal:scopes:expiry");
  Token token{fields[0], absl::AsciiStrToLower(fields[1]), fields[2], {}, absl::InfiniteFuture()};
  if (!IsName(token.id)) return Invalid("the id must be 1 to 64 letters, digits or -_.@/");
  if (!IsHash(token.sha256)) return Invalid("the second field must be 64 hex digits");
  if (!IsName(token.principal)) return Invalid("the principal must be 1 to 64 letters, digits or -_.@/");
  const auto scopes = Scopes::Parse(fields[3]);
  if (!scopes.ok()) return scopes.status();
  token.scopes = *scopes;
  std::string error;
  if (fields[4] != "never" && !absl::ParseTime(absl::RFC3339_full, fields[4], &token.expiry, &error)) {
    return Invalid("the expiry must be 'never' or a time as 2026-02-01T00:00:00Z");
  }
  return token;
}

absl::Status CheckMode(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return absl::NotFoundError(absl::StrCat(path, ": ", strerror(errno)));
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, ": others may read or write it; chmod 600 it"));
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  return text.str();
}

// Beside it, synced, then renamed.
absl::Status Replace(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return absl::UnavailableError(absl::StrCat(beside, ": ", strerror(errno)));
  const bool is_written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
  close(fd);
  if (is_written && rename(beside.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(path, ": ", strerror(errno)));
}

}  // namespace

std::string ToLine(const Token& token) {
  const std::string expiry =
      token.expiry == absl::InfiniteFuture() ? "never" : absl::FormatTime(absl::RFC3339_sec, token.expiry, absl::UTCTimeZone());
  return absl::StrCat(token.id, ":", token.sha256, ":", token.principal, ":", token.scopes.ToString(), ":", expiry);
}

absl::StatusOr<std::vector<Token>> ReadTokens(const std::string& path) {
  if (absl::Status status = CheckMode(path); !status.ok()) return status;
  const auto text = ReadText(path);
  if (!text.ok()) return text.status();
  std::vector<Token> tokens;
  int number = 0;
  for (const std::string& raw : std::vector<std::string>(absl::StrSplit(*text, '\n'))) {
    ++number;
    const std::string line(absl::StripAsciiWhitespace(raw));
    if (line.empty() || line[0] == '#') continue;
    auto token = ParseLine(line);
    if (!token.ok()) return Invalid(absl::StrCat(path, ":", number, ": ", token.status().message()));
    for (const Token& other : tokens) {
      if (other.id == token->id) return Invalid(absl::StrCat(path, ":", number, ": the id '", token->id, "' is there twice"));
    }
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

std::string MakeToken() {
  unsigned char bytes[kTokenBytes];
  if (RAND_bytes(bytes, sizeof(bytes)) != 1) std::abort();  // without randomness there are no secrets
  return kTokenPrefix + ToHex(std::string(reinterpret_cast<const char*>(bytes), sizeof(bytes)));
}

std::string HashToken(const std::string& token) { return ToHex(Sha256({token})); }

absl::Status AddToken(const std::string& path, const Token& token) {
  if (const auto checked = ParseLine(ToLine(token)); !checked.ok()) return checked.status();
  std::string text;
  if (access(path.c_str(), F_OK) == 0) {
    const auto tokens = ReadTokens(path);
    if (!tokens.ok()) return tokens.status();
    for (const Token& other : *tokens) {
      if (other.id == token.id) return absl::AlreadyExistsError(absl::StrCat(path, ": there is a token '", token.id, "' already"));
    }
    const auto before = ReadText(path);
    if (!before.ok()) return before.status();
    text = *before;
    if (!text.empty() && text.back() != '\n') text += '\n';
  }
  return Replace(path, text + ToLine(token) + "\n");
}

absl::Status RevokeToken(const std::string& path, const std::string& id) {
  const auto tokens = ReadTokens(path);
  if (!tokens.ok()) return tokens.status();
  const auto text = ReadText(path);
  if (!text.ok()) return text.status();
  std::vector<std::string> kept;
  bool is_found = false;
  for (std::string& line : std::vector<std::string>(absl::StrSplit(*text, '\n'))) {
    const bool is_it = absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), id + ":");
    is_found |= is_it;
    if (!is_it) kept.push_back(std::move(line));
  }
  if (!is_found) return absl::NotFoundError(absl::StrCat(path, ": no token '", id, "'"));
  return Replace(path, absl::StrJoin(kept, "\n"));
}

}  // namespace demarche::auth
