#include "pipeline/train/export.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "pipeline/syntax/features.h"
#include "pipeline/syntax/kernels.h"
#include "pipeline/syntax/model_file.h"

namespace demarche::train {
namespace {

constexpr float kTopByte = 127;
constexpr size_t kMaxWords = 56000;   // of the vectors' words, most frequent first; all trained words are kept
constexpr float kTopPosition = 3000;  // of a first-layer sum: ten and the small features stay within 16 bits
constexpr float kTopMultiplier = 65535;

template <typename T>
std::string Bytes(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

// Writes the sections of one network.
class Exporter {
 public:
  Exporter(const Vocabulary& vocabulary, const Network& network, const Ranges& ranges)
      : vocabulary_(vocabulary),
        network_(network),
        ranges_(ranges),
        width_(network.settings.width),
        hidden_(network.settings.hidden) {}

  absl::StatusOr<std::string> File(const std::string& credit);

 private:
  float Step(int layer) const { return ranges_.layers[layer] / syntax::kMaxActivation; }  // of a layer's activations
  float HiddenStep() const { return ranges_.hidden / syntax::kMaxActivation; }
  // row += embedding times its part of the input layer.
  void AddPart(const float* embedding, int size, int offset, std::vector<float>& row) const;
  std::vector<float> WordRow(const WordInput& input) const;
  void AddBytes(const std::vector<float>& row, std::vector<int8_t>& rows, std::vector<float>& steps) const;
  void Names();
  void Words();
  void Affix(syntax::Section keys_section, const Affixes& affixes, const Parameter& table, int offset, uint32_t& count);
  void Shapes();
  // The first `whole` columns give numbers as they are, the others steps.
  void Product(syntax::Section section, const Parameter& weights, const Parameter& bias, int columns, float in_step, float out_step,
               int whole = 0);
  void Positions();
  std::string HiddenRows(const Parameter& rows, const std::vector<float>& units) const;

  const Vocabulary& vocabulary_;
  const Network& network_;
  const Ranges& ranges_;
  const int width_, hidden_;
  syntax::ModelHeader header_;
  std::array<std::string, syntax::kSections> sections_;
};

void Exporter::AddPart(const float* embedding, int size, int offset, std::vector<float>& row) const {
  for (int i = 0; i < size; ++i) {
    for (int c = 0; c < width_; ++c) row[c] += embedding[i] * network_.input.value(offset + i)[c];
  }
}

constexpr int kWordOffset = kVectorSize, kSuffix3Offset = kWordOffset + kWordSize, kSuffix2Offset = kSuffix3Offset + kSuffix3Size,
              kPrefixOffset = kSuffix2Offset + kSuffix2Size, kShapeOffset = kPrefixOffset + kPrefixSize;

std::vector<float> Exporter::WordRow(const WordInput& input) const {
  std::vector<float> row(network_.input_bias.value(), network_.input_bias.value() + width_);
  if (input.vector >= 0) {
    AddPart(vocabulary_.vectors.values.data() + static_cast<size_t>(input.vector) * kVectorSize, kVectorSize, 0, row);
  }
  AddPart(network_.word.value(input.word), kWordSize, kWordOffset, row);
  AddPart(network_.suffix3.value(input.suffix3), kSuffix3Size, kSuffix3Offset, row);
  AddPart(network_.suffix2.value(input.suffix2), kSuffix2Size, kSuffix2Offset, row);
  AddPart(network_.prefix.value(input.prefix), kPrefixSize, kPrefixOffset, row);
  return row;
}

void Exporter::AddBytes(const std::vector<float>& row, std::vector<int8_t>& rows, std::vector<float>& steps) const {
  float top = 1e-6f;
  for (const float value : row) top = std::max(top, std::abs(value));
  const float step = top / kTopByte;
  for (const float value : row) rows.push_back(static_cast<int8_t>(std::lround(value / step)));
  steps.push_back(step);
}

void Exporter::Names() {
  std::string& names = sections_[syntax::kNames];
  for (const auto* list : {&vocabulary_.upos, &vocabulary_.xpos, &vocabulary_.labels}) {
    for (const std::string& name : list->names) names.append(name).append("\n");
  }
  header_.name_bytes = static_cast<uint32_t>(names.size());
  header_.upos = static_cast<uint32_t>(vocabulary_.upos.size());
  header_.xpos = static_cast<uint32_t>(vocabulary_.xpos.size());
  header_.labels = static_cast<uint32_t>(vocabulary_.labels.size());
}

void Exporter::Words() {
  std::vector<std::string> words;
  for (const auto& [word, row] : vocabulary_.words) words.push_back(word);
  for (size_t i = 0; i < std::min(kMaxWords, vocabulary_.vectors.words.size()); ++i) words.push_back(vocabulary_.vectors.words[i]);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::erase_if(words, [](const std::string& word) { return word.size() > syntax::kMaxWordBytes; });
  header_.words = static_cast<uint32_t>(words.size());
  header_.word_slots = std::bit_ceil(header_.words * 3 / 2);
  std::vector<uint32_t> slots(header_.word_slots), ends;
  std::vector<int8_t> rows;
  std::vector<float> steps;
  for (const std::string& word : words) {
    uint32_t slot = syntax::WordHash(word) & (header_.word_slots - 1);
    while (slots[slot] != 0) slot = (slot + 1) & (header_.word_slots - 1);
    slots[slot] = static_cast<uint32_t>(ends.size()) + 1;
    sections_[syntax::kWordText] += word;
    ends.push_back(static_cast<uint32_t>(sections_[syntax::kWordText].size()));
    AddBytes(WordRow(vocabulary_.Input(word)), rows, steps);
  }
  header_.word_bytes = static_cast<uint32_t>(sections_[syntax::kWordText].size());
  sections_[syntax::kWordSlots] = Bytes(slots);
  sections_[syntax::kWordEnds] = Bytes(ends);
  sections_[syntax::kWordRows] = Bytes(rows);
  sections_[syntax::kWordScales] = Bytes(steps);
}

void Exporter::Affix(syntax::Section keys_section, const Affixes& affixes, const Parameter& table, int offset, uint32_t& count) {
  std::vector<std::pair<uint32_t, int>> sorted(affixes.begin(), affixes.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<uint32_t> keys;
  std::vector<int8_t> rows;
  std::vector<float> steps;
  const auto add = [&](int table_row) {
    std::vector<float> row(width_);
    AddPart(table.value(table_row), table.columns(), offset, row);
    AddBytes(row, rows, steps);
  };
  add(0);
  for (const auto& [key, table_row] : sorted) {
    keys.push_back(key);
    add(table_row);
  }
  count = static_cast<uint32_t>(keys.size());
  sections_[keys_section] = Bytes(keys);
  sections_[keys_section + 1] = Bytes(rows);
  sections_[keys_section + 2] = Bytes(steps);
}

void Exporter::Shapes() {
  std::vector<float> unknown(network_.input_bias.value(), network_.input_bias.value() + width_), shapes;
  AddPart(network_.word.value(0), kWordSize, kWordOffset, unknown);
  sections_[syntax::kUnknownRow] = Bytes(unknown);
  for (int shape = 0; shape < syntax::kShapeRows; ++shape) {
    std::vector<float> row(width_);
    AddPart(network_.shape.value(shape), kShapeSize, kShapeOffset, row);
    shapes.insert(shapes.end(), row.begin(), row.end());
  }
  sections_[syntax::kShapeTable] = Bytes(shapes);
}

void Exporter::Product(syntax::Section section, const Parameter& weights, const Parameter& bias, int columns, float in_step,
                       float out_step, int whole) {
  const int depth = weights.rows(), padded = syntax::PadColumns(columns);
  std::vector<int8_t> bytes(static_cast<size_t>(depth) * columns);
  std::vector<float> steps(padded), biases(padded);
  for (int c = 0; c < columns; ++c) {
    float top = 1e-6f;
    for (int d = 0; d < depth; ++d) top = std::max(top, std::abs(weights.value(d)[c]));
    const float step = top / kTopByte;
    for (int d = 0; d < depth; ++d) {
      bytes[static_cast<size_t>(d) * columns + c] = static_cast<int8_t>(std::lround(weights.value(d)[c] / step));
    }
    const float unit = c < whole ? 1 : out_step;
    steps[c] = step * in_step / unit;
    biases[c] = bias.value()[c] / unit;
  }
  sections_[section] = Bytes(syntax::PackWeights(bytes, depth, columns));
  sections_[section + 1] = Bytes(steps);
  sections_[section + 2] = Bytes(biases);
}

std::string Exporter::HiddenRows(const Parameter& rows, const std::vector<float>& units) const {
  std::vector<int16_t> values;
  for (int row = 0; row < rows.rows(); ++row) {
    for (int h = 0; h < hidden_; ++h) {
      values.push_back(static_cast<int16_t>(std::clamp(std::lround(rows.value(row)[h] / units[h]), -32768L, 32767L)));
    }
  }
  return Bytes(values);
}

// A hidden column has one step for its weights at all positions, so that their sums can be added up.
void Exporter::Positions() {
  const Parameter& weights = network_.positions;
  const int columns = weights.columns();
  std::vector<float> units(hidden_);
  float top_sum = 1;
  for (int h = 0; h < hidden_; ++h) {
    float top = 1e-6f;
    for (int d = 0; d < width_; ++d) {
      for (int c = h; c < columns; c += hidden_) top = std::max(top, std::abs(weights.value(d)[c]));
    }
    units[h] = top / kTopByte * Step(network_.layers());
    top_sum = std::max(top_sum, ranges_.positions[h] / units[h]);
  }
  std::vector<int8_t> bytes;
  for (int d = 0; d < width_; ++d) {
    for (int c = 0; c < columns; ++c) {
      bytes.push_back(static_cast<int8_t>(std::lround(weights.value(d)[c] * Step(network_.layers()) / units[c % hidden_])));
    }
  }
  sections_[syntax::kPositionWeights] = Bytes(syntax::PackWeights(bytes, width_, columns));
  while (std::ldexp(top_sum, -static_cast<int>(header_.position_shift)) > kTopPosition) ++header_.position_shift;
  std::vector<uint16_t> multipliers;
  Parameter tables = network_.tables;
  for (int h = 0; h < hidden_; ++h) {
    units[h] = std::ldexp(units[h], static_cast<int>(header_.position_shift));
    multipliers.push_back(static_cast<uint16_t>(std::lround(std::min(units[h] / HiddenStep() * 65536, kTopMultiplier))));
    // Every state has one row of the last table: it carries the bias, and half a step for rounding.
    for (int row = tables.rows() - syntax::kStackRows; row < tables.rows(); ++row) {
      tables.value(row)[h] += network_.hidden_bias.value()[h] + HiddenStep() / 2;
    }
  }
  sections_[syntax::kHiddenMultipliers] = Bytes(multipliers);
  sections_[syntax::kMissing] = HiddenRows(network_.missing, units);
  sections_[syntax::kRootRow] = HiddenRows(network_.root, units);
  sections_[syntax::kTableRows] = HiddenRows(tables, units);
}

absl::StatusOr<std::string> Exporter::File(const std::string& credit) {
  header_.width = static_cast<uint32_t>(width_);
  header_.hidden = static_cast<uint32_t>(hidden_);
  header_.input_scale = 1 / Step(0);
  header_.layers = static_cast<uint32_t>(network_.layers());
  for (int layer = 0; layer < network_.layers(); ++layer) {
    header_.windows[layer] = static_cast<uint32_t>(network_.settings.layers[layer].window);
    header_.recurrent[layer] = network_.IsRecurrent(layer) ? 1 : 0;
    header_.carry[layer] = Step(layer) / Step(layer + 1);
  }
  header_.credit_bytes = static_cast<uint32_t>(credit.size());
  sections_[syntax::kCredit] = credit;
  Names();
  Words();
  Affix(syntax::kSuffix3Keys, vocabulary_.suffix3, network_.suffix3, kSuffix3Offset, header_.suffix3);
  Affix(syntax::kSuffix2Keys, vocabulary_.suffix2, network_.suffix2, kSuffix2Offset, header_.suffix2);
  Affix(syntax::kPrefixKeys, vocabulary_.prefix, network_.prefix, kPrefixOffset, header_.prefix);
  Shapes();
  for (int layer = 0; layer < network_.layers(); ++layer) {
    Product(syntax::ConvolutionSection(layer), network_.convolution[layer], network_.convolution_bias[layer],
            static_cast<int>(header_.LayerColumns(layer)), Step(layer), Step(layer + 1), network_.IsRecurrent(layer) ? width_ : 0);
  }
  Product(syntax::kTags, network_.tag, network_.tag_bias, network_.tags, Step(network_.layers()), 1);
  Positions();
  Product(syntax::kActionWeights, network_.action, network_.action_bias, syntax::kActions, HiddenStep(), 1);
  Product(syntax::kLeftWeights, network_.left, network_.left_bias, network_.labels, HiddenStep(), 1);
  Product(syntax::kRightWeights, network_.right, network_.right_bias, network_.labels, HiddenStep(), 1);
  return syntax::BuildModelFile(header_, sections_);
}

}  // namespace

absl::StatusOr<std::string> Export(const Vocabulary& vocabulary, const Network& network, const Ranges& ranges,
                                   const std::string& credit) {
  return Exporter(vocabulary, network, ranges).File(credit);
}

}  // namespace demarche::train
