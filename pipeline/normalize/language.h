#ifndef DEMARCHE_PIPELINE_NORMALIZE_LANGUAGE_H_
#define DEMARCHE_PIPELINE_NORMALIZE_LANGUAGE_H_

#include <string>
#include <string_view>

namespace demarche::normalize {

inline constexpr size_t kLanguageSampleBytes = 2 * 1024;  // what is looked at, from the start
inline constexpr int kMinLanguageLetters = 36;            // shorter texts count as English: names outweigh words in them

// BCP 47 language of clean text; empty when the text is too short or too mixed to tell.
std::string DetectLanguage(std::string_view clean);

// Whether a BCP 47 code names English, in any region.
bool IsEnglish(std::string_view language_code);

}  // namespace demarche::normalize

#endif  // DEMARCHE_PIPELINE_NORMALIZE_LANGUAGE_H_
