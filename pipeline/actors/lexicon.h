#ifndef DEMARCHE_PIPELINE_ACTORS_LEXICON_H_
#define DEMARCHE_PIPELINE_ACTORS_LEXICON_H_

#include <string_view>

namespace demarche::actors {

// Small closed classes of English words, asked by lower-case form.

bool IsCourtesyTitle(std::string_view word);  // Mr, Dr, Sir
bool IsFunctionWord(std::string_view word);   // articles, prepositions, conjunctions, auxiliaries
bool IsMonthOrDay(std::string_view word);
bool IsQuoteOrColon(std::string_view word);
bool IsPossessiveMark(std::string_view word);  // 's
bool IsLocative(std::string_view word);        // in, at, near
bool IsModifier(std::string_view word);        // may stand between a state and its role noun: 'senior', 'naval'
bool IsNameParticle(std::string_view word);    // al, bin, van, de
bool IsCountryNoun(std::string_view word);     // country, nation
bool IsOpponentNoun(std::string_view word);    // 'its neighbour': another state
bool IsBodyNoun(std::string_view word);        // 'the organisation': one named before
bool IsPluralNoun(std::string_view word);      // 'troops', 'police'
// What a noun after 'both' or 'the two' pairs: 'countries' are states, 'sides' and 'leaders' any parties.
enum class PairNoun { kNone, kParties, kStates };
PairNoun PairNounOf(std::string_view word);
bool IsFormer(std::string_view word);    // former, ex
bool IsTiedTo(std::string_view word);    // after a hyphen: 'Russian-backed' does not make the rebels Russian
bool EndsPhrase(std::string_view word);  // comma, full stop, bracket

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_LEXICON_H_
