#include "pipeline/normalize/entities.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "pipeline/resources/table.h"
#include "unicode/utf.h"

namespace demarche::normalize {
namespace {

constexpr size_t kMaxEntityBytes = 32;
constexpr size_t kMaxDigits = 16;
constexpr int32_t kReplacement = 0xFFFD;

// What Windows-1252 has where Latin-1 has control characters; 0 where it has nothing.
constexpr int32_t kWindows1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                      0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

int32_t Repair(uint32_t value) {
  if (value >= 0x80 && value < 0xA0 && kWindows1252[value - 0x80] != 0) return kWindows1252[value - 0x80];
  if (value == 0 || value > 0x10FFFF || U_IS_SURROGATE(value)) return kReplacement;
  return static_cast<int32_t>(value);
}

// `text` begins with "&#".
Entities::Match ReadNumber(std::string_view text) {
  size_t at = 2;
  const bool hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  if (hex) ++at;
  const size_t first = at;
  uint32_t value = 0;
  for (; at < text.size() && at - first < kMaxDigits; ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (hex ? !absl::ascii_isxdigit(c) : !absl::ascii_isdigit(c)) break;
    const uint32_t digit = absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
    value = std::min<uint32_t>(value * (hex ? 16 : 10) + digit, 0x110000);
  }
  if (at == first) return {};
  if (at < text.size() && text[at] == ';') ++at;
  return {at, Repair(value)};
}

}  // namespace

absl::StatusOr<Entities> Entities::Make() {
  auto rows = resources::ReadBuiltInTable("text/entities.tsv", 3);
  if (!rows.ok()) return rows.status();
  Entities entities;
  for (const resources::Row& row : *rows) {
    uint32_t code_point = 0;
    if (!absl::SimpleHexAtoi(View(row.cells[1]), &code_point)) {
      return absl::InvalidArgumentError("text/entities.tsv:" + std::to_string(row.line) + ": '" + std::string(row.cells[1]) +
                                        "' is no hexadecimal number");
    }
    entities.names_[row.cells[0]] = {static_cast<int32_t>(code_point), row.cells[2] == "yes"};
  }
  return entities;
}

Entities::Match Entities::Read(std::string_view text, bool require_semicolon) const {
  if (text.size() > 1 && text[1] == '#') {
    const Match match = ReadNumber(text);
    return require_semicolon && match.size > 0 && text[match.size - 1] != ';' ? Match{} : match;
  }
  return ReadName(text, require_semicolon);
}

Entities::Match Entities::ReadName(std::string_view text, bool require_semicolon) const {
  size_t end = 1;
  while (end < text.size() && end <= kMaxEntityBytes && absl::ascii_isalnum(static_cast<unsigned char>(text[end]))) ++end;
  const auto found = names_.find(text.substr(1, end - 1));
  if (found == names_.end()) return {};
  if (end < text.size() && text[end] == ';') return {end + 1, found->second.code_point};
  const bool in_address = end < text.size() && text[end] == '=';
  if (require_semicolon || !found->second.bare || in_address) return {};
  return {end, found->second.code_point};
}

}  // namespace demarche::normalize
