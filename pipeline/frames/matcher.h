#ifndef DEMARCHE_PIPELINE_FRAMES_MATCHER_H_
#define DEMARCHE_PIPELINE_FRAMES_MATCHER_H_

#include <vector>

#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"
#include "pipeline/frames/arguments.h"
#include "pipeline/frames/lexicon.h"

namespace demarche::frames {

// A reading of words as a trigger, and later its parties.
struct Reading {
  const Sense* sense = nullptr;
  Anchor anchor;
  std::string_view kind;  // of the sense, or by its content
  Parties actors;
  Parties recipients;
  bool reciprocal = false;
  bool is_domestic = false;  // one side was named and stands for both
  bool governed = false;     // content of an operator: no event of its own
  bool is_quoted = false;    // what it governs is quoted before it
  double score = 0;
};

// All readings of a sentence's words by the lexicon, by position; parties not yet filled. `sentence` outlives the result.
std::vector<Reading> Match(const document::Sentence& sentence, const clause::Clauses& clauses, const Lexicon& lexicon,
                           const Arguments& arguments);

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_MATCHER_H_
