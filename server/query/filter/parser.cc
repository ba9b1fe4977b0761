#include "server/query/filter/parser.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/limits/limits.h"

namespace demarche::query {
namespace {

using Kind = Expression::Kind;

bool IsKeyword(const Token& token, const char* keyword) { return token.kind == TokenKind::kWord && token.text == keyword; }

// Recursive descent over the grammar in ../README.md, one function a rule; used once, on the stack of Parse.
class Parser {
 public:
  Parser(std::vector<Token> tokens, FilterError& error) : tokens_(std::move(tokens)), error_(error) {}

  std::optional<Expression> Run() {
    if (Peek().kind == TokenKind::kEnd) return Expression{};
    std::optional<Expression> expression = ParseExpression();
    if (!expression.has_value()) return std::nullopt;
    if (Peek().kind == TokenKind::kClose) return Fail(Peek(), "this parenthesis was not opened");
    return expression;
  }

 private:
  std::optional<Expression> ParseExpression() {
    return ParseList(
        Kind::kAll, [this] { return ParseSequence(); }, [this] { return Accept("AND"); });
  }

  std::optional<Expression> ParseSequence() {
    return ParseList(
        Kind::kAll, [this] { return ParseFactor(); }, [this] { return StartsTerm(); });
  }

  std::optional<Expression> ParseFactor() {
    return ParseList(
        Kind::kAny, [this] { return ParseTerm(); }, [this] { return Accept("OR"); });
  }

  // One or more parts while `goes_on`; a single part is given back as it is.
  template <typename Part, typename GoesOn>
  std::optional<Expression> ParseList(Kind kind, Part part, GoesOn goes_on) {
    Expression list{.kind = kind, .comparison = {}, .children = {}};
    do {
      std::optional<Expression> child = part();
      if (!child.has_value()) return std::nullopt;
      list.children.push_back(*std::move(child));
    } while (goes_on());
    if (list.children.size() == 1) return std::move(list.children.front());
    return list;
  }

  std::optional<Expression> ParseTerm() {
    if (!Accept("NOT") && !AcceptMinus()) return ParseSimple();
    if (IsKeyword(Peek(), "NOT") || Peek().kind == TokenKind::kMinus) {
      return Fail(Peek(), "NOT stands once; put what it applies to into parentheses");
    }
    std::optional<Expression> simple = ParseSimple();
    if (!simple.has_value()) return std::nullopt;
    Expression negation{.kind = Kind::kNot, .comparison = {}, .children = {}};
    negation.children.push_back(*std::move(simple));
    return negation;
  }

  std::optional<Expression> ParseSimple() { return Peek().kind == TokenKind::kOpen ? ParseComposite() : ParseRestriction(); }

  std::optional<Expression> ParseComposite() {
    const Token open = Take();
    if (++depth_ > limits::kMaxFilterDepth) {
      return Fail(open,
                  absl::StrCat("parentheses are nested ", depth_, " deep; at most ", limits::kMaxFilterDepth, " are allowed"));
    }
    std::optional<Expression> expression = ParseExpression();
    if (!expression.has_value()) return std::nullopt;
    if (Peek().kind != TokenKind::kClose) return Fail(open, "this parenthesis is not closed");
    Take();
    --depth_;
    return expression;
  }

  std::optional<Expression> ParseRestriction() {
    const Token name = Take();
    if (name.kind != TokenKind::kWord || IsReserved(name)) return Fail(name, "a field is expected here" + After(name));
    if (++terms_ > limits::kMaxFilterTerms) {
      return Fail(name, absl::StrCat("more than ", limits::kMaxFilterTerms, " comparisons; at most ", limits::kMaxFilterTerms,
                                     " are allowed"));
    }
    if (Peek().kind != TokenKind::kOperator) return FailWithoutOperator(name);
    const Token op = Take();
    const Token value = Take();
    if ((value.kind != TokenKind::kWord && value.kind != TokenKind::kString) || IsReserved(value)) {
      return Fail(value, absl::StrCat("a value is expected after ", op.text));
    }
    std::optional<Comparison> comparison = MakeComparison(name, op, value, error_);
    if (!comparison.has_value()) return std::nullopt;
    return Expression{.kind = Kind::kComparison, .comparison = *std::move(comparison), .children = {}};
  }

  std::optional<Expression> FailWithoutOperator(const Token& name) {
    const std::string upper = absl::AsciiStrToUpper(name.text);
    if (upper == "AND" || upper == "OR" || upper == "NOT") return Fail(name, absl::StrCat("write ", upper, " in capital letters"));
    const Field* field = FindField(name.text);
    if (field == nullptr) {
      return Fail(name, absl::StrCat(Quoted(name.text), " stands alone; a comparison is expected, such as type = CONSULT"));
    }
    const std::string hint = field->type == FieldType::kBool ? " = true" : " = VALUE";
    return Fail(name, absl::StrCat(Quoted(name.text), " stands alone; write ", name.text, hint));
  }

  static std::string After(const Token& token) {
    if (token.kind == TokenKind::kEnd) return ", but the filter ends";
    return absl::StrCat(", not ", token.kind == TokenKind::kString ? "the text " : "", Quoted(token.text));
  }

  static bool IsReserved(const Token& token) {
    return IsKeyword(token, "AND") || IsKeyword(token, "OR") || IsKeyword(token, "NOT");
  }

  bool StartsTerm() const {
    const Token& token = Peek();
    return token.kind != TokenKind::kEnd && token.kind != TokenKind::kClose && !IsKeyword(token, "AND") && !IsKeyword(token, "OR");
  }

  const Token& Peek() const { return tokens_[next_]; }

  // The last token, kEnd, is given out again and again.
  Token Take() { return next_ + 1 < tokens_.size() ? tokens_[next_++] : tokens_[next_]; }

  bool Accept(const char* keyword) {
    if (!IsKeyword(Peek(), keyword)) return false;
    Take();
    return true;
  }

  bool AcceptMinus() {
    if (Peek().kind != TokenKind::kMinus) return false;
    Take();
    return true;
  }

  std::nullopt_t Fail(const Token& at, std::string message) {
    error_ = {std::move(message), at.column};
    return std::nullopt;
  }

  const std::vector<Token> tokens_;
  FilterError& error_;
  size_t next_ = 0;
  size_t depth_ = 0;
  size_t terms_ = 0;
};

}  // namespace

std::optional<Expression> Parse(std::string_view text, FilterError& error) {
  std::optional<std::vector<Token>> tokens = Scan(text, error);
  if (!tokens.has_value()) return std::nullopt;
  return Parser(*std::move(tokens), error).Run();
}

}  // namespace demarche::query
