#include "pipeline/normalize/language.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "cld2/public/compact_lang_det.h"
#include "cld2/public/encodings.h"
#include "pipeline/document/strings.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace demarche::normalize {
namespace {

int LettersIn(std::string_view text, int enough) {
  int letters = 0;
  for (size_t at = 0; at < text.size() && letters < enough;) {
    int32_t c;
    U8_NEXT(text.data(), at, text.size(), c);
    if (u_isalpha(c)) ++letters;
  }
  return letters;
}

// The start of the text, not longer than the sample and not cut inside a character.
std::string_view SampleOf(std::string_view text) {
  size_t size = std::min(text.size(), kLanguageSampleBytes);
  while (size > 0 && size < text.size() && (text[size] & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

std::string DetectLanguage(std::string_view clean) {
  const std::string_view sample = SampleOf(clean);
  if (LettersIn(sample, kMinLanguageLetters) < kMinLanguageLetters) return "";
  // A headline with names from elsewhere is taken for another language without the hint; a text in that language is not taken for
  // English with it.
  const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::ENGLISH};
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int bytes = 0;
  bool is_reliable = false;
  const CLD2::Language language =
      CLD2::ExtDetectLanguageSummary(sample.data(), static_cast<int>(sample.size()), /*is_plain_text=*/true, &hints, /*flags=*/0,
                                     languages, percents, scores, /*resultchunkvector=*/nullptr, &bytes, &is_reliable);
  if (!is_reliable || language == CLD2::UNKNOWN_LANGUAGE) return "";
  return CLD2::LanguageCode(language);
}

bool IsEnglish(std::string_view language_code) {
  const std::string_view primary = language_code.substr(0, language_code.find_first_of("-_"));
  return absl::EqualsIgnoreCase(View(primary), "en") || absl::EqualsIgnoreCase(View(primary), "eng");
}

}  // namespace demarche::normalize
