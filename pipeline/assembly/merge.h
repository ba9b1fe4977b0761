#ifndef DEMARCHE_PIPELINE_ASSEMBLY_MERGE_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_MERGE_H_

#include <cstddef>
#include <vector>

#include "pipeline/assembly/draft.h"

namespace demarche::assembly {

inline constexpr int kMostEvidence = 8;  // kept on an event; ListEvidence has the rest

// Drafts farther apart than this are not compared: an item that is nothing but events costs linear time.
inline constexpr size_t kMergeWindow = 200;

// Whether two drafts tell of one act: same type, kinds of one family, compatible parties, factuality and date. A title is
// matched more freely: it repeats the body in fewer words.
bool SameAct(const Draft& a, const Draft& b);

// Joins the drafts that tell of one act; the founding one (first in the text) keeps its place, the surer one its labels.
void MergeDrafts(std::vector<Draft>& drafts);

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_MERGE_H_
