#include "pipeline/clause/clauses.h"

#include <algorithm>

#include "pipeline/clause/stretches.h"

namespace demarche::clause {
namespace {

using document::Sentence;
using document::Token;
using document::TokenRange;
using document::Upos;

TokenRange Range(size_t begin, size_t end) { return {static_cast<uint16_t>(begin), static_cast<uint16_t>(std::max(begin, end))}; }

// Links the groups of one sentence, left to right.
class Linker {
 public:
  Linker(const Sentence& sentence, const Grammar& grammar, std::vector<VerbGroup>& groups)
      : tokens_(sentence.tokens), grammar_(grammar), words_(sentence, grammar), groups_(groups) {}

  void Run() {
    for (size_t g = 0; g < groups_.size(); ++g) LinkGroup(static_cast<int>(g));
    LinkLeading();
    LinkQuoted();
    SetClauses();
  }

 private:
  bool Speech(int group) const { return group >= 0 && grammar_.speech.contains(tokens_[groups_[group].head].lemma); }

  void LinkGroup(int g) {
    VerbGroup& group = groups_[g];
    if (group.form == Form::kInfinitive) return LinkInfinitive(g);
    const size_t zone = g > 0 ? groups_[g - 1].tokens.end : 0;
    if (group.form == Form::kGerund && LinkGerund(g, zone)) return;
    if (group.form == Form::kParticiple) {
      const bool after_comma = group.tokens.begin > zone && tokens_[group.tokens.begin - 1].lower == ",";
      size_t end = group.tokens.begin;
      if (after_comma) --end;
      group.link = Link::kRelative;
      group.subject = Range(words_.Begin(zone, end), end);
      group.antecedent = true;
      group.parent = g - 1;
      return;
    }
    LinkFinite(g, zone);
  }

  void LinkInfinitive(int g) {
    VerbGroup& group = groups_[g];
    group.link = Link::kInfinitive;
    group.parent = g - 1;
    group.shared_subject = g - 1;
    if (g == 0) return;
    const size_t begin = groups_[g - 1].tokens.end;
    group.object = Range(begin, group.tokens.begin);
    if (group.tokens.begin > begin) {
      const Token& before = tokens_[group.tokens.begin - 1];
      if (before.upos == Upos::kNoun && grammar_.nouns_of_content.contains(before.lemma)) group.noun = group.tokens.begin - 1;
      if (before.upos == Upos::kCconj) {
        group.link = Link::kConjunct;
        for (int k = g - 1; k >= 0; --k) {
          if (groups_[k].form != Form::kInfinitive) continue;
          group.parent = group.shared_subject = k;
          break;
        }
      }
    }
  }

  // False when it is better read as finite.
  bool LinkGerund(int g, size_t zone) {
    VerbGroup& group = groups_[g];
    group.link = Link::kGerund;
    group.parent = group.shared_subject = g - 1;
    const size_t begin = group.tokens.begin;
    if (begin == 0 || begin == zone) return true;
    const Token& before = tokens_[begin - 1];
    if (before.upos == Upos::kAdp || before.upos == Upos::kSconj || words_.IsSubordinator(begin - 1)) {
      group.mark = before.lower;
      group.object = Range(zone, begin - 1);
      if (grammar_.adverbial_marks.contains(before.lower)) group.link = Link::kAdverbial;
    } else if (before.upos == Upos::kCconj) {
      for (int k = g - 1; k >= 0; --k) {
        if (groups_[k].form != Form::kGerund) continue;
        group.link = Link::kConjunct;
        group.parent = group.shared_subject = k;
        break;
      }
    } else if (before.lower == ",") {
      group.mark = ",";
      group.link = Link::kAdverbial;
      const int finite = NearestFinite(g);
      if (finite >= 0) group.parent = group.shared_subject = finite;
    } else if (words_.IsNoun(begin - 1)) {
      group.link = Link::kRelative;
      group.subject = Range(words_.Begin(zone, begin), begin);
      group.antecedent = true;
      group.shared_subject = -1;
    }
    return true;
  }

  int NearestFinite(int g) const {
    for (int k = g - 1; k >= 0; --k) {
      if (groups_[k].form != Form::kPast && groups_[k].form != Form::kPresent) continue;
      if (groups_[k].link != Link::kRelative) return k;
    }
    return -1;
  }

  void LinkFinite(int g, size_t zone) {
    VerbGroup& group = groups_[g];
    const size_t begin = group.tokens.begin;
    size_t start = begin;
    while (start > zone) {
      const size_t before = start - 1;
      if (tokens_[before].lower == "," || IsHardBoundary(tokens_, before) || words_.IsSubordinator(before) ||
          words_.IsRelative(before))
        break;
      if (words_.IsConjunction(before) && SplitsClauses(g, zone, before, start, begin)) break;
      --start;
    }
    if (start > 0 && start > zone) {
      const Token& opener = tokens_[start - 1];
      if (start == begin && words_.IsRelative(start - 1)) return LinkRelative(g, zone, start - 1);
      if (words_.IsSubordinator(start - 1) || grammar_.relatives.contains(opener.lower)) return LinkSubordinate(g, start);
    }
    if (words_.HasNounPhrase(start, begin)) return LinkWithSubject(g, zone, start);
    if (start > zone && words_.IsConjunction(start - 1)) return LinkConjunct(g);
    if (start > 0 && tokens_[start - 1].lower == ",") return LinkAfterComma(g, start - 1);
    if (start > 0 && IsQuote(tokens_[start - 1]) && Speech(g)) return LinkInverted(g);
    if (g > 0 && start == zone && groups_[g - 1].link == Link::kRelative) {
      group.shared_subject = g - 1;  // 'the man who fled returned'
      group.subject = {};
      return;
    }
    group.subject = Range(start, begin);
  }

  // Whether 'and' before [start, begin) opens a clause rather than joining two nouns of the subject.
  bool SplitsClauses(int g, size_t zone, size_t conjunction, size_t start, size_t begin) const {
    if (start == begin || !words_.HasNounPhrase(start, begin)) return true;
    if (g == 0) return false;
    size_t left = conjunction;
    while (left > zone && tokens_[left - 1].lower != "," && !IsHardBoundary(tokens_, left - 1) && !words_.IsSubordinator(left - 1))
      --left;
    if (left > zone) return tokens_[conjunction - 1].lower == ",";
    return !Speech(g - 1);
  }

  void LinkWithSubject(int g, size_t zone, size_t start) {
    VerbGroup& group = groups_[g];
    group.subject = Range(start, group.tokens.begin);
    if (start != zone || g == 0) return;
    if (Speech(g - 1) || groups_[g - 1].noun >= 0) {
      group.link = Link::kContent;
      group.parent = g - 1;
    } else if (groups_[g - 1].link == Link::kRelative) {
      group.subject = {};
      group.shared_subject = g - 1;
    }
  }

  void LinkRelative(int g, size_t zone, size_t pronoun) {
    VerbGroup& group = groups_[g];
    size_t end = pronoun;
    if (end > 0 && tokens_[end - 1].lower == ",") --end;
    group.link = Link::kRelative;
    group.parent = g - 1;
    group.mark = tokens_[pronoun].lower;
    group.antecedent = true;
    group.subject = Range(words_.Begin(zone, end), end);
  }

  void LinkSubordinate(int g, size_t start) {
    VerbGroup& group = groups_[g];
    group.mark = tokens_[start - 1].lower;
    group.subject = Range(start, group.tokens.begin);
    group.parent = g - 1;
    const bool noun =
        start >= 2 && tokens_[start - 2].upos == Upos::kNoun && grammar_.nouns_of_content.contains(tokens_[start - 2].lemma);
    if (noun) group.noun = static_cast<int>(start - 2);
    if (group.mark == "that" || group.mark == "whether" || (group.mark == "if" && Speech(g - 1))) {
      group.link = Link::kContent;
    } else if (grammar_.relatives.contains(group.mark)) {
      group.link = Link::kRelative;
    } else {
      group.link = Link::kAdverbial;
    }
  }

  void LinkConjunct(int g) {
    VerbGroup& group = groups_[g];
    group.link = Link::kConjunct;
    const bool bare = group.tokens.end - group.tokens.begin == 1 && tokens_[group.head].lower == tokens_[group.head].lemma;
    int parent = -1;
    for (int k = g - 1; k >= 0 && parent < 0; --k) {
      const VerbGroup& other = groups_[k];
      if (bare && (other.form == Form::kInfinitive || !other.modal.empty())) parent = k;
      if (!bare && (other.form == Form::kPast || other.form == Form::kPresent)) parent = k;
    }
    group.parent = group.shared_subject = parent < 0 ? g - 1 : parent;
    if (!bare || parent < 0) return;
    group.modal = groups_[parent].modal;
    group.negated |= groups_[parent].negated;
    group.form = groups_[parent].form;
  }

  // ', said Peskov', 'X, who fled, returned', 'X attacked Y, seized Z and left'.
  void LinkAfterComma(int g, size_t comma) {
    if (Speech(g) && comma + 1 == groups_[g].tokens.begin && LooksInverted(g)) return LinkInverted(g);
    size_t end = comma;
    TokenRange found;
    while (end > 0) {
      size_t begin = end;
      while (begin > 0 && tokens_[begin - 1].lower != "," && !IsHardBoundary(tokens_, begin - 1)) --begin;
      const int inside = FiniteInside(begin, end);
      if (inside >= 0) break;
      if (GroupInside(begin, end) < 0 && words_.HasNounPhrase(begin, end)) found = Range(begin, end);
      if (begin == 0 || tokens_[begin - 1].lower != ",") break;
      end = begin - 1;
    }
    if (!found.empty()) {
      groups_[g].subject = found;
      return;
    }
    LinkConjunct(g);
  }

  bool LooksInverted(int g) const {
    const size_t next = groups_[g].tokens.end;
    return next < tokens_.size() && (words_.IsNoun(next) || tokens_[next].upos == Upos::kDet);
  }

  void LinkInverted(int g) {
    VerbGroup& group = groups_[g];
    size_t end = group.tokens.end;
    while (end < tokens_.size() && tokens_[end].lower != "," && !IsHardBoundary(tokens_, end) && tokens_[end].upos != Upos::kVerb)
      ++end;
    group.subject = Range(group.tokens.end, end);
    group.subject_follows = true;
  }

  int GroupInside(size_t begin, size_t end) const {
    for (size_t k = 0; k < groups_.size(); ++k) {
      if (groups_[k].tokens.begin >= begin && groups_[k].tokens.end <= end) return static_cast<int>(k);
    }
    return -1;
  }

  int FiniteInside(size_t begin, size_t end) const {
    for (size_t k = 0; k < groups_.size(); ++k) {
      const VerbGroup& other = groups_[k];
      if (other.tokens.begin < begin || other.tokens.end > end) continue;
      if (other.link != Link::kRelative && other.form != Form::kGerund && other.form != Form::kInfinitive)
        return static_cast<int>(k);
    }
    return -1;
  }

  // 'Speaking in Rome, X said', 'To end the war, X offered': what leads hangs on the first main clause.
  void LinkLeading() {
    for (size_t g = 0; g < groups_.size(); ++g) {
      VerbGroup& group = groups_[g];
      if (group.parent >= 0 || (group.form != Form::kGerund && group.link != Link::kInfinitive)) continue;
      for (size_t k = g + 1; k < groups_.size(); ++k) {
        if (groups_[k].link != Link::kRoot) continue;
        group.parent = group.shared_subject = static_cast<int>(k);
        break;
      }
    }
  }

  // 'X attacked Y, Z said.': the clauses before hang on the verb of speech.
  void LinkQuoted() {
    for (size_t g = 0; g < groups_.size(); ++g) {
      VerbGroup& speech = groups_[g];
      if (!Speech(static_cast<int>(g)) || speech.link != Link::kRoot || speech.subject.empty()) continue;
      const size_t start = speech.subject_follows ? speech.tokens.begin : speech.subject.begin;
      if (start == 0 || (tokens_[start - 1].lower != "," && !IsQuote(tokens_[start - 1]))) continue;
      const size_t after = speech.subject_follows ? speech.subject.end : speech.tokens.end;
      const bool closes = after >= tokens_.size() || IsPunctuation(tokens_[after]) || tokens_[after].upos == Upos::kAdp ||
                          grammar_.time_nouns.contains(tokens_[after].lower);
      const bool has_content = g + 1 < groups_.size() && groups_[g + 1].link == Link::kContent;
      if (!closes && !(speech.subject_follows)) continue;
      if (has_content) continue;
      for (size_t k = 0; k < groups_.size(); ++k) {
        if (k == g || groups_[k].link != Link::kRoot || groups_[k].parent >= 0) continue;
        if (k > g && !(after < tokens_.size() && tokens_[after].lower == ",")) continue;
        groups_[k].link = Link::kQuoted;
        groups_[k].parent = static_cast<int>(g);
      }
    }
  }

  void SetClauses() {
    for (size_t g = 0; g < groups_.size(); ++g) {
      VerbGroup& group = groups_[g];
      size_t begin = group.tokens.begin;
      if (!group.subject.empty() && !group.antecedent && !group.subject_follows) begin = group.subject.begin;
      if (group.form == Form::kInfinitive || group.antecedent) begin = group.tokens.begin;
      // 'Jordan, which closed its border in 1993, congratulated': the words between belong to the relative clause.
      if (g > 0 && begin < groups_[g - 1].tokens.begin) begin = group.tokens.begin;
      if (g == 0) begin = 0;
      if (g > 0) begin = std::max<size_t>(begin, groups_[g - 1].tokens.end);
      group.clause.begin = static_cast<uint16_t>(begin);
      if (g > 0) groups_[g - 1].clause.end = static_cast<uint16_t>(begin);
      group.clause.end = static_cast<uint16_t>(tokens_.size());
    }
  }

  const std::vector<Token>& tokens_;
  const Grammar& grammar_;
  const Stretches words_;
  std::vector<VerbGroup>& groups_;
};

}  // namespace

int Clauses::At(int token) const {
  if (!owners.empty()) return owners[token];
  for (size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].clause.contains(token)) return static_cast<int>(g);
  }
  return -1;
}

bool Clauses::Governs(int ancestor, int group) const {
  bool complement = false;
  for (size_t steps = 0; group >= 0 && steps <= groups.size(); ++steps) {
    if (group == ancestor) return complement;
    const Link link = groups[group].link;
    if (link == Link::kRoot || link == Link::kRelative || link == Link::kAdverbial) return false;
    complement |= link != Link::kConjunct;
    group = groups[group].parent;
  }
  return false;
}

Clauses ByOrder(const Sentence& sentence, const Grammar& grammar) {
  Clauses clauses;
  clauses.groups = FindVerbGroups(sentence, grammar);
  Linker(sentence, grammar, clauses.groups).Run();
  return clauses;
}

}  // namespace demarche::clause
