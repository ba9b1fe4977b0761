#include "pipeline/actors/party_finder.h"

#include <algorithm>
#include <vector>

#include "pipeline/actors/coreference.h"
#include "pipeline/actors/lexicon.h"
#include "pipeline/actors/name_index.h"
#include "pipeline/actors/words.h"

namespace demarche::actors {
namespace {

using document::PartyCue;

bool RefersBack(std::string_view word) {
  return IsPronoun(word) || IsCountryNoun(word) || word == "we" || word == "i" || word == "whose" || word == "both" ||
         word == "who";
}

PartyCue CueOf(const std::vector<const Name*>& names) {
  PartyCue cue = PartyCue::kNone;
  for (const Name* name : names) {
    const bool stands_for_named = name->kind == NameKind::kRole || name->kind == NameKind::kOrganizationNoun;
    if (name->kind != NameKind::kNothing) cue = std::max(cue, stands_for_named ? PartyCue::kRefersBack : PartyCue::kNamed);
  }
  return cue;
}

}  // namespace

PartyCue PartyFinder::operator()(const document::Document& document, const document::Sentence& sentence) const {
  const NameIndex& names = directory_->tables().names;
  const document::CleanText& text = document.text(sentence.field);
  WordCutter cutter;
  cutter.Cut(text.text, text.lower, sentence.span.begin, sentence.span.end);
  std::vector<Word>& words = cutter.words();
  names.Number(words);
  PartyCue cue = PartyCue::kNone;
  std::vector<const Name*> found;
  for (size_t at = 0; at < words.size() && cue != PartyCue::kNamed;) {
    const size_t length = names.Longest(words, at, found);
    cue = std::max(cue, length > 0 ? CueOf(found) : RefersBack(words[at].lower) ? PartyCue::kRefersBack : PartyCue::kNone);
    at += std::max<size_t>(length, 1);
  }
  return cue;
}

}  // namespace demarche::actors
