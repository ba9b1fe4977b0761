#ifndef DEMARCHE_PIPELINE_GATE_GATE_H_
#define DEMARCHE_PIPELINE_GATE_GATE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pipeline/document/strings.h"
#include "pipeline/stage/stage.h"

namespace demarche::gate {

inline constexpr int kLeadSentences = 2;    // sentences of the body that always pass
inline constexpr size_t kMinStemBytes = 4;  // shorter trigger words match only as a whole

// Decides which sentences may hold an event, by cheap cues: titles, headings and the lead pass, and every sentence with what may
// be a name (a capital; at its start any word but a function word) or a trigger word. It stands before the costly stages; recall
// first. Immutable; any thread.
class Gate : public stage::Stage {
 public:
  // Trigger words or stems in lower case; each matches its inflections too. Without any, names alone decide.
  explicit Gate(StringSet trigger_words);

  std::string_view name() const override { return "gate"; }
  uint32_t needs() const override { return stage::kSentences; }
  uint32_t gives() const override { return stage::kGate; }
  absl::Status Process(document::Document& document) const override;

 private:
  // Why the sentence passes; empty when it does not.
  std::string_view Cue(const document::Sentence& sentence) const;
  bool IsTrigger(std::string_view lower) const;

  StringSet words_;
  StringSet stems_;
  size_t longest_stem_ = 0;
};

}  // namespace demarche::gate

#endif  // DEMARCHE_PIPELINE_GATE_GATE_H_
