#ifndef DEMARCHE_CLIENT_CLI_TERMINAL_H_
#define DEMARCHE_CLIENT_CLI_TERMINAL_H_

#include <string>
#include <string_view>

namespace demarche::cli {

enum class ColorMode { kAuto, kAlways, kNever };

// Whether to colour what goes to `fd`: `auto` does on a terminal that is not dumb, unless NO_COLOR is set to something.
bool UseColor(ColorMode mode, int fd);

// Text attributes as SGR numbers.
enum class Paint { kBold = 1, kDim = 2, kUnderline = 4, kRed = 31, kGreen = 32, kYellow = 33, kMagenta = 35, kCyan = 36 };

// Puts attributes around text, or leaves it alone.
class Style {
 public:
  explicit Style(bool color) : color_(color) {}

  std::string operator()(Paint paint, std::string_view text) const;
  bool color() const { return color_; }

 private:
  bool color_;
};

// Text of others made harmless for a terminal: control characters (C0 but newline and tab, DEL, C1) and the Unicode direction
// overrides become U+FFFD.
std::string Harmless(std::string_view text);
// The same in one line: every run of white space becomes a blank.
std::string HarmlessLine(std::string_view text);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_TERMINAL_H_
