#include "pipeline/syntax/tags.h"

namespace demarche::syntax {
namespace {

using document::Upos;

constexpr std::string_view kTagNames[kTagCount] = {"-",   "ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN",
                                                   "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"};

}  // namespace

std::string_view TagName(Upos upos) { return kTagNames[static_cast<int>(upos)]; }

Upos TagFromName(std::string_view name) {
  for (int tag = 1; tag < kTagCount; ++tag) {
    if (kTagNames[tag] == name) return static_cast<Upos>(tag);
  }
  return Upos::kUnknown;
}

}  // namespace demarche::syntax
