#ifndef DEMARCHE_PIPELINE_FRAMES_INFLECT_H_
#define DEMARCHE_PIPELINE_FRAMES_INFLECT_H_

#include <string>
#include <string_view>
#include <vector>

namespace demarche::frames {

// The forms that a lemma may take in a text, regular ones by rule. May hold forms that English has not.
std::vector<std::string> RegularForms(std::string_view lemma);

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_INFLECT_H_
