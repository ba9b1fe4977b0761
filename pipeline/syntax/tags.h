#ifndef DEMARCHE_PIPELINE_SYNTAX_TAGS_H_
#define DEMARCHE_PIPELINE_SYNTAX_TAGS_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"

namespace demarche::syntax {

inline constexpr int kTagCount = 18;  // values of Upos

// The UD name of a part of speech ('NOUN'), and back; kUnknown for another name.
std::string_view TagName(document::Upos upos);
document::Upos TagFromName(std::string_view name);

using TagCount = std::pair<document::Upos, int>;

// Reads a cell such as 'NOUN:12 VERB:3'. '-' stands for kUnknown. INVALID_ARGUMENT names the part that is wrong.
absl::StatusOr<std::vector<TagCount>> ReadTagCounts(std::string_view cell);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_TAGS_H_
