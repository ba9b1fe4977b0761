#ifndef DEMARCHE_PIPELINE_ASSEMBLY_QUIET_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_QUIET_H_

#include "pipeline/document/document.h"

namespace demarche::assembly {

// Whether a text of some length hardly names anybody who acts for a state, a body or an armed group: sport, culture, weather,
// business. What looks like an act there and leaves a side out is none.
bool IsQuiet(const document::Document& document);

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_QUIET_H_
