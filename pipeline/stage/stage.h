#ifndef DEMARCHE_PIPELINE_STAGE_STAGE_H_
#define DEMARCHE_PIPELINE_STAGE_STAGE_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "pipeline/document/document.h"

namespace demarche::stage {

// The parts of a Document, as bits: what a stage needs and what it gives.
enum Part : uint32_t {
  kNothing = 0,
  kText = 1 << 0,       // clean texts and language
  kSentences = 1 << 1,  // sentences and tokens
  kGate = 1 << 2,       // is_gated decided
  kLemmas = 1 << 3,     // lemma and upos of the gated sentences
  kTree = 1 << 4,       // head and label of the gated sentences
  kMentions = 1 << 5,
  kFrames = 1 << 6,
  kEvents = 1 << 7,
  kPrint = 1 << 8,
};

// A step of the pipeline. Immutable after construction and shared by all workers: Process may run on many threads at once,
// each with its own document. Takes no time and no randomness from outside: the same document gives the same result.
class Stage {
 public:
  virtual ~Stage() = default;

  virtual std::string_view name() const = 0;
  virtual uint32_t needs() const = 0;  // parts that must be there before
  virtual uint32_t gives() const = 0;  // parts that it adds

  // Adds its parts to the document. An error rejects the item and no other.
  virtual absl::Status Process(document::Document& document) const = 0;
};

}  // namespace demarche::stage

#endif  // DEMARCHE_PIPELINE_STAGE_STAGE_H_
