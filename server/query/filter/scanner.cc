#include "server/query/filter/scanner.h"

#include <unicode/utf8.h>

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/limits/limits.h"

namespace demarche::query {
namespace {

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isalnum(byte) || byte >= 0x80 || c == '_' || c == '.' || c == '/' || c == '+' || c == '*' || c == '-';
}

// Index of the first byte that is not valid UTF-8 or is a control character other than white space; npos when there is none.
size_t FindBadByte(std::string_view text) {
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    const int32_t begin = i;
    int32_t code_point = 0;
    U8_NEXT(text.data(), i, length, code_point);
    if (code_point < 0) return begin;
    if (code_point < 0x80 && absl::ascii_iscntrl(static_cast<unsigned char>(code_point)) &&
        !absl::ascii_isspace(static_cast<unsigned char>(code_point))) {
      return begin;
    }
  }
  return std::string_view::npos;
}

// Cuts one text; used once, on the stack of Scan.
class Scanner {
 public:
  Scanner(std::string_view text, FilterError& error) : text_(text), error_(error) {}

  std::optional<std::vector<Token>> Run() {
    while (SkipSpace()) {
      if (!ScanToken()) return std::nullopt;
    }
    Add(TokenKind::kEnd, "", text_.size());
    return std::move(tokens_);
  }

 private:
  bool SkipSpace() {
    while (next_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[next_]))) ++next_;
    return next_ < text_.size();
  }

  bool ScanToken() {
    const char c = text_[next_];
    const bool is_value = !tokens_.empty() && tokens_.back().kind == TokenKind::kOperator;
    if (c == '"' || c == '\'') return ScanString(c);
    if (c == '(' || c == ')') return AddBytes(c == '(' ? TokenKind::kOpen : TokenKind::kClose, 1);
    if (c == '-' && !is_value) return AddBytes(TokenKind::kMinus, 1);
    if (IsWordByte(c)) return ScanWord();
    return ScanOperator();
  }

  bool ScanWord() {
    size_t end = next_;
    while (end < text_.size() && IsWordByte(text_[end])) ++end;
    return AddBytes(TokenKind::kWord, end - next_);
  }

  bool ScanOperator() {
    const std::string_view rest = text_.substr(next_);
    for (std::string_view wrong : {"==", "&&", "||", "<>", "=~", "!~"}) {
      if (rest.substr(0, wrong.size()) != wrong) continue;
      const std::string_view right = wrong == "==" ? "=" : wrong == "&&" ? "AND" : wrong == "||" ? "OR" : wrong == "<>" ? "!=" : "";
      return Fail(next_, right.empty() ? "there are no patterns in this language; compare whole values with = or :"
                                       : Quoted(wrong) + " is not an operator; write " + std::string(right));
    }
    for (std::string_view op : {"<=", ">=", "!=", "=", "<", ">", ":"}) {
      if (rest.substr(0, op.size()) == op) return AddBytes(TokenKind::kOperator, op.size());
    }
    if (rest.front() == '!') return Fail(next_, "'!' is not an operator; write NOT or -");
    return Fail(next_, Quoted(rest.substr(0, 1)) + " has no meaning here; put text into quotation marks");
  }

  bool ScanString(char quote) {
    std::string value;
    for (size_t i = next_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        Add(TokenKind::kString, std::move(value), next_);
        next_ = i + 1;
        return true;
      }
      if (text_[i] == '\\') {
        ++i;
        const bool is_known = i < text_.size() && (text_[i] == '\\' || text_[i] == '"' || text_[i] == '\'');
        if (!is_known) return Fail(i - 1, "a backslash stands only before a quotation mark or another backslash");
      }
      value += text_[i];
    }
    return Fail(next_, "the quotation mark is not closed");
  }

  bool AddBytes(TokenKind kind, size_t size) {
    Add(kind, std::string(text_.substr(next_, size)), next_);
    next_ += size;
    return true;
  }

  void Add(TokenKind kind, std::string text, size_t begin) { tokens_.push_back({kind, std::move(text), begin + 1}); }

  bool Fail(size_t index, std::string message) {
    error_ = {std::move(message), index + 1};
    return false;
  }

  const std::string_view text_;
  FilterError& error_;
  size_t next_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::optional<std::vector<Token>> Scan(std::string_view text, FilterError& error) {
  if (text.size() > limits::kMaxFilterBytes) {
    error = {"the filter has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(limits::kMaxFilterBytes) +
                 " are allowed",
             limits::kMaxFilterBytes + 1};
    return std::nullopt;
  }
  if (const size_t bad = FindBadByte(text); bad != std::string_view::npos) {
    error = {"a control character or a byte that is not UTF-8", bad + 1};
    return std::nullopt;
  }
  return Scanner(text, error).Run();
}

std::string Quoted(std::string_view text) {
  constexpr size_t kMaxQuotedBytes = 40;
  if (text.size() <= kMaxQuotedBytes) return absl::StrCat("'", std::string(text), "'");
  size_t end = kMaxQuotedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat("'", std::string(text.substr(0, end)), "...'");
}

}  // namespace demarche::query
