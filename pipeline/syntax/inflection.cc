#include "pipeline/syntax/inflection.h"

#include <cstddef>

namespace demarche::syntax {
namespace {

using document::Upos;

constexpr size_t kMinStemBytes = 2;

bool IsVowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool EndsWith(std::string_view word, std::string_view ending) {
  return word.size() >= ending.size() + kMinStemBytes && word.substr(word.size() - ending.size()) == ending;
}

std::string_view Without(std::string_view word, size_t bytes) { return word.substr(0, word.size() - bytes); }

bool HasVowel(std::string_view stem) { return stem.find_first_of("aeiouy") != std::string_view::npos; }

bool EndsDoubled(std::string_view stem) { return stem.size() > 2 && stem.back() == stem[stem.size() - 2] && !IsVowel(stem.back()); }

// Whether a stem that lost its ending more probably ended in 'e': 'announc', 'impos', 'resolv', 'escalat', 'requir'.
bool WantsE(std::string_view stem) {
  const char last = stem.back();
  const char before = stem.size() > 1 ? stem[stem.size() - 2] : ' ';
  if (last == 'c' || last == 'v' || last == 'u' || last == 'z') return true;
  if (last == 's') return IsVowel(before) || before == 'n' || before == 'r';
  if (last == 'g')
    return before == 'n' ? stem.size() > 4 && stem[stem.size() - 3] == 'a' : before == 'r' || before == 'd' || IsVowel(before);
  if (last == 'l') return !IsVowel(before) && before != 'l' && before != 'r' && before != 'w';
  if (EndsWith(stem, "at") || EndsWith(stem, "ut") || EndsWith(stem, "ot") || EndsWith(stem, "id") || EndsWith(stem, "ud") ||
      EndsWith(stem, "in") || EndsWith(stem, "ir") || EndsWith(stem, "ur") || EndsWith(stem, "um") || EndsWith(stem, "im")) {
    return stem.size() < 3 || !IsVowel(stem[stem.size() - 3]);
  }
  return false;
}

// What a stem that lost '-ed' or '-ing' may have been, the most probable first.
void AddStems(std::string_view stem, std::vector<std::string>& candidates) {
  if (stem.size() < kMinStemBytes || !HasVowel(stem)) return;
  const std::string plain(stem);
  const bool keeps_double = stem.back() == 's' || stem.back() == 'l' || stem.back() == 'f' || stem.back() == 'z';
  if (EndsDoubled(stem)) {
    const std::string single(Without(stem, 1));
    candidates.push_back(keeps_double ? plain : single);
    candidates.push_back(keeps_double ? single : plain);
  } else {
    candidates.push_back(WantsE(stem) ? plain + "e" : plain);
    candidates.push_back(WantsE(stem) ? plain : plain + "e");
  }
}

void AddWithoutS(std::string_view word, std::vector<std::string>& candidates) {
  if (EndsWith(word, "ies")) candidates.push_back(std::string(Without(word, 3)) + "y");
  const bool sibilant =
      EndsWith(word, "ches") || EndsWith(word, "shes") || EndsWith(word, "sses") || EndsWith(word, "xes") || EndsWith(word, "zzes");
  if (sibilant) candidates.emplace_back(Without(word, 2));
  if (EndsWith(word, "s") && !EndsWith(word, "ss") && !EndsWith(word, "us") && !EndsWith(word, "is")) {
    candidates.emplace_back(Without(word, 1));
    if (EndsWith(word, "es") && !sibilant) candidates.emplace_back(Without(word, 2));
  }
}

}  // namespace

std::vector<std::string> LemmaCandidates(std::string_view word, Upos upos) {
  std::vector<std::string> candidates;
  if (upos == Upos::kVerb || upos == Upos::kAux) {
    if (EndsWith(word, "ied"))
      candidates.push_back(std::string(Without(word, 3)) + "y");
    else if (EndsWith(word, "ed"))
      AddStems(Without(word, 2), candidates);
    else if (EndsWith(word, "ing"))
      AddStems(Without(word, 3), candidates);
    else
      AddWithoutS(word, candidates);
  } else if (upos == Upos::kNoun) {
    if (EndsWith(word, "women") || EndsWith(word, "men"))
      candidates.push_back(std::string(Without(word, 2)) + "an");
    else
      AddWithoutS(word, candidates);
  } else if (upos == Upos::kAdj || upos == Upos::kAdv) {
    if (EndsWith(word, "iest"))
      candidates.push_back(std::string(Without(word, 4)) + "y");
    else if (EndsWith(word, "ier"))
      candidates.push_back(std::string(Without(word, 3)) + "y");
    else if (EndsWith(word, "est"))
      AddStems(Without(word, 3), candidates);
    else if (EndsWith(word, "er"))
      AddStems(Without(word, 2), candidates);
  }
  return candidates;
}

}  // namespace demarche::syntax
