#include "pipeline/syntax/tags.h"

#include <string>

#include "absl/strings/numbers.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/table.h"

namespace demarche::syntax {
namespace {

using document::Upos;

constexpr std::string_view kNames[kTagCount] = {"-",   "ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN",
                                                "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"};

}  // namespace

std::string_view TagName(Upos upos) { return kNames[static_cast<int>(upos)]; }

Upos TagFromName(std::string_view name) {
  for (int tag = 1; tag < kTagCount; ++tag) {
    if (kNames[tag] == name) return static_cast<Upos>(tag);
  }
  return Upos::kUnknown;
}

absl::StatusOr<std::vector<TagCount>> ReadTagCounts(std::string_view cell) {
  std::vector<TagCount> counts;
  for (std::string_view part : resources::Split(cell, ' ')) {
    const size_t colon = std::min(part.find(':'), part.size());
    const std::string_view name = part.substr(0, colon);
    int count = 0;
    if (colon == part.size() || !absl::SimpleAtoi(View(part.substr(colon + 1)), &count) || count <= 0 ||
        (TagFromName(name) == Upos::kUnknown && name != "-")) {
      return absl::InvalidArgumentError("'" + std::string(part) + "' is no part of speech with a count");
    }
    counts.emplace_back(TagFromName(name), count);
  }
  return counts;
}

}  // namespace demarche::syntax
