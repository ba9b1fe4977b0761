#include "pipeline/segment/characters.h"

#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace demarche::segment {

Character CharacterAt(std::string_view text, uint32_t at) {
  if (at >= text.size()) return {};
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1};
  uint32_t end = at;
  int32_t code_point;
  U8_NEXT(text.data(), end, text.size(), code_point);
  return {code_point, end - at};
}

bool IsDigit(int32_t c) { return c >= '0' && c <= '9'; }

bool IsLetter(int32_t c) { return c < 0x80 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : u_isalpha(c); }

bool IsUpper(int32_t c) { return c < 0x80 ? c >= 'A' && c <= 'Z' : u_isupper(c) || u_istitle(c); }

bool IsLower(int32_t c) { return c < 0x80 ? c >= 'a' && c <= 'z' : u_islower(c); }

bool IsWord(int32_t c) { return c < 0x80 ? IsLetter(c) || IsDigit(c) : u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

bool IsApostrophe(int32_t c) { return c == '\'' || c == 0x2019 || c == 0x2018 || c == '`'; }

bool IsOpening(int32_t c) {
  return c == '"' || c == '\'' || c == '(' || c == '[' || c == '{' || c == '<' || c == '`' || c == 0x2018 || c == 0x201A ||
         c == 0x201C || c == 0x201E || c == 0x2039 || c == 0xAB || c == 0xBF || c == 0xA1;
}

bool IsClosing(int32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == '>' || c == 0x2019 || c == 0x201D || c == 0x201C ||
         c == 0x203A || c == 0xBB;
}

}  // namespace demarche::segment
