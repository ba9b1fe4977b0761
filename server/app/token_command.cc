#include "server/app/token_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/app/exit_code.h"
#include "server/auth/token_file.h"

namespace demarche::app {
namespace {

struct TokenArguments {
  std::string file;
  std::string id;
  std::string principal;
  std::string scopes;
  std::string expires = "90d";
};

int Fail(const absl::Status& status) {
  std::cerr << "demarched: " << std::string(status.message()) << '\n';
  return absl::IsInvalidArgument(status) ? kUsage : kFailed;
}

// `never`, a number of days as 90d, or a time as 2026-02-01T00:00:00Z.
absl::StatusOr<absl::Time> ParseExpiry(const std::string& text) {
  if (text == "never") return absl::InfiniteFuture();
  int days = 0;
  if (!text.empty() && text.back() == 'd' && absl::SimpleAtoi(text.substr(0, text.size() - 1), &days) && days > 0) {
    return absl::Now() + absl::Hours(24) * days;
  }
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return time;
  return absl::InvalidArgumentError(
      absl::StrCat("--expires must be 'never', days as 90d, or a time as 2026-02-01T00:00:00Z, got '", text, "'"));
}

// Prints the token, which nothing keeps, on stdout alone.
int Add(const TokenArguments& arguments) {
  const auto scopes = auth::Scopes::Parse(arguments.scopes);
  if (!scopes.ok()) return Fail(scopes.status());
  const auto expiry = ParseExpiry(arguments.expires);
  if (!expiry.ok()) return Fail(expiry.status());
  const std::string token = auth::MakeToken();
  const absl::Status status =
      auth::AddToken(arguments.file, {.id = arguments.id,
                                      .sha256 = auth::HashToken(token),
                                      .principal = arguments.principal.empty() ? arguments.id : arguments.principal,
                                      .scopes = *scopes,
                                      .expiry = *expiry});
  if (!status.ok()) return Fail(status);
  std::cout << token << std::endl;
  return kOk;
}

int List(const TokenArguments& arguments) {
  const auto tokens = auth::ReadTokens(arguments.file);
  if (!tokens.ok()) return Fail(tokens.status());
  for (const auth::Token& token : *tokens) {
    const bool is_expired = absl::Now() >= token.expiry;
    std::cout << token.id << '\t' << token.principal << '\t' << token.scopes.ToString() << '\t'
              << (token.expiry == absl::InfiniteFuture() ? "never" : absl::FormatTime(token.expiry, absl::UTCTimeZone()))
              << (is_expired ? "\texpired" : "") << '\n';
  }
  return kOk;
}

int Revoke(const TokenArguments& arguments) {
  const absl::Status status = auth::RevokeToken(arguments.file, arguments.id);
  return status.ok() ? kOk : Fail(status);
}

}  // namespace

void AddTokenCommand(CLI::App& app, int& code) {
  CLI::App* command =
      app.add_subcommand("token", "Who may call: add, list or revoke tokens. A running server notices within a second");
  command->require_subcommand(1);
  const auto arguments = std::make_shared<TokenArguments>();
  command->add_option("--file", arguments->file, "The token file (auth.token_file); holds hashes only")->required();
  command->fallthrough();

  CLI::App* add = command->add_subcommand("add", "Make a token and print it, once");
  add->add_option("ID", arguments->id, "What it is called")->required();
  add->add_option("--principal", arguments->principal, "Who it stands for; the id when left out. Several tokens may stand for one");
  add->add_option("--scopes", arguments->scopes,
                  "What it may do: publish, subscribe, read-history, classify, manage-subscriptions, admin; several with commas "
                  "between; or all")
      ->required();
  add->add_option("--expires", arguments->expires, "'never', days as 90d, or a time as 2026-02-01T00:00:00Z")
      ->capture_default_str();
  add->callback([&code, arguments] { code = Add(*arguments); });

  CLI::App* list = command->add_subcommand("list", "Print id, principal, scopes and expiry of each");
  list->callback([&code, arguments] { code = List(*arguments); });

  CLI::App* revoke = command->add_subcommand("revoke", "Take a token away; streams that it opened go on until they end");
  revoke->add_option("ID", arguments->id, "What it is called")->required();
  revoke->callback([&code, arguments] { code = Revoke(*arguments); });
}

}  // namespace demarche::app
