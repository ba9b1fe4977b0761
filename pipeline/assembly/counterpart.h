#ifndef DEMARCHE_PIPELINE_ASSEMBLY_COUNTERPART_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_COUNTERPART_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/assembly/draft.h"
#include "pipeline/assembly/event_nouns.h"
#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"

namespace demarche::assembly {

// Guesses the side that a clause leaves out ('Brazil condemned the raid': whose?) among the parties of the text so far, by
// weights that were fitted on our corpus. Immutable after Load; shared by all threads.
class Counterpart {
 public:
  // What speaks for a party; the names stand in `lexicon/counterpart.tsv`.
  enum Feature : uint8_t {
    kInClause,         // stands in the clause of the trigger
    kInSentence,       // stands in its sentence, outside the clause
    kAfterTrigger,     // stands in its sentence, only behind it
    kNearest,          // no other stands nearer before the trigger
    kOpensSentence,    // stands first in its sentence
    kSentenceBefore,   // stands in the sentence before
    kOpensBefore,      // stands first in the sentence before
    kTwoBefore,        // stands two or three sentences before
    kInLead,           // stands in the title or the first sentence
    kOpensLead,        // stands first in the first sentence
    kSalience,         // mentions in the sentences before, each worth less the farther back it stands; the root of their sum
    kMostOften,        // nobody is named more often
    kSpeaks,           // is the subject of what governs the clause
    kIsPlace,          // is only ever named as a place, or uncertain
    kIsVenue,          // likewise, and the event is a meeting or a deal, which are held somewhere
    kIsOrganization,   // is no state
    kActedOnOther,     // did something to the side that is known, up to three sentences before
    kActedOnItHere,    // likewise, in the same sentence
    kOtherActedOn,     // the side that is known did something to it before
    kSameRole,         // had this role in an event of the same tenor before
    kOtherRole,        // had the other role in one
    kSameRoleOfType,   // had this role in an event of the same type before
    kOtherRoleOfType,  // had the other role in one
    kDidViolence,      // did violence or used force before
    kActedInNamed,     // acted in the event that the clause names: 'the raid'
    kSufferedNamed,    // that event was done to it
    kAnswered,         // acted in the clause that this one answers: 'Moscow accused X, which London denied'
    kItself,           // is the side that is known: the act stays within the state
    kItselfByForce,    // likewise, and the act is one of force or protest
    kItselfAlone,      // likewise, and the sentence names no other party
    kItselfNoState,    // likewise, and who is known is not the state but its rebels, courts, people
    kItselfRivals,     // likewise, and the clause tells of rebels, an opposition, prisoners, whoever's
    kFeatureCount
  };

  struct Question {
    const document::Document& document;
    const document::Frame& frame;
    const clause::Clauses& clauses;
    const clause::Grammar& grammar;
    const std::vector<Draft>& earlier;  // the events of the text so far
    const v1::DiplomaticEvent& event;   // one of its sides is empty: that one is asked for
  };

  // Errors name file and line.
  static absl::StatusOr<Counterpart> Load();

  // The likeliest party, which may be the side that is known ('police broke up the march'); null when there is none to choose.
  // `note`, when not null, gets what spoke for each.
  const v1::Actor* Guess(const Question& question, std::string* note) const;

 private:
  using Weights = std::array<double, kFeatureCount>;

  Weights for_actors_ = {};
  Weights for_recipients_ = {};
  EventNouns nouns_;
};

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_COUNTERPART_H_
