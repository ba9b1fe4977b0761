#include "pipeline/syntax/model_file.h"

#include <bit>
#include <cstring>

#include "pipeline/syntax/features.h"
#include "pipeline/syntax/kernels.h"

namespace demarche::syntax {
namespace {

static_assert(std::endian::native == std::endian::little, "model files are read in place");

constexpr uint32_t kMaxWidth = 1024;
constexpr uint32_t kMaxNames = 255;
constexpr uint32_t kMaxRows = 1 << 20;
constexpr uint32_t kMaxText = 1 << 26;
constexpr uint32_t kMaxShift = 20;

absl::Status CheckLimits(const ModelHeader& h) {
  const auto within = [](uint32_t value, uint32_t low, uint32_t high) { return low <= value && value <= high; };
  const auto wrong = [](const char* field, uint32_t value) {
    return absl::InvalidArgumentError(std::string("model file: ") + field + " is " + std::to_string(value) +
                                      ", which is out of bounds");
  };
  if (!within(h.width, kColumnBlock, kMaxWidth) || h.width % kColumnBlock != 0) return wrong("width", h.width);
  if (!within(h.hidden, kColumnBlock, kMaxWidth) || h.hidden % kColumnBlock != 0) return wrong("hidden", h.hidden);
  if (!within(h.upos, 1, kMaxNames)) return wrong("upos", h.upos);
  if (!within(h.xpos, 1, kMaxNames)) return wrong("xpos", h.xpos);
  if (!within(h.labels, 1, kMaxNames)) return wrong("labels", h.labels);
  if (!within(h.words, 1, kMaxRows)) return wrong("words", h.words);
  if (!within(h.word_slots, h.words + 1, 4 * kMaxRows) || !std::has_single_bit(h.word_slots))
    return wrong("word_slots", h.word_slots);
  for (const uint32_t affixes : {h.suffix3, h.suffix2, h.prefix}) {
    if (affixes > kMaxRows) return wrong("affixes", affixes);
  }
  for (const uint32_t text : {h.word_bytes, h.name_bytes, h.credit_bytes}) {
    if (text > kMaxText) return wrong("text size", text);
  }
  if (!within(h.layers, 1, kMaxLayers)) return wrong("layers", h.layers);
  for (uint32_t layer = 0; layer < h.layers; ++layer) {
    if (!within(h.windows[layer], 1, kMaxWindow) || h.windows[layer] % 2 == 0) return wrong("window", h.windows[layer]);
    if (h.recurrent[layer] > 1) return wrong("recurrent", h.recurrent[layer]);
    const bool is_halved = h.width % (2 * kColumnBlock) == 0;
    if (h.recurrent[layer] == 1 && !is_halved) return wrong("width of a recurrent model", h.width);
  }
  if (h.position_shift > kMaxShift) return wrong("position_shift", h.position_shift);
  return absl::OkStatus();
}

}  // namespace

std::array<uint64_t, kSections> SectionSizes(const ModelHeader& h) {
  std::array<uint64_t, kSections> sizes{};
  const uint64_t width = h.width, hidden = h.hidden;
  sizes[kNames] = h.name_bytes;
  sizes[kCredit] = h.credit_bytes;
  sizes[kWordSlots] = uint64_t{4} * h.word_slots;
  sizes[kWordEnds] = uint64_t{4} * h.words;
  sizes[kWordText] = h.word_bytes;
  sizes[kWordRows] = h.words * width;
  sizes[kWordScales] = uint64_t{4} * h.words;
  const auto affixes = [&](Section keys, uint64_t count) {
    sizes[keys] = 4 * count;
    sizes[keys + 1] = (count + 1) * width;
    sizes[keys + 2] = 4 * (count + 1);
  };
  affixes(kSuffix3Keys, h.suffix3);
  affixes(kSuffix2Keys, h.suffix2);
  affixes(kPrefixKeys, h.prefix);
  sizes[kUnknownRow] = 4 * width;
  sizes[kShapeTable] = 4 * width * kShapeRows;
  const auto product = [&](Section weights, uint64_t depth, uint64_t columns) {
    const uint64_t padded = PadColumns(static_cast<int>(columns));
    sizes[weights] = depth * padded;
    sizes[weights + 1] = sizes[weights + 2] = 4 * padded;
  };
  for (int layer = 0; layer < static_cast<int>(h.layers); ++layer)
    product(ConvolutionSection(layer), h.windows[layer] * width, h.LayerColumns(layer));
  product(kTags, width, h.upos + h.xpos);
  sizes[kPositionWeights] = width * hidden * kPositions;
  sizes[kMissing] = sizes[kRootRow] = 2 * hidden * kPositions;
  sizes[kTableRows] = 2 * hidden * TableRows(static_cast<int>(h.labels));
  sizes[kHiddenMultipliers] = 2 * hidden;
  product(kActionWeights, hidden, kActions);
  product(kLeftWeights, hidden, h.labels);
  product(kRightWeights, hidden, h.labels);
  return sizes;
}

std::array<uint64_t, kSections + 1> SectionOffsets(const ModelHeader& header) {
  const auto align = [](uint64_t offset) { return (offset + kModelAlignment - 1) / kModelAlignment * kModelAlignment; };
  const std::array<uint64_t, kSections> sizes = SectionSizes(header);
  std::array<uint64_t, kSections + 1> offsets{};
  offsets[0] = align(sizeof(ModelHeader));
  for (int s = 0; s < kSections; ++s) offsets[s + 1] = align(offsets[s] + sizes[s]);
  return offsets;
}

uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  const auto mix = [&hash](uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  };
  for (; bytes.size() >= sizeof(uint64_t); bytes.remove_prefix(sizeof(uint64_t))) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), sizeof word);
    mix(word);
  }
  for (const char c : bytes) mix(static_cast<unsigned char>(c));
  return hash;
}

absl::StatusOr<ModelHeader> ReadHeader(std::string_view bytes) {
  ModelHeader header;
  if (bytes.size() < sizeof header) {
    return absl::DataLossError("model file: " + std::to_string(bytes.size()) + " bytes are less than a header");
  }
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kModelMagic) return absl::InvalidArgumentError("model file: it does not begin as a syntax model does");
  if (header.version != kModelVersion) {
    return absl::InvalidArgumentError("model file: version " + std::to_string(header.version) +
                                      ", but this program reads version " + std::to_string(kModelVersion));
  }
  if (header.file_bytes != bytes.size()) {
    return absl::DataLossError("model file: " + std::to_string(bytes.size()) + " bytes, but its header says " +
                               std::to_string(header.file_bytes));
  }
  if (const absl::Status limits = CheckLimits(header); !limits.ok()) return limits;
  if (SectionOffsets(header)[kSections] != bytes.size()) {
    return absl::DataLossError("model file: its size is not that of its sections");
  }
  if (Checksum(bytes.substr(sizeof header)) != header.checksum) return absl::DataLossError("model file: the checksum is wrong");
  return header;
}

absl::StatusOr<std::string> BuildModelFile(ModelHeader header, const std::array<std::string, kSections>& sections) {
  const auto sizes = SectionSizes(header);
  const auto offsets = SectionOffsets(header);
  std::string file(offsets[kSections], '\0');
  for (int s = 0; s < kSections; ++s) {
    if (sections[s].size() != sizes[s]) {
      return absl::InternalError("section " + std::to_string(s) + " has " + std::to_string(sections[s].size()) + " bytes, not " +
                                 std::to_string(sizes[s]));
    }
    std::memcpy(file.data() + offsets[s], sections[s].data(), sizes[s]);
  }
  header.file_bytes = file.size();
  header.checksum = Checksum(std::string_view(file).substr(sizeof header));
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

}  // namespace demarche::syntax
