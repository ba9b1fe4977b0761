#include "pipeline/syntax/model.h"

#include <algorithm>
#include <string>

#include "pipeline/document/relation.h"
#include "pipeline/resources/resource.h"
#include "pipeline/syntax/features.h"
#include "pipeline/syntax/kernels.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {
namespace {

// Typed views of the sections.
struct Sections {
  const char* base;
  std::array<uint64_t, kSections + 1> offsets;

  template <typename T>
  const T* At(int section) const {
    return reinterpret_cast<const T*>(base + offsets[section]);
  }
  Product ProductAt(Section weights, int depth, int columns) const {
    return {At<int8_t>(weights), At<float>(weights + 1), At<float>(weights + 2), depth, PadColumns(columns)};
  }
  AffixTable AffixesAt(Section keys, uint32_t count) const {
    return {At<uint32_t>(keys), count, {At<int8_t>(keys + 1), At<float>(keys + 2)}};
  }
};

}  // namespace

uint32_t AffixTable::Row(uint32_t key) const {
  const uint32_t* end = keys + count;
  const uint32_t* found = std::lower_bound(keys, end, key);
  return found != end && *found == key ? static_cast<uint32_t>(found - keys) + 1 : 0;
}

int Model::FindWord(std::string_view lower) const {
  if (lower.size() > kMaxWordBytes) return -1;
  const uint32_t mask = header_.word_slots - 1;
  for (uint32_t slot = WordHash(lower) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const uint32_t word = slots_[slot] - 1;
    const uint32_t begin = word == 0 ? 0 : word_ends_[word - 1];
    if (word_text_.substr(begin, word_ends_[word] - begin) == lower) return static_cast<int>(word);
  }
  return -1;
}

absl::Status Model::ReadNames(std::string_view names) {
  std::vector<std::string_view> lines;
  for (size_t end; (end = names.find('\n')) != std::string_view::npos; names.remove_prefix(end + 1)) {
    lines.push_back(names.substr(0, end));
  }
  if (lines.size() != size_t{header_.upos} + header_.xpos + header_.labels) {
    return absl::DataLossError("model file: the number of names is wrong");
  }
  const auto xpos = lines.begin() + header_.upos, labels = xpos + header_.xpos;
  for (auto name = lines.begin(); name != xpos; ++name) {
    upos_.push_back(TagFromName(*name));
    if (upos_.back() == document::Upos::kUnknown) {
      return absl::InvalidArgumentError("model file: '" + std::string(*name) + "' is no part of speech");
    }
  }
  xpos_.assign(xpos, labels);
  for (auto name = labels; name != lines.end(); ++name) {
    labels_.push_back(document::relation::Find(*name));
    if (labels_.back().empty()) {
      return absl::InvalidArgumentError("model file: '" + std::string(*name) + "' is no relation");
    }
    if (labels_.back() == document::relation::kParataxis) parataxis_ = static_cast<int>(labels_.size()) - 1;
  }
  return absl::OkStatus();
}

// Lookups trust these tables.
absl::Status Model::CheckWords(std::string_view text) {
  word_text_ = text;
  uint32_t empty = 0;
  for (uint32_t slot = 0; slot < header_.word_slots; ++slot) {
    if (slots_[slot] > header_.words) return absl::DataLossError("model file: a word slot is out of bounds");
    empty += slots_[slot] == 0 ? 1 : 0;
  }
  if (empty == 0) return absl::DataLossError("model file: the table of words is full");
  if (!std::is_sorted(word_ends_, word_ends_ + header_.words) || word_ends_[header_.words - 1] != text.size()) {
    return absl::DataLossError("model file: the words do not fill their text");
  }
  return absl::OkStatus();
}

absl::StatusOr<Model> Model::Make(std::string_view bytes) {
  if (reinterpret_cast<uintptr_t>(bytes.data()) % kModelAlignment != 0) {
    return absl::InvalidArgumentError("model file: it does not lie on a 64-byte boundary");
  }
  const auto header = ReadHeader(bytes);
  if (!header.ok()) return header.status();
  Model model(*header);
  const ModelHeader& h = model.header_;
  const Sections sections{bytes.data(), SectionOffsets(h)};
  const int width = model.width(), hidden = model.hidden(), labels = static_cast<int>(h.labels);
  model.credit_ = {sections.At<char>(kCredit), h.credit_bytes};
  model.slots_ = sections.At<uint32_t>(kWordSlots);
  model.word_ends_ = sections.At<uint32_t>(kWordEnds);
  model.words_ = {sections.At<int8_t>(kWordRows), sections.At<float>(kWordScales)};
  model.suffix3_ = sections.AffixesAt(kSuffix3Keys, h.suffix3);
  model.suffix2_ = sections.AffixesAt(kSuffix2Keys, h.suffix2);
  model.prefix_ = sections.AffixesAt(kPrefixKeys, h.prefix);
  model.unknown_row_ = sections.At<float>(kUnknownRow);
  model.shapes_ = sections.At<float>(kShapeTable);
  for (int layer = 0; layer < model.layers(); ++layer) {
    model.convolutions_[layer] =
        sections.ProductAt(ConvolutionSection(layer), model.window(layer) * width, static_cast<int>(h.LayerColumns(layer)));
  }
  model.tags_ = sections.ProductAt(kTags, width, static_cast<int>(h.upos + h.xpos));
  model.positions_ = {sections.At<int8_t>(kPositionWeights), nullptr, nullptr, width, kPositions * hidden};
  model.missing_ = sections.At<int16_t>(kMissing);
  model.root_ = sections.At<int16_t>(kRootRow);
  model.tables_ = sections.At<int16_t>(kTableRows);
  model.hidden_multipliers_ = sections.At<uint16_t>(kHiddenMultipliers);
  model.action_ = sections.ProductAt(kActionWeights, hidden, kActions);
  model.left_ = sections.ProductAt(kLeftWeights, hidden, labels);
  model.right_ = sections.ProductAt(kRightWeights, hidden, labels);
  if (auto status = model.ReadNames({sections.At<char>(kNames), h.name_bytes}); !status.ok()) return status;
  if (auto status = model.CheckWords({sections.At<char>(kWordText), h.word_bytes}); !status.ok()) return status;
  return model;
}

absl::StatusOr<Model> Model::MakeBuiltIn(std::string_view name) {
  const std::string path = "syntax/" + std::string(name) + ".model";
  const auto bytes = resources::Find(path);
  if (!bytes) return absl::NotFoundError("model file: '" + path + "' was not built in");
  return Make(*bytes);
}

}  // namespace demarche::syntax
