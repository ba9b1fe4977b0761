#include "pipeline/train/vocabulary.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <map>

#include "pipeline/syntax/features.h"

namespace demarche::train {
namespace {

constexpr int kMinWordCount = 2;
constexpr int kMinAffixCount = 3;
constexpr int kMinLabelCount = 100;  // a rarer sub-type is trained as its base relation

float FromHalf(uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const float fraction = static_cast<float>(bits & 1023) / 1024;
  const float size = exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
  return (bits & 0x8000) != 0 ? -size : size;
}

Affixes Numbered(const std::map<uint32_t, int>& counts) {
  Affixes rows;
  for (const auto& [key, count] : counts) {
    if (count >= kMinAffixCount) rows.emplace(key, static_cast<int>(rows.size()) + 1);
  }
  return rows;
}

int Row(const Affixes& affixes, uint32_t key) {
  const auto found = affixes.find(key);
  return found == affixes.end() ? 0 : found->second;
}

}  // namespace

int Vectors::Row(std::string_view lower) const {
  if (const auto found = rows.find(lower); found != rows.end()) return found->second;
  std::string zeros(lower);
  bool changed = false;
  for (char& c : zeros) {
    if (c >= '1' && c <= '9') {
      c = '0';
      changed = true;
    }
  }
  if (!changed) return -1;
  const auto found = rows.find(zeros);
  return found == rows.end() ? -1 : found->second;
}

absl::StatusOr<Vectors> ReadVectors(const std::string& folder) {
  Vectors vectors;
  std::ifstream words(folder + "/glove-100d.words");
  for (std::string word; std::getline(words, word);) {
    vectors.rows.emplace(word, static_cast<int>(vectors.words.size()));
    vectors.words.push_back(std::move(word));
  }
  if (vectors.words.empty()) return absl::NotFoundError("no words in '" + folder + "/glove-100d.words'");
  std::ifstream file(folder + "/glove-100d.f16", std::ios::binary);
  std::vector<uint16_t> halves(vectors.words.size() * kVectorSize);
  const auto bytes = static_cast<std::streamsize>(halves.size() * sizeof(uint16_t));
  file.read(reinterpret_cast<char*>(halves.data()), bytes);
  if (file.gcount() != bytes) return absl::DataLossError("'" + folder + "/glove-100d.f16' is shorter than its list of words");
  vectors.values.reserve(halves.size());
  for (const uint16_t half : halves) vectors.values.push_back(FromHalf(half));
  return vectors;
}

int Names::Add(std::string_view name) {
  const auto [entry, is_new] = ids.try_emplace(std::string(name), size());
  if (is_new) names.emplace_back(name);
  return entry->second;
}

int Names::Find(std::string_view name) const {
  const auto found = ids.find(name);
  return found == ids.end() ? -1 : found->second;
}

void Vocabulary::Build(const std::vector<GoldSentence>& sentences) {
  std::map<std::string, int> word_counts, label_counts;
  std::map<uint32_t, int> suffix3_counts, suffix2_counts, prefix_counts;
  for (const GoldSentence& sentence : sentences) {
    for (const GoldToken& token : sentence) {
      ++word_counts[token.lower];
      ++suffix3_counts[syntax::SuffixKey(token.lower, 3)];
      ++suffix2_counts[syntax::SuffixKey(token.lower, 2)];
      ++prefix_counts[syntax::PrefixKey(token.lower)];
      ++label_counts[token.label];
      upos.Add(token.upos);
      xpos.Add(token.xpos);
      labels.Add(BaseLabel(token.label));
    }
  }
  for (const auto& [word, count] : word_counts) {
    if (count >= kMinWordCount) words.emplace(word, static_cast<int>(words.size()) + 1);
  }
  suffix3 = Numbered(suffix3_counts);
  suffix2 = Numbered(suffix2_counts);
  prefix = Numbered(prefix_counts);
  for (const auto& [label, count] : label_counts) {
    if (count >= kMinLabelCount) labels.Add(label);
  }
}

WordInput Vocabulary::Input(std::string_view lower) const {
  WordInput input;
  input.vector = vectors.Row(lower);
  if (const auto found = words.find(lower); found != words.end()) input.word = found->second;
  input.suffix3 = Row(suffix3, syntax::SuffixKey(lower, 3));
  input.suffix2 = Row(suffix2, syntax::SuffixKey(lower, 2));
  input.prefix = Row(prefix, syntax::PrefixKey(lower));
  return input;
}

Example Vocabulary::Encode(const GoldSentence& sentence) const {
  Example example;
  example.children.resize(sentence.size() + 1);
  bool first = true;
  for (size_t i = 0; i < sentence.size(); ++i) {
    const GoldToken& token = sentence[i];
    WordInput input = Input(token.lower);
    const syntax::Shape shape = syntax::ShapeOf(token.form);
    input.shape = syntax::ShapeRow(shape, first);
    first = first && shape == syntax::Shape::kPunctuation;
    example.inputs.push_back(input);
    example.upos.push_back(upos.Find(token.upos));
    example.xpos.push_back(xpos.Find(token.xpos));
    const int label = labels.Find(token.label);
    example.labels.push_back(label >= 0 ? label : labels.Find(BaseLabel(token.label)));
    example.heads.push_back(token.head);
    example.children[token.head].push_back(static_cast<int>(i));
  }
  return example;
}

}  // namespace demarche::train
