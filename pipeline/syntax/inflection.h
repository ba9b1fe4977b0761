#ifndef DEMARCHE_PIPELINE_SYNTAX_INFLECTION_H_
#define DEMARCHE_PIPELINE_SYNTAX_INFLECTION_H_

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/document/document.h"

namespace demarche::syntax {

// What a regularly inflected word in lower case may be a form of, the most probable first: 'imposing' gives 'impose', 'impos'.
// Empty when the word has no ending of that part of speech.
std::vector<std::string> LemmaCandidates(std::string_view word, document::Upos upos);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_INFLECTION_H_
