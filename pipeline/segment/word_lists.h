#ifndef DEMARCHE_PIPELINE_SEGMENT_WORD_LISTS_H_
#define DEMARCHE_PIPELINE_SEGMENT_WORD_LISTS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/document/strings.h"

namespace demarche::segment {

// See resources/text/abbreviations.tsv.
enum class Abbreviation : uint8_t { kNone, kTitle, kNumber, kCalendar, kPlace, kCommon, kFinal };

// The words that decide how text is cut. Immutable; any thread.
class WordLists {
 public:
  static absl::StatusOr<WordLists> Make();

  // `word` with its period, as written.
  Abbreviation AbbreviationClass(std::string_view word) const;

  // These take words in lower case.
  bool IsPrefix(std::string_view word) const { return prefixes_.contains(word); }
  bool IsWhole(std::string_view word) const { return wholes_.contains(word); }
  bool IsUnit(std::string_view word) const { return units_.contains(word); }
  bool IsStarter(std::string_view word) const { return starters_.contains(word); }
  bool IsSpeech(std::string_view word) const { return speech_.contains(word); }

 private:
  StringMap<Abbreviation> abbreviations_;
  StringSet prefixes_;
  StringSet wholes_;
  StringSet units_;
  StringSet starters_;
  StringSet speech_;
};

}  // namespace demarche::segment

#endif  // DEMARCHE_PIPELINE_SEGMENT_WORD_LISTS_H_
