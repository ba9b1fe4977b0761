#include "pipeline/syntax/tagger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/ascii.h"
#include "pipeline/resources/table.h"
#include "pipeline/syntax/inflection.h"

namespace demarche::syntax {
namespace {

using document::Sentence;
using document::Token;
using document::Upos;

constexpr double kScale = 256;
constexpr int32_t kImpossible = -100 * 256;
constexpr size_t kMaxSuffixBytes = 5;
constexpr double kSuffixPrior = 2;     // how much a longer ending leans on the shorter one
constexpr double kNameCount = 0.1;     // a known word with a capital may be a name that was never seen
constexpr int kRareCount = 5;          // a form seen so seldom may have readings that were never seen
constexpr double kInflectedCount = 1;  // weight of a reading that the rules for endings allow
constexpr int32_t kKnownLemmaBonus = 700;
constexpr double kTrigramWeight = 0.6, kBigramWeight = 0.35;  // the rest is the tag alone

int32_t Score(double probability) {
  return probability <= 0 ? kImpossible : static_cast<int32_t>(std::lround(kScale * std::log(probability)));
}

size_t At(int before, int previous, int tag) { return (static_cast<size_t>(before) * kTagCount + previous) * kTagCount + tag; }

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
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

constexpr std::string_view kShapeNames[] = {"lower", "capital", "first", "capitals", "digit", "other"};

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
  Tagger tagger(lexicon);
  if (auto status = tagger.Read(); !status.ok()) return status;
  return tagger;
}

absl::Status Tagger::Read() {
  auto rows = resources::ReadBuiltInTable("text/tags.tsv", 3);
  if (!rows.ok()) return rows.status();
  std::vector<int> trigrams(kTagCount * kTagCount * kTagCount);
  std::array<std::array<double, kTagCount>, kShapeCount> shapes{};
  std::array<double, kTagCount> tags{};
  StringMap<std::vector<TagCount>> suffixes;
  double total = 0;
  for (const resources::Row& row : *rows) {
    auto counts = ReadTagCounts(row.cells[2]);
    const auto fail = [&](std::string_view what) {
      return absl::InvalidArgumentError("text/tags.tsv:" + std::to_string(row.line) + ": " + std::string(what));
    };
    if (!counts.ok()) return fail(std::string(counts.status().message()));
    if (row.cells[0] == "trigram") {
      const auto pair = resources::Split(row.cells[1], ' ');
      if (pair.size() != 2) return fail("a trigram has two parts of speech before it");
      for (const auto& [tag, count] : *counts) {
        trigrams[At(static_cast<int>(TagFromName(pair[0])), static_cast<int>(TagFromName(pair[1])), static_cast<int>(tag))] = count;
      }
    } else if (row.cells[0] == "shape") {
      const auto* name = std::find(std::begin(kShapeNames), std::end(kShapeNames), row.cells[1]);
      if (name == std::end(kShapeNames)) return fail("unknown shape");
      for (const auto& [tag, count] : *counts) {
        shapes[name - kShapeNames][static_cast<int>(tag)] = count;
        tags[static_cast<int>(tag)] += count;
        total += count;
      }
    } else if (row.cells[0] == "suffix") {
      suffixes[row.cells[1]] = *std::move(counts);
    } else {
      return fail("unknown kind");
    }
  }
  SmoothTrigrams(trigrams);
  for (int tag = 0; tag < kTagCount; ++tag) {
    tags_[tag] = Score(tags[tag] / total);
    for (int shape = 0; shape < kShapeCount; ++shape) shapes_[shape][tag] = Score((shapes[shape][tag] + 0.1) / (tags[tag] + 1));
  }
  for (const auto& [suffix, counts] : suffixes) {
    std::array<double, kTagCount> share{};
    for (size_t size = 1; size <= suffix.size(); ++size) {
      const auto found = suffixes.find(std::string_view(suffix).substr(suffix.size() - size));
      if (found == suffixes.end()) continue;
      double seen = 0;
      for (const auto& [tag, count] : found->second) seen += count;
      const double prior = size == 1 ? 0 : kSuffixPrior;
      for (double& value : share) value *= prior / (seen + prior);
      for (const auto& [tag, count] : found->second) share[static_cast<int>(tag)] += count / (seen + prior);
    }
    TagScores& scores = suffixes_[suffix];
    for (int tag = 0; tag < kTagCount; ++tag) scores[tag] = share[tag] > 0 ? Score(share[tag]) - tags_[tag] : kImpossible;
  }
  return absl::OkStatus();
}

void Tagger::SmoothTrigrams(const std::vector<int>& counts) {
  std::array<std::array<double, kTagCount>, kTagCount> bigrams{};
  std::array<double, kTagCount> unigrams{};
  double total = 0;
  for (int a = 0; a < kTagCount; ++a) {
    for (int b = 0; b < kTagCount; ++b) {
      for (int c = 0; c < kTagCount; ++c) {
        bigrams[b][c] += counts[At(a, b, c)];
        unigrams[c] += counts[At(a, b, c)];
        total += counts[At(a, b, c)];
      }
    }
  }
  const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 0; };
  trigrams_.resize(counts.size());
  for (int a = 0; a < kTagCount; ++a) {
    for (int b = 0; b < kTagCount; ++b) {
      double after_pair = 0, after = 0;
      for (int c = 0; c < kTagCount; ++c) {
        after_pair += counts[At(a, b, c)];
        after += bigrams[b][c];
      }
      for (int c = 0; c < kTagCount; ++c) {
        trigrams_[At(a, b, c)] =
            Score(kTrigramWeight * share(counts[At(a, b, c)], after_pair) + kBigramWeight * share(bigrams[b][c], after) +
                  (1 - kTrigramWeight - kBigramWeight) * share(unigrams[c], total));
      }
    }
  }
}

Tagger::Shape Tagger::ShapeOf(std::string_view text, bool is_first) {
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
  for (size_t size = std::min(kMaxSuffixBytes, lower.size()); size > 0; --size) {
    const auto found = suffixes_.find(lower.substr(lower.size() - size));
    if (found == suffixes_.end()) continue;
    for (int tag = 1; tag < kTagCount; ++tag) {
      if (found->second[tag] > kImpossible) candidates.push_back({tag, found->second[tag]});
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
      candidates.push_back({tag, Score(kInflectedCount / (seen + kInflectedCount)) - tags_[tag]});
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
      candidates.push_back({static_cast<int>(upos), is_number && upos == Upos::kNum ? 0 : static_cast<int32_t>(-2 * kScale)});
    }
  } else if (readings.empty()) {
    AddUnknown(token.lower, candidates);
    AddInflected(token.lower, 0, candidates);
  } else {
    int total = 0;
    for (const Reading& reading : readings) total += reading.count;
    for (const Reading& reading : readings) {
      const int tag = static_cast<int>(reading.upos);
      candidates.push_back({tag, Score(static_cast<double>(reading.count) / total) - tags_[tag]});
    }
    if (total <= kRareCount) AddInflected(token.lower, total, candidates);
  }
  const bool has_name = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.tag == propn; });
  if (may_be_name && !has_name) {
    double total = 1;
    for (const Reading& reading : readings) total += reading.count;
    candidates.push_back({propn, Score(kNameCount / total) - tags_[propn]});
  }
  if (shape == Shape::kLower || capitals_count) {
    for (Candidate& candidate : candidates) candidate.score += shapes_[static_cast<int>(shape)][candidate.tag];
  }
}

// Viterbi over pairs of tags. Ties go to the candidate named first, so that the result is the same everywhere.
void Tagger::Tag(Sentence& sentence) const {
  struct State {
    int previous, tag;  // the pair
    int32_t score;
    int from;  // index of the state before
  };
  const bool capitals_count = CapitalsCount(sentence);
  std::vector<std::vector<State>> columns{{{0, 0, 0, -1}}};
  std::vector<Candidate> candidates;
  bool is_first = true;
  for (const Token& token : sentence.tokens) {
    candidates.clear();
    AddCandidates(token, ShapeOf(token.text, is_first), capitals_count, candidates);
    if (std::any_of(token.text.begin(), token.text.end(),
                    [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); })) {
      is_first = false;
    }
    const std::vector<State>& before = columns.back();
    std::vector<State> column;
    std::array<int, kTagCount * kTagCount> index;
    index.fill(-1);
    for (int i = 0; i < static_cast<int>(before.size()); ++i) {
      for (const Candidate& candidate : candidates) {
        const int32_t score = before[i].score + candidate.score + trigrams_[At(before[i].previous, before[i].tag, candidate.tag)];
        int& at = index[before[i].tag * kTagCount + candidate.tag];
        if (at < 0) {
          at = static_cast<int>(column.size());
          column.push_back({before[i].tag, candidate.tag, score, i});
        } else if (score > column[at].score) {
          column[at] = {before[i].tag, candidate.tag, score, i};
        }
      }
    }
    columns.push_back(std::move(column));
  }
  int best = 0;
  int32_t best_score = std::numeric_limits<int32_t>::min();
  for (int i = 0; i < static_cast<int>(columns.back().size()); ++i) {
    const State& state = columns.back()[i];
    const int32_t score = state.score + trigrams_[At(state.previous, state.tag, 0)];
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
