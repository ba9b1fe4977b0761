#include "pipeline/segment/dateline.h"

#include <algorithm>
#include <string_view>

#include "pipeline/segment/characters.h"

namespace demarche::segment {
namespace {

using document::Token;

constexpr int kMaxBareTokens = 3;    // before the dash in 'Addis Ababa - Ethiopia said ...'
constexpr int kMinReportTokens = 3;  // behind it

bool IsDash(const std::vector<Token>& tokens, int at) {
  const std::string_view text = tokens[at].text;
  if (text == "\u2014" || text == "\u2013" || text == "--") return true;
  return text == "-" && tokens[at - 1].span.end < tokens[at].span.begin && tokens[at].span.end < tokens[at + 1].span.begin;
}

int32_t First(const Token& token) { return CharacterAt(token.text, 0).code_point; }

bool IsInCapitals(const Token& token) {
  return IsUpper(First(token)) && token.text.size() > 1 && std::none_of(token.text.begin(), token.text.end(), IsLower);
}

}  // namespace

uint16_t DatelineEnd(const std::vector<Token>& tokens) {
  const int size = static_cast<int>(tokens.size()), last = std::min(size - kMinReportTokens, kMaxDatelineTokens);
  if (size == 0 || !IsUpper(First(tokens[0]))) return 0;
  int dash = 1, brackets = 0;
  bool has_date = false;
  for (; dash < last && !IsDash(tokens, dash); ++dash) {
    const int32_t first = First(tokens[dash]);
    brackets += first == '(' ? 1 : 0;
    has_date |= IsDigit(first);
    if (first == ')' || brackets > 0) continue;
    if (IsLower(first) || !(IsWord(first) || first == ',' || first == '.' || first == '/')) return 0;
  }
  if (dash >= last) return 0;
  const bool is_bare = dash <= kMaxBareTokens && !IsLower(First(tokens[dash + 1]));
  const auto is_dash = [&](const Token& token) { return IsDash(tokens, static_cast<int>(&token - tokens.data())); };
  const bool is_aside = std::any_of(tokens.begin() + dash + 1, tokens.end() - 1, is_dash);  // 'Kenya - a neighbour - said'
  if (!IsInCapitals(tokens[0]) && brackets == 0 && !has_date && (!is_bare || is_aside)) return 0;
  return static_cast<uint16_t>(dash + 1);
}

}  // namespace demarche::segment
