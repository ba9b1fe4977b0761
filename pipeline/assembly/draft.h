#ifndef DEMARCHE_PIPELINE_ASSEMBLY_DRAFT_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_DRAFT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "demarche/v1/event.pb.h"
#include "pipeline/document/document.h"
#include "pipeline/document/parties.h"

namespace demarche::assembly {

using document::CodeOf;
using document::Codes;
using document::CodesOf;
using document::Share;

// An event on its way from one frame to what is published. Evidence holds one entry for each mention of it.
struct Draft {
  v1::DiplomaticEvent event;
  document::Field field = document::Field::kBody;
  uint32_t sentence = 0;
  bool is_dropped = false;
  bool guesses_actors = false;      // the actors are inferred: the clause names none
  bool guesses_recipients = false;  // likewise
  bool is_by_adjective = false;     // a side is named by an adjective alone: 'a Chinese star'
};

// Actual and planned events are asserted; hypothetical, negated and denied ones are not.
inline bool IsAsserted(v1::Factuality factuality) {
  return factuality == v1::FACTUALITY_ACTUAL || factuality == v1::FACTUALITY_PLANNED;
}

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_DRAFT_H_
