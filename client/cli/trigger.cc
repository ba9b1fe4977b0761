#include "client/cli/trigger.h"

#include <cstdint>
#include <cstdlib>

namespace demarche::cli {
namespace {

struct Reference {
  std::string_view name;
  std::string_view text;
};
constexpr Reference kReferences[] = {
    {"amp", "&"},         {"lt", "<"},          {"gt", ">"},          {"quot", "\""},       {"apos", "'"},
    {"nbsp", " "},        {"ndash", "\u2013"},  {"mdash", "\u2014"},  {"lsquo", "\u2018"},  {"rsquo", "\u2019"},
    {"ldquo", "\u201C"},  {"rdquo", "\u201D"},  {"hellip", "\u2026"}, {"eacute", "\u00E9"}, {"aacute", "\u00E1"},
    {"iacute", "\u00ED"}, {"oacute", "\u00F3"}, {"uacute", "\u00FA"}, {"ntilde", "\u00F1"}, {"uuml", "\u00FC"},
    {"ouml", "\u00F6"},   {"auml", "\u00E4"},   {"ccedil", "\u00E7"}, {"egrave", "\u00E8"},
};
constexpr size_t kMaxReferenceBytes = 12;

void AppendCodePoint(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Appends what the reference at `at` ('&') stands for. Returns its length, 0 when it is none.
size_t AppendReference(std::string_view text, size_t at, std::string& out) {
  const size_t end = text.find(';', at);
  if (end == std::string_view::npos || end - at > kMaxReferenceBytes) return 0;
  const std::string name(text.substr(at + 1, end - at - 1));
  if (name.size() > 1 && name[0] == '#') {
    const bool hex = name[1] == 'x' || name[1] == 'X';
    const unsigned long code = std::strtoul(name.c_str() + (hex ? 2 : 1), nullptr, hex ? 16 : 10);
    if (code == 0 || code > 0x10FFFF) return 0;
    if (code == 0xA0) {
      out += ' ';
    } else {
      AppendCodePoint(static_cast<uint32_t>(code), out);
    }
    return end - at + 1;
  }
  for (const Reference& reference : kReferences) {
    if (reference.name != name) continue;
    out += reference.text;
    return end - at + 1;
  }
  return 0;
}

bool IsTagStart(std::string_view text, size_t at) {
  if (at + 1 >= text.size()) return false;
  const char c = text[at + 1];
  return c == '/' || c == '!' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view ReceivedField(const v1::NewsItem& item, const v1::TextSpan& span) {
  return span.field() == v1::TEXT_FIELD_TITLE ? item.title() : item.body();
}

// The range of `text` from begin to end, when it is one and cuts no character.
bool IsWholeRange(std::string_view text, size_t begin, size_t end) {
  const auto boundary = [&](size_t at) { return at == text.size() || (static_cast<uint8_t>(text[at]) & 0xC0) != 0x80; };
  return begin < end && end <= text.size() && boundary(begin) && boundary(end);
}

std::optional<Range> FindNearest(std::string_view sentence, std::string_view words, size_t expected) {
  std::optional<Range> best;
  size_t best_distance = 0;
  for (size_t at = sentence.find(words); at != std::string_view::npos; at = sentence.find(words, at + 1)) {
    const size_t distance = at > expected ? at - expected : expected - at;
    if (best && distance >= best_distance) break;  // from here on it only grows
    best = Range{at, at + words.size()};
    best_distance = distance;
  }
  return best;
}

}  // namespace

std::string StripMarkup(std::string_view received) {
  std::string out;
  const auto blank = [&out] {
    if (out.empty() || out.back() != ' ') out += ' ';
  };
  for (size_t at = 0; at < received.size();) {
    const char c = received[at];
    if (c == '<' && IsTagStart(received, at)) {
      const size_t end = received.find('>', at);
      at = end == std::string_view::npos ? received.size() : end + 1;
      continue;
    }
    const size_t reference = c == '&' ? AppendReference(received, at, out) : 0;
    if (reference > 0) {
      at += reference;
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      blank();
      ++at;
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

bool NeedsItem(const v1::Evidence& evidence) {
  const v1::TextSpan& sentence = evidence.sentence_span();
  return evidence.has_sentence_span() && evidence.has_trigger_span() && sentence.begin() < sentence.end() &&
         sentence.end() - sentence.begin() != evidence.sentence().size();
}

std::optional<Range> FindTrigger(const v1::Evidence& evidence, const v1::NewsItem* item) {
  const v1::TextSpan& sentence = evidence.sentence_span();
  const v1::TextSpan& trigger = evidence.trigger_span();
  if (!evidence.has_sentence_span() || !evidence.has_trigger_span() || trigger.field() != sentence.field() ||
      trigger.begin() < sentence.begin() || trigger.end() > sentence.end() || trigger.begin() >= trigger.end()) {
    return std::nullopt;
  }
  if (!NeedsItem(evidence)) {
    const Range range{trigger.begin() - sentence.begin(), trigger.end() - sentence.begin()};
    if (!IsWholeRange(evidence.sentence(), range.begin, range.end)) return std::nullopt;
    return range;
  }
  if (item == nullptr) return std::nullopt;
  const std::string_view field = ReceivedField(*item, sentence);
  if (!IsWholeRange(field, sentence.begin(), sentence.end())) return std::nullopt;
  std::string words = StripMarkup(field.substr(trigger.begin(), trigger.end() - trigger.begin()));
  while (!words.empty() && words.back() == ' ') words.pop_back();
  if (words.empty()) return std::nullopt;
  const size_t expected = StripMarkup(field.substr(sentence.begin(), trigger.begin() - sentence.begin())).size();
  return FindNearest(evidence.sentence(), words, expected);
}

}  // namespace demarche::cli
