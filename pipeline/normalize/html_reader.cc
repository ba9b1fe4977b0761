#include "pipeline/normalize/html_reader.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "pipeline/document/strings.h"

namespace demarche::normalize {
namespace {

using document::Span;

constexpr size_t kMaxElementBytes = 16;    // no element that matters here has a longer name
constexpr size_t kMaxAttributeBytes = 40;  // how far IsHtml looks for the '=' of a first attribute

// Sorted. Elements that end a paragraph.
constexpr std::string_view kBlocks[] = {"address", "article", "aside",  "blockquote", "body",    "br",    "caption",  "center",
                                        "dd",      "details", "dialog", "div",        "dl",      "dt",    "fieldset", "figcaption",
                                        "figure",  "footer",  "form",   "h1",         "h2",      "h3",    "h4",       "h5",
                                        "h6",      "header",  "hr",     "html",       "li",      "main",  "nav",      "ol",
                                        "option",  "p",       "pre",    "section",    "summary", "table", "tbody",    "td",
                                        "tfoot",   "th",      "thead",  "tr",         "ul"};
// Sorted. Elements dropped with their content.
constexpr std::string_view kHidden[] = {"head",  "iframe", "noscript", "object",   "script", "select",
                                        "style", "svg",    "template", "textarea", "title"};
// Sorted. Other elements by which HTML is told.
constexpr std::string_view kInline[] = {"a",    "abbr",   "b",      "bdi",     "bdo", "button", "cite", "code",  "del",
                                        "dfn",  "em",     "font",   "i",       "img", "input",  "ins",  "kbd",   "label",
                                        "link", "mark",   "meta",   "picture", "q",   "s",      "samp", "small", "source",
                                        "span", "strike", "strong", "sub",     "sup", "time",   "tt",   "u",     "video"};

template <size_t kSize>
bool Holds(const std::string_view (&sorted)[kSize], std::string_view name) {
  return std::binary_search(std::begin(sorted), std::end(sorted), name);
}

bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return absl::StartsWithIgnoreCase(View(text), View(prefix));
}

// The lower-case element name at the start of `text`; empty when longer than any known name.
std::string NameAt(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && size <= kMaxElementBytes && absl::ascii_isalnum(static_cast<unsigned char>(text[size]))) ++size;
  return size > kMaxElementBytes ? "" : absl::AsciiStrToLower(View(text.substr(0, size)));
}

// Whether `text`, which begins with '<', is surely markup and not a sign in plain text ("a <b and c").
bool IsSurelyMarkup(std::string_view text) {
  if (StartsWithIgnoreCase(text, "<!--") || StartsWithIgnoreCase(text, "<!doctype")) return true;
  const bool closing = text.size() > 1 && text[1] == '/';
  const std::string name = NameAt(text.substr(closing ? 2 : 1));
  if (!Holds(kBlocks, name) && !Holds(kHidden, name) && !Holds(kInline, name)) return false;
  size_t at = (closing ? 2 : 1) + name.size();
  const size_t limit = std::min(text.size(), at + kMaxAttributeBytes);
  const size_t name_end = at;
  while (at < limit && (IsSpace(text[at]) || text[at] == '/')) ++at;
  if (at < limit && text[at] == '>') return true;
  if (closing || at == name_end) return false;
  while (at < limit && (absl::ascii_isalnum(static_cast<unsigned char>(text[at])) || text[at] == '-')) ++at;
  return at < limit && text[at] == '=';
}

// One pass over the input. What a search did not find once is remembered, so that no input is searched twice.
class Reader {
 public:
  Reader(std::string_view html, const Entities& entities, TextBuilder& out)
      : html_(html), entities_(entities), out_(out), last_close_(html.rfind('>')) {}

  void Read();

 private:
  // Each returns the offset after the markup at `at`; `at` itself when there is none.
  size_t ReadMarkup(size_t at);
  size_t ReadTag(size_t at);
  size_t ReadComment(size_t at);
  size_t SkipContent(std::string_view name, size_t at);
  size_t EndOfTag(size_t at);
  size_t ReadEntity(size_t at);

  bool HasCloseAfter(size_t at) const { return last_close_ != std::string_view::npos && at < last_close_; }
  static Span Between(size_t begin, size_t end) { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}; }

  const std::string_view html_;
  const Entities& entities_;
  TextBuilder& out_;
  const size_t last_close_;     // the last '>'
  bool quotes_count_ = true;    // false once an attribute's quote was never closed
  bool comments_close_ = true;  // false once a comment was never closed
  bool head_may_close_ = true;  // false once a head was never closed
};

void Reader::Read() {
  size_t copied = 0;
  size_t at = 0;
  while (true) {
    while (at < html_.size() && html_[at] != '<' && html_[at] != '&') ++at;
    if (at == html_.size()) break;
    out_.Copy(Between(copied, at));
    copied = at;
    const size_t end = html_[at] == '<' ? ReadMarkup(at) : ReadEntity(at);
    if (end == at) {
      ++at;
    } else {
      at = copied = end;
    }
  }
  out_.Copy(Between(copied, html_.size()));
}

size_t Reader::ReadEntity(size_t at) {
  const Entities::Match match = entities_.Read(html_.substr(at), /*require_semicolon=*/false);
  if (match.size > 0) out_.Replace(Between(at, at + match.size), match.code_point);
  return at + match.size;
}

size_t Reader::ReadMarkup(size_t at) {
  if (!HasCloseAfter(at) || at + 1 >= html_.size()) return at;
  const char next = html_[at + 1];
  if (next == '!' || next == '?') return ReadComment(at);
  if (IsLetter(next) || (next == '/' && at + 2 < html_.size() && IsLetter(html_[at + 2]))) return ReadTag(at);
  return at;
}

size_t Reader::ReadComment(size_t at) {
  if (comments_close_ && html_.substr(at, 4) == "<!--") {
    const size_t close = html_.find("-->", at + 4);
    if (close != std::string_view::npos) return close + 3;
    comments_close_ = false;
  }
  constexpr std::string_view kData = "<![CDATA[";
  if (html_.substr(at, kData.size()) == kData) return at + kData.size();
  return html_.find('>', at) + 1;
}

size_t Reader::ReadTag(size_t at) {
  const bool closing = html_[at + 1] == '/';
  const std::string name = NameAt(html_.substr(at + (closing ? 2 : 1)));
  const size_t end = EndOfTag(at);
  if (Holds(kBlocks, name)) out_.EndParagraph(Between(at, end));
  const bool empty = html_[end - 2] == '/';
  return !closing && !empty && Holds(kHidden, name) ? SkipContent(name, end) : end;
}

// Quotes count only where a value may begin. There is a '>' after `at`.
size_t Reader::EndOfTag(size_t at) {
  if (quotes_count_) {
    char quote = 0;
    char before = 0;
    for (size_t i = at + 1; i < html_.size(); ++i) {
      const char c = html_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '>') {
        return i + 1;
      } else if ((c == '"' || c == '\'') && before == '=') {
        quote = c;
      }
      if (!IsSpace(c)) before = c;
    }
    quotes_count_ = false;
  }
  return html_.find('>', at) + 1;
}

// A head that is never closed ends at its tag; other hidden elements then reach to the end, as browsers have it.
size_t Reader::SkipContent(std::string_view name, size_t at) {
  const bool is_head = name == "head";
  if (is_head && !head_may_close_) return at;
  for (size_t open = html_.find('<', at); open != std::string_view::npos; open = html_.find('<', open + 1)) {
    const std::string_view rest = html_.substr(open);
    if (is_head && StartsWithIgnoreCase(rest, "<body")) return open;
    if (rest.size() > 2 && rest[1] == '/' && NameAt(rest.substr(2)) == name) {
      return HasCloseAfter(open) ? html_.find('>', open) + 1 : html_.size();
    }
  }
  if (!is_head) return html_.size();
  head_may_close_ = false;
  return at;
}

}  // namespace

bool IsHtml(std::string_view text) {
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (IsSurelyMarkup(text.substr(at))) return true;
  }
  return false;
}

void ReadHtml(std::string_view html, const Entities& entities, TextBuilder& out) { Reader(html, entities, out).Read(); }

}  // namespace demarche::normalize
