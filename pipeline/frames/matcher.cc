#include "pipeline/frames/matcher.h"

#include <algorithm>
#include <optional>

#include "pipeline/document/relation.h"

namespace demarche::frames {
namespace {

using document::Sentence;
using document::Token;
using document::Upos;

constexpr int kLongestGap = 5;            // tokens of a `*`
constexpr double kScorePerElement = 0.5;  // a longer pattern wins over a shorter one

// Whether the word is used as the sense's part of speech; verb groups decide what is a verb.
bool Fits(const Token& token, HeadClass head_class, bool is_verb) {
  if (token.upos == Upos::kUnknown) return true;
  switch (head_class) {
    case HeadClass::kVerb:
      return is_verb;
    case HeadClass::kNoun:
      return token.upos == Upos::kNoun || token.upos == Upos::kPropn || (token.upos == Upos::kVerb && !is_verb);
    case HeadClass::kAdjective:
      return token.upos == Upos::kAdj || token.upos == Upos::kVerb || token.upos == Upos::kAdv;
  }
  return false;
}

// Matches the elements of one sense around its head.
class Attempt {
 public:
  Attempt(const Sentence& sentence, const clause::Clauses& clauses, const Sense& sense, const Arguments& arguments, size_t head)
      : sentence_(sentence), clauses_(clauses), sense_(sense), arguments_(arguments), head_(static_cast<int>(head)) {}

  // Whether what the head governs is quoted before it.
  bool is_quoted() const { return is_quoted_; }

  std::optional<document::TokenRange> Run() {
    begin_ = head_;
    end_ = head_ + 1;
    position_ = end_;
    if (sense_.active && clauses_.At(head_) >= 0 && clauses_.groups[clauses_.At(head_)].passive) return std::nullopt;
    if (!Before() || !After() || HasExcluded()) return std::nullopt;
    return document::TokenRange{static_cast<uint16_t>(begin_), static_cast<uint16_t>(end_)};
  }

 private:
  int Size() const { return static_cast<int>(sentence_.tokens.size()); }
  const Token& At(int i) const { return sentence_.tokens[i]; }
  Anchor HeadAnchor() const {
    return {{static_cast<uint16_t>(begin_), static_cast<uint16_t>(end_)},
            static_cast<uint16_t>(head_),
            sense_.head_class != HeadClass::kVerb};
  }
  bool StopsGap(int i) const {
    if (At(i).lower == "," || clause::IsHardBoundary(sentence_.tokens, i)) return true;
    for (const clause::VerbGroup& group : clauses_.groups) {
      if (group.tokens.begin <= i && i <= group.head && group.head != head_) return true;
    }
    return false;
  }

  // ', Bolivia's former leader,'
  bool IsApposed(int i) const {
    for (int steps = 0; i >= 0 && steps < clause::kDeepestChain; ++steps, i = At(i).head) {
      if (At(i).label == document::relation::kAppos) return true;
    }
    return false;
  }

  // Elements before the head, right to left; each beside the next, a gap allows more between.
  bool Before() {
    int position = head_ - 1;
    bool gap = false;
    for (size_t e = sense_.head; e-- > 0;) {
      const Element& element = sense_.elements[e];
      if (element.role == Element::Role::kGap) {
        gap = true;
        continue;
      }
      if (element.role == Element::Role::kSubject) {
        if (!Extend(arguments_.SubjectNoun(HeadAnchor(), element.words), false)) return false;
        continue;
      }
      int i = position;
      for (int left = gap ? kLongestGap : 0; i >= 0 && !Is(At(i), element.words); --i) {
        if (left-- == 0 || StopsGap(i)) return false;
      }
      if (i < 0) return false;
      begin_ = i;
      position = i - 1;
      gap = false;
    }
    return true;
  }

  bool After() {
    bool gap = false;
    for (size_t e = sense_.head + 1; e < sense_.elements.size(); ++e) {
      const Element& element = sense_.elements[e];
      switch (element.role) {
        case Element::Role::kGap:
          gap = true;
          break;
        case Element::Role::kObject:
          if (!Extend(arguments_.ObjectNoun(HeadAnchor(), element.words), true)) return false;
          break;
        case Element::Role::kSubject:
          if (!Extend(arguments_.SubjectNoun(HeadAnchor(), element.words), false)) return false;
          break;
        default:
          if (!Word(element.words, gap) && !(gap && WordQuoted(element.words)) && !element.optional) return false;
          gap = false;
      }
    }
    return true;
  }

  bool Word(const StringSet& words, bool gap) {
    int left = gap ? kLongestGap : 0;
    bool adverb_allowed = true;
    for (int i = position_; i < Size(); ++i) {
      if (Is(At(i), words)) {
        end_ = std::max(end_, i + 1);
        position_ = i + 1;
        return true;
      }
      if (gap && clause::IsQuotationMark(At(i).lower)) continue;  // 'branded Peru a "rogue state"'
      if (StopsGap(i)) return false;
      if (const int after = arguments_.AfterTime(i); after > i) {  // 'vowed on Tuesday to answer'
        i = after - 1;
      } else if (left > 0) {
        // A party counts once, however long its name is and whatever is said of it.
        left -= !arguments_.ContinuesParty(i) && !IsApposed(i);
      } else if (adverb_allowed && At(i).upos == Upos::kAdv) {
        adverb_allowed = false;
      } else {
        return false;
      }
    }
    return false;
  }

  // '"They must leave," he said': a word that stands behind the head in other sentences stands in what is quoted before it.
  bool WordQuoted(const StringSet& words) {
    for (const clause::VerbGroup& quoted : clauses_.groups) {
      if (quoted.link != clause::Link::kQuoted || !quoted.mark.empty() || quoted.head > head_) continue;
      if (clauses_.groups[quoted.parent].head != head_) continue;
      for (int i = quoted.clause.begin; i < quoted.clause.end; ++i) {
        if (Is(At(i), words)) return is_quoted_ = true;
      }
    }
    return false;
  }

  // Takes a noun found elsewhere into the trigger, where it stands near enough.
  bool Extend(int noun, bool moves) {
    constexpr int kFarthestInTrigger = 8;
    if (noun < 0) return false;
    if (noun >= head_ && noun - head_ <= kFarthestInTrigger) {
      end_ = std::max(end_, noun + 1);
      if (moves) position_ = std::max(position_, noun + 1);
    }
    return true;
  }

  bool HasExcluded() const {
    if (sense_.unless.empty()) return false;
    constexpr int kReach = 6;
    for (int i = std::max(0, begin_ - kReach); i < std::min(Size(), end_ + kReach); ++i) {
      if ((i < begin_ || i >= end_) && Is(At(i), sense_.unless)) return true;
    }
    return false;
  }

  const Sentence& sentence_;
  const clause::Clauses& clauses_;
  const Sense& sense_;
  const Arguments& arguments_;
  const int head_;
  int begin_ = 0;
  int end_ = 0;
  int position_ = 0;
  bool is_quoted_ = false;
};

double BaseScore(const Sense& sense) {
  double score = 1 + sense.score;
  for (const Element& element : sense.elements) {
    if (element.role != Element::Role::kGap && element.role != Element::Role::kHead && !element.optional) score += kScorePerElement;
  }
  return score;
}

}  // namespace

std::vector<Reading> Match(const Sentence& sentence, const clause::Clauses& clauses, const Lexicon& lexicon,
                           const Arguments& arguments) {
  std::vector<Reading> readings;
  const Presence presence(lexicon.word_sets(), sentence);
  std::vector<bool> heads(sentence.tokens.size());
  for (const clause::VerbGroup& group : clauses.groups) heads[group.head] = true;
  for (size_t t = 0; t < sentence.tokens.size(); ++t) {
    const Token& token = sentence.tokens[t];
    const std::vector<uint32_t>* senses = lexicon.SensesOf(token.lemma);
    if (senses == nullptr) senses = lexicon.SensesOf(token.lower);
    if (senses == nullptr) continue;
    for (const uint32_t index : *senses) {
      const Sense& sense = lexicon.senses()[index];
      if (!Fits(token, sense.head_class, heads[t]) || !presence.HasAll(sense.needs)) continue;
      Attempt attempt(sentence, clauses, sense, arguments, t);
      const auto trigger = attempt.Run();
      if (!trigger) continue;
      Reading reading;
      reading.sense = &sense;
      reading.anchor = {*trigger, static_cast<uint16_t>(t), sense.head_class != HeadClass::kVerb};
      reading.is_quoted = attempt.is_quoted();
      reading.kind = sense.kind;
      reading.score = BaseScore(sense);
      readings.push_back(std::move(reading));
    }
  }
  return readings;
}

}  // namespace demarche::frames
