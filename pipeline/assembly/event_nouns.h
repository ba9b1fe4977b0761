#ifndef DEMARCHE_PIPELINE_ASSEMBLY_EVENT_NOUNS_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_EVENT_NOUNS_H_

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/assembly/draft.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::assembly {

// Nouns by which a text comes back to an act that it told before: 'condemned the raid', 'called the decision a mistake'. Immutable
// after Load; shared by all threads.
class EventNouns {
 public:
  // Reads `lexicon/event_nouns.tsv`. Errors name file and line.
  static absl::StatusOr<EventNouns> Load();

  // The act, of those told `earlier`, that the trigger takes as its object or subject by such a noun, or by a pronoun where an
  // event of `type` judges; null when it takes none.
  const Draft* Named(const document::Document& document, const document::Frame& frame, v1::EventType type,
                     const std::vector<Draft>& earlier) const;

 private:
  // 'lifted the ban, a decision that Turkey deplored': the act that the relative clause of an aside tells of; null when none.
  const Draft* Apposed(const document::Sentence& sentence, const document::Frame& frame, const std::vector<Draft>& earlier) const;

  using Types = std::set<v1::EventType>;  // empty: any

  StringMap<Types> types_;
};

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_EVENT_NOUNS_H_
