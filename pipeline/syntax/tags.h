#ifndef DEMARCHE_PIPELINE_SYNTAX_TAGS_H_
#define DEMARCHE_PIPELINE_SYNTAX_TAGS_H_

#include <string_view>

#include "pipeline/document/document.h"

namespace demarche::syntax {

inline constexpr int kTagCount = 18;  // values of Upos

// The UD name of a part of speech ('NOUN'), and back; kUnknown for another name.
std::string_view TagName(document::Upos upos);
document::Upos TagFromName(std::string_view name);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_TAGS_H_
