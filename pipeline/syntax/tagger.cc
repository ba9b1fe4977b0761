#include "pipeline/syntax/tagger.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "pipeline/syntax/inflection.h"

namespace demarche::syntax {
namespace {

using document::Sentence;
using document::Token;
using document::Upos;

constexpr double kNameCount = 0.1;     // a known word with a capital may be a name that was never seen
constexpr int kRareCount = 5;          // a form seen so seldom may have readings that were never seen
constexpr double kInflectedCount = 1;  // weight of a reading that the rules for endings allow
constexpr int32_t kKnownLemmaBonus = 700;

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
bool IsAlphanumeric(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }

// Words in title case or all in capitals say nothing by their capitals.
bool CapitalsCount(const Sentence& sentence) {
  int words = 0;
  int capitals = 0;
  for (const Token& token : sentence.tokens) {
    if (token.text.size() < 4 || !IsLetter(token.text.front())) continue;
    ++words;
    capitals += IsUpper(token.text.front());
  }
  return words < 4 || capitals * 10 < words * 7;
}

// 'has a plan', 'did nothing': 'have' and 'do' are full verbs when neither a verb nor another auxiliary follows. A sign of a
// question before them, such as none at all, leaves them auxiliaries: 'Did the envoy ...'.
void RepairAuxiliaries(Sentence& sentence) {
  static constexpr std::string_view kForms[] = {"have", "has", "had", "'ve", "having", "do", "does", "did"};
  for (size_t i = 1; i < sentence.tokens.size(); ++i) {
    Token& token = sentence.tokens[i];
    if (token.upos != Upos::kAux || std::find(std::begin(kForms), std::end(kForms), token.lower) == std::end(kForms)) continue;
    size_t next = i + 1;
    const auto tag_at = [&](size_t at) { return at < sentence.tokens.size() ? sentence.tokens[at].upos : Upos::kPunct; };
    while (tag_at(next) == Upos::kAdv || (tag_at(next) == Upos::kPart && sentence.tokens[next].lower != "to")) ++next;
    const bool has_verb = tag_at(next) == Upos::kVerb || tag_at(next) == Upos::kAux;
    const Upos before = tag_at(i - 1);
    const bool has_subject = before == Upos::kNoun || before == Upos::kPropn || before == Upos::kPron || before == Upos::kPart ||
                             before == Upos::kAux || before == Upos::kCconj;
    const bool has_object = tag_at(next) == Upos::kDet || tag_at(next) == Upos::kNoun || tag_at(next) == Upos::kAdj ||
                            tag_at(next) == Upos::kNum || tag_at(next) == Upos::kAdp || tag_at(next) == Upos::kPropn;
    if (!has_verb && has_subject && has_object) token.upos = Upos::kVerb;
  }
}

}  // namespace

absl::StatusOr<Tagger> Tagger::Make(const Lexicon& lexicon) {
  auto model = TagModel::Make();
  if (!model.ok()) return model.status();
  return Tagger(lexicon, *std::move(model));
}

Shape Tagger::ShapeOf(std::string_view text, bool is_first) {
  bool digit = false, letter = false, lower = false;
  for (char c : text) {
    digit |= absl::ascii_isdigit(static_cast<unsigned char>(c));
    letter |= IsLetter(c);
    lower |= absl::ascii_islower(static_cast<unsigned char>(c));
  }
  if (digit) return Shape::kDigit;
  if (!letter) return Shape::kOther;
  if (!IsUpper(text.front())) return Shape::kLower;
  if (text.size() > 1 && !lower) return Shape::kCapitals;
  return is_first ? Shape::kFirst : Shape::kCapital;
}

void Tagger::AddUnknown(std::string_view lower, std::vector<Candidate>& candidates) const {
  if (const TagModel::TagScores* scores = model_.OfEnding(lower); scores != nullptr) {
    for (int tag = 1; tag < kTagCount; ++tag) {
      if ((*scores)[tag] > kImpossible) candidates.push_back({tag, (*scores)[tag]});
    }
    return;
  }
  for (Upos upos : {Upos::kPropn, Upos::kNoun, Upos::kNum, Upos::kPunct, Upos::kSym, Upos::kX, Upos::kAdj}) {
    candidates.push_back({static_cast<int>(upos), 0});
  }
}

bool Tagger::IsFormOf(std::string_view lower, Upos upos) const {
  if (!lexicon_.FindLemma(lower, upos).empty()) return true;
  const std::vector<std::string> lemmas = LemmaCandidates(lower, upos);
  return std::any_of(lemmas.begin(), lemmas.end(),
                     [&](const std::string& lemma) { return !lexicon_.FindLemma(lemma, upos).empty(); });
}

// Readings of an unknown or rare form as an inflection of a known verb or noun.
void Tagger::AddInflected(std::string_view lower, int seen, std::vector<Candidate>& candidates) const {
  for (Upos upos : {Upos::kVerb, Upos::kNoun}) {
    const int tag = static_cast<int>(upos);
    const auto old = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.tag == tag; });
    if ((seen > 0 && old != candidates.end()) || !IsFormOf(lower, upos)) continue;
    if (seen > 0) {
      candidates.push_back({tag, Score(kInflectedCount / (seen + kInflectedCount)) - model_.OfTag(tag)});
    } else if (old != candidates.end()) {
      old->score += kKnownLemmaBonus;
    }
  }
}

void Tagger::AddCandidates(const Token& token, Shape shape, bool capitals_count, std::vector<Candidate>& candidates) const {
  const std::vector<Reading>& readings = lexicon_.Readings(token.lower);
  const int propn = static_cast<int>(Upos::kPropn);
  const bool may_be_name = shape == Shape::kCapital || shape == Shape::kCapitals || shape == Shape::kFirst;
  if (shape == Shape::kDigit && readings.empty()) {
    const bool is_number = absl::ascii_isdigit(static_cast<unsigned char>(token.text.front())) && !IsLetter(token.text.back());
    for (Upos upos : {Upos::kNum, Upos::kNoun, Upos::kPropn, Upos::kAdj}) {
      candidates.push_back({static_cast<int>(upos), is_number && upos == Upos::kNum ? 0 : static_cast<int32_t>(-2 * kScoreScale)});
    }
  } else if (readings.empty()) {
    AddUnknown(token.lower, candidates);
    AddInflected(token.lower, 0, candidates);
  } else {
    int total = 0;
    for (const Reading& reading : readings) total += reading.count;
    for (const Reading& reading : readings) {
      const int tag = static_cast<int>(reading.upos);
      candidates.push_back({tag, Score(static_cast<double>(reading.count) / total) - model_.OfTag(tag)});
    }
    if (total <= kRareCount) AddInflected(token.lower, total, candidates);
  }
  const bool has_name = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.tag == propn; });
  if (may_be_name && !has_name) {
    double total = 1;
    for (const Reading& reading : readings) total += reading.count;
    candidates.push_back({propn, Score(kNameCount / total) - model_.OfTag(propn)});
  }
  if (shape == Shape::kLower || capitals_count) {
    for (Candidate& candidate : candidates) candidate.score += model_.OfShape(shape, candidate.tag);
  }
}

// One step of Viterbi over pairs of tags. Ties go to the candidate named first, so that the result is the same everywhere.
std::vector<Tagger::State> Tagger::Step(const std::vector<State>& before, const std::vector<Candidate>& candidates) const {
  std::vector<State> column;
  std::array<int, kTagCount * kTagCount> index;
  index.fill(-1);
  for (int i = 0; i < static_cast<int>(before.size()); ++i) {
    for (const Candidate& candidate : candidates) {
      const int32_t score = before[i].score + candidate.score + model_.OfTrigram(before[i].previous, before[i].tag, candidate.tag);
      int& at = index[before[i].tag * kTagCount + candidate.tag];
      if (at < 0) {
        at = static_cast<int>(column.size());
        column.push_back({before[i].tag, candidate.tag, score, i});
      } else if (score > column[at].score) {
        column[at] = {before[i].tag, candidate.tag, score, i};
      }
    }
  }
  return column;
}

void Tagger::Tag(Sentence& sentence) const {
  const bool capitals_count = CapitalsCount(sentence);
  std::vector<std::vector<State>> columns{{State{}}};
  std::vector<Candidate> candidates;
  bool is_first = true;
  for (const Token& token : sentence.tokens) {
    candidates.clear();
    AddCandidates(token, ShapeOf(token.text, is_first), capitals_count, candidates);
    is_first = is_first && std::none_of(token.text.begin(), token.text.end(), IsAlphanumeric);
    columns.push_back(Step(columns.back(), candidates));
  }
  int best = 0;
  int32_t best_score = std::numeric_limits<int32_t>::min();
  for (int i = 0; i < static_cast<int>(columns.back().size()); ++i) {
    const State& state = columns.back()[i];
    const int32_t score = state.score + model_.OfTrigram(state.previous, state.tag, 0);
    if (score > best_score) {
      best = i;
      best_score = score;
    }
  }
  for (size_t i = sentence.tokens.size(); i > 0; --i) {
    const State& state = columns[i][best];
    sentence.tokens[i - 1].upos = static_cast<Upos>(state.tag);
    best = state.from;
  }
  RepairAuxiliaries(sentence);
}

}  // namespace demarche::syntax
