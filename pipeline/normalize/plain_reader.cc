#include "pipeline/normalize/plain_reader.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "pipeline/document/strings.h"

namespace demarche::normalize {
namespace {

using document::Span;

std::string_view TextOf(std::string_view text, Span span) { return text.substr(span.begin, span.size()); }

int CharactersIn(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view Trimmed(std::string_view line) { return View(absl::StripAsciiWhitespace(View(line))); }

// Lines without what ends them ("\n", "\r\n", "\r").
std::vector<Span> LinesOf(std::string_view text) {
  std::vector<Span> lines;
  size_t begin = 0;
  while (true) {
    size_t end = begin;
    while (end < text.size() && text[end] != '\n' && text[end] != '\r') ++end;
    lines.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    if (end == text.size()) return lines;
    begin = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
  }
}

bool EndsWithStop(std::string_view line) {
  if (line.empty()) return true;
  static constexpr std::string_view kStops[] = {".", "!", "?", ":", "\"", "\u201D", ")", "\u2026"};
  return std::any_of(std::begin(kStops), std::end(kStops), [&](std::string_view stop) {
    return line.size() >= stop.size() && line.substr(line.size() - stop.size()) == stop;
  });
}

// Whether each line of the block but the last is so long that the next word had no room, and some line ends inside a sentence.
bool IsHardWrapped(std::string_view text, const Span* begin, const Span* end) {
  if (end - begin < 2) return false;
  int width = 0;
  for (const Span* line = begin; line != end; ++line) {
    if (line->size() > 4 * kMaxWrapWidth) return false;
    width = std::max(width, CharactersIn(Trimmed(TextOf(text, *line))));
  }
  if (width < kMinWrapWidth || width > kMaxWrapWidth) return false;
  bool open = false;
  for (const Span* line = begin; line + 1 != end; ++line) {
    const std::string_view words = Trimmed(TextOf(text, *line));
    const std::string_view next = Trimmed(TextOf(text, *(line + 1)));
    if (CharactersIn(words) + 1 + CharactersIn(next.substr(0, next.find_first_of(" \t"))) <= width) return false;
    open = open || !EndsWithStop(words);
  }
  return open;
}

void CopyLine(std::string_view text, Span line, const Entities& entities, TextBuilder& out) {
  text = text.substr(0, line.end);
  size_t copied = line.begin;
  size_t at = line.begin;
  while ((at = text.find('&', at)) != std::string_view::npos) {
    const Entities::Match match = entities.Read(text.substr(at), /*require_semicolon=*/true);
    if (match.size == 0) {
      ++at;
      continue;
    }
    out.Copy({static_cast<uint32_t>(copied), static_cast<uint32_t>(at)});
    out.Replace({static_cast<uint32_t>(at), static_cast<uint32_t>(at + match.size)}, match.code_point);
    copied = at += match.size;
  }
  out.Copy({static_cast<uint32_t>(copied), line.end});
}

}  // namespace

void ReadPlain(std::string_view text, const Entities& entities, TextBuilder& out) {
  const std::vector<Span> lines = LinesOf(text);
  size_t begin = 0;
  while (begin < lines.size()) {
    size_t end = begin;
    while (end < lines.size() && !Trimmed(TextOf(text, lines[end])).empty()) ++end;
    const bool wrapped = IsHardWrapped(text, lines.data() + begin, lines.data() + end);
    for (size_t i = begin; i < end; ++i) {
      CopyLine(text, lines[i], entities, out);
      const Span line_end{lines[i].end, i + 1 < lines.size() ? lines[i + 1].begin : lines[i].end};
      if (line_end.empty()) continue;
      if (wrapped && i + 1 < end) {
        out.Copy(line_end);
      } else {
        out.EndParagraph(line_end);
      }
    }
    begin = end + 1;
  }
}

}  // namespace demarche::normalize
