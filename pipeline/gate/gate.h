#ifndef DEMARCHE_PIPELINE_GATE_GATE_H_
#define DEMARCHE_PIPELINE_GATE_GATE_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "pipeline/document/document.h"
#include "pipeline/stage/stage.h"

namespace demarche::gate {

inline constexpr int kLeadSentences = 2;  // sentences of the body that pass in every text that names a party

// Whom a sentence of the document speaks of.
using FindParty = std::function<document::PartyCue(const document::Document&, const document::Sentence&)>;
// Whether a sentence has all words of some trigger.
using HasTrigger = std::function<bool(const document::Sentence&)>;

// Decides which sentences may hold an event, by cheap cues: those that tell of a party and have the words of a trigger, and the
// title, headings and the lead. A text that names no party has no such sentence. It stands before the costly stages; recall first.
// Immutable; any thread.
class Gate : public stage::Stage {
 public:
  Gate(FindParty find_party, HasTrigger has_trigger) : find_party_(std::move(find_party)), has_trigger_(std::move(has_trigger)) {}

  std::string_view name() const override { return "gate"; }
  uint32_t needs() const override { return stage::kSentences; }
  uint32_t gives() const override { return stage::kGate; }
  absl::Status Process(document::Document& document) const override;

 private:
  const FindParty find_party_;
  const HasTrigger has_trigger_;
};

}  // namespace demarche::gate

#endif  // DEMARCHE_PIPELINE_GATE_GATE_H_
