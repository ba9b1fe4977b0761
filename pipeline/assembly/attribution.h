#ifndef DEMARCHE_PIPELINE_ASSEMBLY_ATTRIBUTION_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_ATTRIBUTION_H_

#include <cstdint>
#include <optional>

#include "demarche/v1/event.pb.h"
#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"

namespace demarche::assembly {

// Who asserts what a frame tells, where the article does not vouch for it: the speaker of the clause that holds it, or the
// source after 'according to'. Nothing when there is none, or when the speaker acts in it: nobody attributes his own act.
std::optional<v1::Attribution> FindAttribution(const document::Document& document, const document::Frame& frame,
                                               const clause::Clauses& clauses, const clause::Grammar& grammar);

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_ATTRIBUTION_H_
