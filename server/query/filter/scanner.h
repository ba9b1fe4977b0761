#ifndef DEMARCHE_SERVER_QUERY_FILTER_SCANNER_H_
#define DEMARCHE_SERVER_QUERY_FILTER_SCANNER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demarche::query {

// What is wrong with a filter, in plain words, and where: a byte of its text, counted from 1.
struct FilterError {
  std::string message;
  size_t column = 1;
};

enum class TokenKind { kWord, kString, kOperator, kOpen, kClose, kMinus, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  // of a string: without quotes and escapes
  size_t column = 1;
};

// Cuts a filter into tokens, the last of them kEnd. A '-' right after an operator belongs to the value; elsewhere, at the
// start of a word, it is kMinus. Sets `error` and returns nothing when the text cannot be cut.
std::optional<std::vector<Token>> Scan(std::string_view text, FilterError& error);

// `text` between single quotes, shortened when it is long, for messages.
std::string Quoted(std::string_view text);

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_SCANNER_H_
