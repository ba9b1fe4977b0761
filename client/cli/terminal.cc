#include "client/cli/terminal.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace demarche::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Bytes of the character at `at` that a terminal would obey rather than show; 0 when it is plain.
size_t HarmfulLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : uint8_t{0}; };
  if (byte(0) < 0x20) return byte(0) == '\n' || byte(0) == '\t' ? 0 : 1;
  if (byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;                      // C1
  if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) return 3;  // U+202A..202E
  if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9) return 3;  // U+2066..2069
  return 0;
}

}  // namespace

bool UseColor(ColorMode mode, int fd) {
  if (mode != ColorMode::kAuto) return mode == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb" && isatty(fd) == 1;
}

std::string Style::operator()(Paint paint, std::string_view text) const {
  if (!color_) return std::string(text);
  return "\x1b[" + std::to_string(static_cast<int>(paint)) + "m" + std::string(text) + "\x1b[0m";
}

std::string Harmless(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t harmful = HarmfulLength(text, at);
    if (harmful > 0) {
      // A carriage return before a newline is only a way to end a line.
      if (text.substr(at, 2) != "\r\n") out += kReplacement;
      at += harmful;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string HarmlessLine(std::string_view text) {
  std::string line;
  for (const char c : Harmless(text)) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (!space) {
      line += c;
    } else if (line.empty() || line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

}  // namespace demarche::cli
