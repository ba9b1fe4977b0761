#include "pipeline/syntax/mend.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "pipeline/document/relation.h"

namespace demarche::syntax {
namespace {

namespace relation = document::relation;
using document::Sentence;
using document::Token;
using document::Upos;

// Prepositions that open a clause too.
bool OpensClause(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kWords = {"after", "as", "before", "since", "until"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool IsBe(std::string_view word) {
  static constexpr std::array<std::string_view, 6> kForms = {"is", "are", "was", "were", "be", "been"};
  return std::find(kForms.begin(), kForms.end(), word) != kForms.end();
}

class Mender {
 public:
  explicit Mender(Sentence& sentence) : tokens_(sentence.tokens) {}

  void Run() {
    for (int t = 0; t < size(); ++t) {
      if (tokens_[t].label == relation::kCase && tokens_[t].head > t && OpensClause(tokens_[t].lower)) MendClause(t);
      if (tokens_[t].label == relation::kCase && tokens_[t].lower == "in") MendPlace(t);
      if (t > 0 && tokens_[t].label == relation::kObj) {
        MendCompound(t);
        MendReceiver(t);
      }
      if (t > 0 && tokens_[t].label == relation::kAcl && tokens_[t].xpos == "VBG") MendParticiple(t);
      if (tokens_[t].label == relation::kAmod && tokens_[t].head > t) MendAdjective(t);
      if (tokens_[t].label == relation::kAux && IsBe(tokens_[t].lower)) MendCopula(t);
      if (tokens_[t].label == relation::kNsubj) MendSpeech(t);
      if (tokens_[t].label == relation::kNsubjPass) MendActive(t);
      if (tokens_[t].label == relation::kCcomp && tokens_[t].head > t) MendSemicolon(t);
      if (tokens_[t].xpos == "VBN" && tokens_[t].label == relation::kObl) MendParticipleNoun(t);
      if (tokens_[t].head < 0 && (tokens_[t].upos == Upos::kNoun || tokens_[t].upos == Upos::kPropn)) MendRoot(t);
      if (tokens_[t].label == relation::kConj) {
        MendClauseBehind(t);
        MendClauseJoined(t);
        MendSecondAct(t);
      }
      if (t > 0 && tokens_[t].label == relation::kAdvmod && tokens_[t].upos == Upos::kPropn) MendName(t);
    }
  }

 private:
  int size() const { return static_cast<int>(tokens_.size()); }

  void MendClause(int opener) {
    const int noun = tokens_[opener].head;
    const int above = tokens_[noun].head;
    const std::string_view role = relation::Base(tokens_[noun].label);
    if (role == relation::kNsubj && above > noun && tokens_[above].head >= 0) {
      Hang(opener, above, relation::kMark);
      tokens_[above].label = relation::kAdvcl;
      return;
    }
    if (role != relation::kObl && role != relation::kNmod) return;
    const int verb = VerbBehind(noun);
    if (verb < 0 || !LacksSubject(verb)) return;
    if (above != verb) {
      if (above < 0 || IsUnder(above, verb)) return;
      tokens_[verb].head = static_cast<int16_t>(above);
    }
    if (tokens_[verb].head < 0) return;
    Hang(opener, verb, relation::kMark);
    HangSubject(noun, verb);
    tokens_[verb].label = relation::kAdvcl;
  }

  // 'froze accession talks': a noun is no object of the noun before it, but what that says more of.
  void MendCompound(int noun) {
    const int first = noun - 1;
    if (tokens_[noun].head != first || tokens_[noun].upos != Upos::kNoun || tokens_[first].upos != Upos::kNoun) return;
    Hang(noun, tokens_[first].head, tokens_[first].label);
    for (Token& token : tokens_) {
      if (token.head == first) token.head = static_cast<int16_t>(noun);
    }
    Hang(first, noun, relation::kCompound);
  }

  // 'promised Chad two million euros': of two objects the first receives.
  void MendReceiver(int object) {
    const bool is_name = tokens_[object].upos == Upos::kPropn || tokens_[object].upos == Upos::kPron;
    for (int t = object + 1; is_name && tokens_[object].head < object && t < size(); ++t) {
      const bool is_second = tokens_[t].head == tokens_[object].head && tokens_[t].label == relation::kObj;
      if (is_second && tokens_[t].upos == Upos::kNoun) tokens_[object].label = relation::kIobj;
    }
  }

  // 'Togo promised retaliation but ...': a verb that has a subject of its own is no adjective of its object.
  void MendAdjective(int verb) {
    const int object = tokens_[verb].head;
    if (!IsFinite(verb) || LacksSubject(verb)) return;
    Hang(verb, tokens_[object].head, tokens_[object].label);
    Hang(object, verb, relation::kObj);
    for (int t = object + 1; t < size(); ++t) {
      const bool is_of_clause = tokens_[t].label == relation::kPunct || tokens_[t].upos == Upos::kVerb;
      if (tokens_[t].head == object && is_of_clause) tokens_[t].head = static_cast<int16_t>(verb);
    }
  }

  // 'Chad is due to': a form of 'be' helps no adjective.
  void MendCopula(int be) {
    const int adjective = tokens_[be].head;
    if (tokens_[adjective].upos == Upos::kAdj && !HasChild(adjective, relation::kCop)) tokens_[be].label = relation::kCop;
  }

  // 'Chad bombed the port; Mali asked why': what stands before a semicolon is no content of what stands behind.
  void MendSemicolon(int verb) {
    const auto begin = tokens_.begin();
    if (std::any_of(begin + verb, begin + tokens_[verb].head, [](const Token& token) { return token.lower == ";"; }))
      tokens_[verb].label = relation::kParataxis;
  }

  // 'Two lawmakers called for an inquiry.': what tells a whole sentence without 'be' is no passive.
  void MendActive(int subject) {
    const int verb = tokens_[subject].head;
    const bool is_sentence = tokens_[verb].head < 0 && tokens_.back().lower == ".";
    if (verb > subject && is_sentence && !HasChild(verb, relation::kAuxPass) && !HasChild(verb, relation::kAux))
      tokens_[subject].label = relation::kNsubj;
  }

  // 'Troops were among the wounded'.
  void MendParticipleNoun(int participle) {
    if (HasChild(participle, relation::kDet) && !HasChild(participle, relation::kObj)) tokens_[participle].upos = Upos::kNoun;
  }

  // 'Chad shelled the port, its army said on Friday, hitting ships': no day hits ships; what is told does.
  void MendParticiple(int participle) {
    int noun = tokens_[participle].head;
    if (noun >= 0 && tokens_[noun].upos == Upos::kPunct) noun = tokens_[noun].head;
    if (tokens_[participle - 1].lower != "," || noun < 0 || tokens_[noun].label != relation::kObl) return;
    int verb = tokens_[noun].head;
    if (verb < 0 || tokens_[verb].upos != Upos::kVerb) return;
    if (const int told = ChildOf(verb, relation::kCcomp); told >= 0 && told < verb) verb = told;
    Hang(participle, verb, relation::kAdvcl);
  }

  // 'In Lima protesters burned ...': a place, and who acts there.
  void MendPlace(int in) {
    const int noun = tokens_[in].head, place = in + 1;
    if (noun != place + 1 || noun + 1 >= size() || tokens_[place].upos != Upos::kPropn || tokens_[noun].upos != Upos::kNoun) return;
    const int verb = tokens_[noun].head;
    if (verb < noun || !IsFinite(verb) || !LacksSubject(verb)) return;
    Hang(in, place, relation::kCase);
    Hang(place, verb, relation::kObl);
    HangSubject(noun, verb);
  }

  void MendSpeech(int subject) {
    const int speech = tokens_[subject].head;
    if (speech < 0 || speech + 1 >= size() || tokens_[speech].label != relation::kParataxis || tokens_[speech + 1].lower != ",")
      return;
    const int verb = tokens_[speech].head;
    const auto is_second = [&](int t) { return tokens_[t].head == speech && tokens_[t].label == relation::kNsubj; };
    for (int t = subject + 1; t < speech; ++t) {
      if (!is_second(t) || verb < speech || !LacksSubject(verb)) continue;
      HangSubject(subject, verb);
      return;
    }
  }

  // 'Chad condemned the pact, and its envoy said ...': what looks like a second object is whose verb has no other subject.
  void MendClauseBehind(int subject) {
    if (tokens_[subject].upos != Upos::kNoun && tokens_[subject].upos != Upos::kPropn) return;
    const int joint = ChildOf(subject, relation::kCc);
    if (joint < 1 || tokens_[joint - 1].lower != ",") return;
    int first = tokens_[subject].head;
    while (first >= 0 && tokens_[first].label != relation::kCcomp && tokens_[first].head < subject) first = tokens_[first].head;
    if (first < 0 || tokens_[first].label != relation::kCcomp || LacksSubject(first)) return;
    const int second = tokens_[first].head;
    if (second < subject || !LacksSubject(second)) return;
    Hang(first, tokens_[second].head, tokens_[second].label);
    Hang(second, first, relation::kConj);
    Hang(joint, second, relation::kCc);
    HangSubject(subject, second);
  }

  // 'Chad will defend Mali, and Togo voiced concern': what looks like a second object is whose verb follows it at once.
  void MendClauseJoined(int subject) {
    if (tokens_[subject].upos != Upos::kNoun && tokens_[subject].upos != Upos::kPropn) return;
    const int joint = ChildOf(subject, relation::kCc);
    if (joint < 1 || tokens_[joint - 1].lower != ",") return;
    int last = subject;
    while (last + 1 < size() && tokens_[last + 1].upos != Upos::kVerb && IsUnder(last + 1, subject)) ++last;
    const int verb = VerbBehind(last);
    if (verb < 0 || tokens_[verb].xpos == "VBN" || !LacksSubject(verb) || HasChild(verb, relation::kMark)) return;
    int first = tokens_[subject].head;
    while (first >= 0 && (tokens_[first].upos != Upos::kVerb || LacksSubject(first))) first = tokens_[first].head;
    if (first < 0 || first > subject || IsUnder(first, verb)) return;
    Hang(verb, first, relation::kConj);
    Hang(joint, verb, relation::kCc);
    HangSubject(subject, verb);
  }

  // 'The leaders of Chad and Mali are due to meet': a sentence is told by its verb, not by a noun that it says more of.
  void MendRoot(int noun) {
    const int told = ChildOf(noun, relation::kAclRelcl);
    if (told < noun || !LacksSubject(told)) return;
    int last = noun;
    while (last + 1 < told && tokens_[last + 1].upos != Upos::kAux && IsUnder(last + 1, noun)) ++last;
    if (tokens_[last + 1].upos != Upos::kAux || tokens_[last + 1].head != told) return;
    Hang(told, -1, relation::kRoot);
    for (int t = told + 1; t < size(); ++t) {
      if (tokens_[t].head == noun) tokens_[t].head = static_cast<int16_t>(told);
    }
    HangSubject(noun, told);
  }

  // 'Mali said the pact was aimed at it and recalled its envoy': what is said of the pact is no act, and what follows is Mali's.
  void MendSecondAct(int second) {
    const int told = tokens_[second].head;
    if (told < 0 || told > second || tokens_[told].label != relation::kCcomp || tokens_[second].xpos != "VBD") return;
    const int first = tokens_[told].head;
    const bool is_state = HasChild(told, relation::kCop) || HasChild(told, relation::kAuxPass);
    if (first < 0 || first > told || !is_state || !IsFinite(first) || LacksSubject(first) || !LacksSubject(second)) return;
    Hang(second, first, relation::kConj);
  }

  void MendName(int name) {
    const Token& noun = tokens_[name - 1];
    const bool is_beside = tokens_[name].head == name - 1 || tokens_[name].head == noun.head;
    if (noun.upos == Upos::kNoun && is_beside) Hang(name, name - 1, relation::kAppos);
  }

  void Hang(int token, int head, std::string_view label) {
    tokens_[token].head = static_cast<int16_t>(head);
    tokens_[token].label = label;
  }

  void HangSubject(int token, int verb) {
    Hang(token, verb, HasChild(verb, relation::kAuxPass) ? relation::kNsubjPass : relation::kNsubj);
  }

  // The finite verb that follows the noun and what belongs to it; -1 when something else does.
  int VerbBehind(int noun) const {
    int t = noun + 1;
    while (t < size() && tokens_[t].head >= noun && tokens_[t].head < t && tokens_[t].label == relation::kFlat) ++t;
    bool has_auxiliary = false;
    for (; t < size() && tokens_[t].head > t; ++t) {
      if (tokens_[t].upos == Upos::kAux) {
        has_auxiliary = true;
      } else if (tokens_[t].upos != Upos::kAdv && tokens_[t].upos != Upos::kPart) {
        return -1;
      }
    }
    if (t >= size() || tokens_[t].upos != Upos::kVerb) return -1;
    return IsFinite(t) || has_auxiliary ? t : -1;
  }

  bool IsFinite(int verb) const {
    const std::string_view tag = tokens_[verb].xpos;
    return tag == "VBD" || tag == "VBZ" || (tag == "VBN" && HasChild(verb, relation::kObj));
  }

  // The first one; -1 when there is none.
  int ChildOf(int head, std::string_view label) const {
    const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                    [&](const Token& token) { return token.head == head && token.label == label; });
    return found == tokens_.end() ? -1 : static_cast<int>(found - tokens_.begin());
  }

  bool HasChild(int head, std::string_view label) const { return ChildOf(head, label) >= 0; }

  bool LacksSubject(int verb) const {
    return !HasChild(verb, relation::kNsubj) && !HasChild(verb, relation::kNsubjPass) && !HasChild(verb, relation::kCsubj);
  }

  bool IsUnder(int token, int ancestor) const {
    for (int steps = 0; token >= 0 && steps <= size(); ++steps, token = tokens_[token].head) {
      if (token == ancestor) return true;
    }
    return false;
  }

  std::vector<Token>& tokens_;
};

}  // namespace

void Mend(Sentence& sentence) { Mender(sentence).Run(); }

}  // namespace demarche::syntax
