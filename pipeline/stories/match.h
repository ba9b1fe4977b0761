#ifndef DEMARCHE_PIPELINE_STORIES_MATCH_H_
#define DEMARCHE_PIPELINE_STORIES_MATCH_H_

#include <cstdint>
#include <vector>

#include "demarche/stored/v1/state.pb.h"
#include "demarche/v1/event.pb.h"
#include "pipeline/stories/outline.h"
#include "pipeline/stories/weights.h"

namespace demarche::stories {

// An event of an item with what is needed to compare it.
struct Report {
  const v1::DiplomaticEvent* event = nullptr;
  std::vector<uint32_t> matter;
  int32_t publish_day = 0;  // days since 1970
  Traits traits;
  std::vector<uint16_t> words;  // lower halves of the matter
};
Report MakeReport(const v1::DiplomaticEvent& event);

// Whether a report tells of a known event.
struct Verdict {
  enum Kind { kOther, kSame, kContradicts } kind = kOther;
  double score = 0;  // higher is surer; comparable among known events
};
Verdict Judge(const stored::v1::KnownEvent& known, const Report& report, const Weights& weights);
// What Judge can say at best: kOther where it would say so, and no lower score.
Verdict JudgeOutline(const Outline& known, const Report& report, const Weights& weights);

// Whether a corrected report may replace what the same item told before: the same type and parties, whatever the rest.
bool MayReplace(const v1::DiplomaticEvent& before, const v1::DiplomaticEvent& corrected);

// Types that reports of one act are coded as. Equal numbers are one family.
int FamilyOf(int type);

inline bool IsDenial(int factuality) { return factuality == v1::FACTUALITY_DENIED || factuality == v1::FACTUALITY_NEGATED; }

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_MATCH_H_
