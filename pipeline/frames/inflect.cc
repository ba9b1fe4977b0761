#include "pipeline/frames/inflect.h"

namespace demarche::frames {
namespace {

bool IsVowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

}  // namespace

std::vector<std::string> RegularForms(std::string_view lemma) {
  const std::string base(lemma);
  std::vector<std::string> forms = {base};
  if (lemma.size() < 2) return forms;
  const char last = lemma.back(), before = lemma[lemma.size() - 2];
  const std::string stem = base.substr(0, base.size() - 1);
  const bool sibilant = last == 's' || last == 'x' || last == 'z' || (last == 'h' && (before == 'c' || before == 's'));
  if (last == 'y' && !IsVowel(before)) {
    forms.insert(forms.end(), {stem + "ies", stem + "ied", base + "ing"});
  } else if (last == 'e') {
    forms.insert(forms.end(), {base + "s", base + "d", stem + "ing"});
  } else {
    forms.insert(forms.end(), {base + (sibilant || last == 'o' ? "es" : "s"), base + "ed", base + "ing"});
    if (!IsVowel(last) && IsVowel(before)) forms.insert(forms.end(), {base + last + "ed", base + last + "ing"});
    if (last == 'o') forms.push_back(base + "s");
  }
  return forms;
}

}  // namespace demarche::frames
