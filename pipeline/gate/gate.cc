#include "pipeline/gate/gate.h"

#include <algorithm>
#include <string>
#include <vector>

namespace demarche::gate {

using document::Document;
using document::Field;
using document::PartyCue;
using document::Sentence;

absl::Status Gate::Process(Document& document) const {
  std::vector<PartyCue> parties;
  parties.reserve(document.sentences.size());
  for (const Sentence& sentence : document.sentences) parties.push_back(find_party_(document, sentence));
  const bool names_party = std::find(parties.begin(), parties.end(), PartyCue::kNamed) != parties.end();
  int lead = 0;
  for (size_t i = 0; i < document.sentences.size(); ++i) {
    Sentence& sentence = document.sentences[i];
    std::string_view cue;
    if (sentence.field == Field::kTitle) {
      cue = "title";
    } else if (sentence.is_headline) {
      cue = "headline";
    } else if (lead++ < kLeadSentences) {
      cue = "lead";
    } else if (parties[i] != PartyCue::kNone && has_trigger_(sentence)) {
      cue = "party and trigger";
    }
    sentence.is_gated = names_party && !cue.empty();
    if (document.trace == nullptr) continue;
    document.Note(sentence, sentence.span,
                  sentence.is_gated
                      ? "passes: " + std::string(cue)
                      : std::string(names_party ? "dropped: no party or no trigger" : "dropped: the text names no party"));
  }
  return absl::OkStatus();
}

}  // namespace demarche::gate
