#include "pipeline/syntax/tag_model.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "pipeline/resources/table.h"

namespace demarche::syntax {
namespace {

constexpr double kSuffixPrior = 2;                            // how much a longer ending leans on the shorter one
constexpr double kTrigramWeight = 0.6, kBigramWeight = 0.35;  // the rest is the tag alone
constexpr std::string_view kShapeNames[] = {"lower", "capital", "first", "capitals", "digit", "other"};

using Shares = std::array<double, kTagCount>;
using SuffixCounts = StringMap<std::vector<TagCount>>;

int Index(document::Upos upos) { return static_cast<int>(upos); }

// The shares of the tags given the ending: those of each longer ending lean on those of the shorter ones.
Shares SharesOf(std::string_view suffix, const SuffixCounts& suffixes) {
  Shares shares{};
  for (size_t size = 1; size <= suffix.size(); ++size) {
    const auto found = suffixes.find(suffix.substr(suffix.size() - size));
    if (found == suffixes.end()) continue;
    double seen = 0;
    for (const auto& [tag, count] : found->second) seen += count;
    const double prior = size == 1 ? 0 : kSuffixPrior;
    for (double& share : shares) share *= prior / (seen + prior);
    for (const auto& [tag, count] : found->second) shares[Index(tag)] += count / (seen + prior);
  }
  return shares;
}

double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

int32_t Score(double probability) {
  return probability <= 0 ? kImpossible : static_cast<int32_t>(std::lround(kScoreScale * std::log(probability)));
}

// What tags.tsv says, before it is turned into scores.
struct TagModel::Counts {
  std::vector<int> trigrams = std::vector<int>(kTagCount * kTagCount * kTagCount);
  std::array<Shares, kShapeCount> shapes{};
  Shares tags{};
  double total = 0;
  SuffixCounts suffixes;
};

absl::StatusOr<TagModel> TagModel::Make() {
  auto rows = resources::ReadBuiltInTable("text/tags.tsv", 3);
  if (!rows.ok()) return rows.status();
  Counts counts;
  for (const resources::Row& row : *rows) {
    if (auto status = Add(row.cells, counts); !status.ok()) {
      return absl::InvalidArgumentError("text/tags.tsv:" + std::to_string(row.line) + ": " + std::string(status.message()));
    }
  }
  TagModel model;
  model.SetTrigrams(counts);
  for (int tag = 0; tag < kTagCount; ++tag) {
    model.tags_[tag] = Score(Share(counts.tags[tag], counts.total));
    for (int shape = 0; shape < kShapeCount; ++shape) {
      model.shapes_[shape][tag] = Score((counts.shapes[shape][tag] + 0.1) / (counts.tags[tag] + 1));
    }
  }
  for (const auto& [suffix, unused] : counts.suffixes) {
    const Shares shares = SharesOf(suffix, counts.suffixes);
    TagScores& scores = model.suffixes_[suffix];
    for (int tag = 0; tag < kTagCount; ++tag) scores[tag] = shares[tag] > 0 ? Score(shares[tag]) - model.tags_[tag] : kImpossible;
  }
  return model;
}

absl::Status TagModel::Add(const std::vector<std::string_view>& cells, Counts& counts) {
  auto read = ReadTagCounts(cells[2]);
  if (!read.ok()) return read.status();
  if (cells[0] == "trigram") {
    const auto pair = resources::Split(cells[1], ' ');
    if (pair.size() != 2) return absl::InvalidArgumentError("a trigram has two parts of speech before it");
    for (const auto& [tag, count] : *read) {
      counts.trigrams[At(Index(TagFromName(pair[0])), Index(TagFromName(pair[1])), Index(tag))] = count;
    }
  } else if (cells[0] == "shape") {
    const auto* name = std::find(std::begin(kShapeNames), std::end(kShapeNames), cells[1]);
    if (name == std::end(kShapeNames)) return absl::InvalidArgumentError("unknown shape '" + std::string(cells[1]) + "'");
    for (const auto& [tag, count] : *read) {
      counts.shapes[name - kShapeNames][Index(tag)] = count;
      counts.tags[Index(tag)] += count;
      counts.total += count;
    }
  } else if (cells[0] == "suffix") {
    counts.suffixes[cells[1]] = *std::move(read);
  } else {
    return absl::InvalidArgumentError("unknown kind '" + std::string(cells[0]) + "'");
  }
  return absl::OkStatus();
}

// A trigram's share, smoothed by those of the pair and of the tag alone.
void TagModel::SetTrigrams(const Counts& counts) {
  std::array<Shares, kTagCount> bigrams{};
  Shares unigrams{}, after{};
  std::array<Shares, kTagCount> after_pair{};
  double total = 0;
  for (int a = 0; a < kTagCount; ++a) {
    for (int b = 0; b < kTagCount; ++b) {
      for (int c = 0; c < kTagCount; ++c) {
        const int count = counts.trigrams[At(a, b, c)];
        after_pair[a][b] += count;
        after[b] += count;
        bigrams[b][c] += count;
        unigrams[c] += count;
        total += count;
      }
    }
  }
  trigrams_.resize(counts.trigrams.size());
  for (int a = 0; a < kTagCount; ++a) {
    for (int b = 0; b < kTagCount; ++b) {
      for (int c = 0; c < kTagCount; ++c) {
        trigrams_[At(a, b, c)] = Score(kTrigramWeight * Share(counts.trigrams[At(a, b, c)], after_pair[a][b]) +
                                       kBigramWeight * Share(bigrams[b][c], after[b]) +
                                       (1 - kTrigramWeight - kBigramWeight) * Share(unigrams[c], total));
      }
    }
  }
}

const TagModel::TagScores* TagModel::OfEnding(std::string_view lower) const {
  for (size_t size = std::min(kMaxSuffixBytes, lower.size()); size > 0; --size) {
    const auto found = suffixes_.find(lower.substr(lower.size() - size));
    if (found != suffixes_.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace demarche::syntax
