#ifndef DEMARCHE_PIPELINE_SEGMENT_DATELINE_H_
#define DEMARCHE_PIPELINE_SEGMENT_DATELINE_H_

#include <cstdint>
#include <vector>

#include "pipeline/document/document.h"

namespace demarche::segment {

inline constexpr int kMaxDatelineTokens = 14;  // with the dash: 'ADDIS ABABA, Ethiopia, Jan. 5 (Agency) -'

// How many tokens before the report itself say where it was written, the dash among them: 'HANOI, July 16 -', 'Geneva, 5 July
// (Agency) -'. 0 when the paragraph that the tokens open has no dateline.
uint16_t DatelineEnd(const std::vector<document::Token>& tokens);

}  // namespace demarche::segment

#endif  // DEMARCHE_PIPELINE_SEGMENT_DATELINE_H_
