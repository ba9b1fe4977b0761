#include "pipeline/assembly/event_nouns.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "pipeline/document/relation.h"
#include "pipeline/resources/ontology/ontology.h"
#include "pipeline/resources/table.h"

namespace demarche::assembly {
namespace {

using document::Sentence;
using document::Upos;

constexpr std::string_view kAnyType = "any";

// 'the raid', 'such a move', 'its decision': a phrase that comes back to something.
bool IsDefinite(const Sentence& sentence, int noun) {
  return std::any_of(sentence.tokens.begin(), sentence.tokens.begin() + noun, [&](const document::Token& token) {
    if (token.head != noun) return false;
    return token.label == "nmod:poss" ||
           (token.label == "det" && token.lower != "a" && token.lower != "an" && token.lower != "any");
  });
}

// 'called it brave', 'which Hamas called a crime', 'turned that down': what is judged is the act told last.
bool TakesPronoun(const Sentence& sentence, int trigger) {
  return std::any_of(sentence.tokens.begin(), sentence.tokens.end(), [&](const document::Token& token) {
    return token.head == trigger && token.label == "obj" &&
           (token.lower == "it" || token.lower == "that" || token.lower == "this" || token.lower == "which");
  });
}

bool IsJudgement(v1::EventType type) {
  return type == v1::EVENT_TYPE_SUPPORT || type == v1::EVENT_TYPE_ACCUSE || type == v1::EVENT_TYPE_REJECT;
}

}  // namespace

absl::StatusOr<EventNouns> EventNouns::Load() {
  constexpr std::string_view kTable = "lexicon/event_nouns.tsv";
  const auto rows = resources::ReadBuiltInTable(kTable, 2);
  if (!rows.ok()) return rows.status();
  EventNouns nouns;
  for (const resources::Row& row : *rows) {
    const v1::EventType type = ontology::TypeFromName(row.cells[0]);
    if (type == v1::EVENT_TYPE_UNSPECIFIED && row.cells[0] != kAnyType) {
      return absl::InvalidArgumentError(absl::StrCat(View(kTable), ":", row.line, ": unknown type '", View(row.cells[0]), "'"));
    }
    for (const std::string_view noun : resources::Split(row.cells[1], ' ')) nouns.types_[noun].insert(type);
  }
  return nouns;
}

const Draft* EventNouns::Apposed(const Sentence& sentence, const document::Frame& frame, const std::vector<Draft>& earlier) const {
  const document::Token& verb = sentence.tokens[frame.head];
  if (verb.label != document::relation::kAclRelcl || verb.head < 1) return nullptr;
  const document::Token& noun = sentence.tokens[verb.head];
  const bool is_aside = noun.label == document::relation::kAppos || noun.label == document::relation::kParataxis ||
                        sentence.tokens[verb.head - 1].lower == "," ||
                        (verb.head > 1 && sentence.tokens[verb.head - 2].lower == ",");
  if (!is_aside || !types_.contains(noun.lemma) || earlier.empty()) return nullptr;
  return earlier.back().sentence == frame.sentence ? &earlier.back() : nullptr;
}

const Draft* EventNouns::Named(const document::Document& document, const document::Frame& frame, v1::EventType type,
                               const std::vector<Draft>& earlier) const {
  const Sentence& sentence = document.sentences[frame.sentence];
  for (int t = 0; t < static_cast<int>(sentence.tokens.size()); ++t) {
    if (sentence.tokens[t].head != frame.head || sentence.tokens[t].upos != Upos::kNoun) continue;
    const auto types = types_.find(sentence.tokens[t].lemma);
    if (types == types_.end() || !IsDefinite(sentence, t)) continue;
    const auto fits = [&](const Draft& draft) {
      if (types->second.contains(draft.event.type())) return true;
      return types->second.contains(v1::EVENT_TYPE_UNSPECIFIED) && draft.sentence < frame.sentence;
    };
    // 'the strikes' are the air strikes rather than the shelling told after them.
    auto told = std::find_if(earlier.rbegin(), earlier.rend(), [&](const Draft& draft) {
      return fits(draft) && draft.event.kind().find(sentence.tokens[t].lemma) != std::string::npos;
    });
    if (told == earlier.rend()) told = std::find_if(earlier.rbegin(), earlier.rend(), fits);
    if (told != earlier.rend()) return &*told;
  }
  if (const Draft* told = Apposed(sentence, frame, earlier)) return told;
  const bool is_near = !earlier.empty() && frame.sentence - earlier.back().sentence <= 1;
  return is_near && IsJudgement(type) && TakesPronoun(sentence, frame.head) ? &earlier.back() : nullptr;
}

}  // namespace demarche::assembly
