#ifndef DEMARCHE_PIPELINE_FRAMES_TRIGGER_FINDER_H_
#define DEMARCHE_PIPELINE_FRAMES_TRIGGER_FINDER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"
#include "pipeline/frames/lexicon.h"

namespace demarche::frames {

// Tells by its words alone, in any order, whether a sentence may hold a trigger of the lexicon: what the gate asks, before anything
// is known of their forms and of the tree. Immutable; any thread.
class TriggerFinder {
 public:
  // Errors name file and line of a table.
  static absl::StatusOr<TriggerFinder> Make(std::shared_ptr<const Lexicon> lexicon);

  bool operator()(const document::Sentence& sentence) const;

 private:
  std::shared_ptr<const Lexicon> lexicon_;
  StringMap<std::vector<const Sense*>> by_word_;  // senses by the words of their rarest element
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_TRIGGER_FINDER_H_
