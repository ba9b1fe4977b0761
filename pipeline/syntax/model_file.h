#ifndef DEMARCHE_PIPELINE_SYNTAX_MODEL_FILE_H_
#define DEMARCHE_PIPELINE_SYNTAX_MODEL_FILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/syntax/transition.h"

// The model file: a header, then sections in a fixed order, each on a 64-byte boundary, sized by the header alone. Numbers
// are little-endian. The trainer writes it; Model reads it in place.
namespace demarche::syntax {

inline constexpr std::array<char, 8> kModelMagic = {'D', 'E', 'M', 'S', 'Y', 'N', 'T', 'X'};
inline constexpr uint32_t kModelVersion = 3;
inline constexpr size_t kModelAlignment = 64;
inline constexpr int kMaxLayers = 3;  // of convolutions
inline constexpr int kPad = 2;        // tokens beyond a sentence's edge that a window may see
inline constexpr int kMaxWindow = 2 * kPad + 1;

struct ModelHeader {
  std::array<char, 8> magic = kModelMagic;
  uint32_t version = kModelVersion;
  uint32_t width = 0;   // of a token's vector
  uint32_t hidden = 0;  // of the parser's layer
  uint32_t upos = 0, xpos = 0, labels = 0;
  uint32_t words = 0, word_slots = 0, word_bytes = 0;
  uint32_t suffix3 = 0, suffix2 = 0, prefix = 0;  // known affixes; their tables have a row more, the first
  uint32_t name_bytes = 0, credit_bytes = 0;
  uint32_t position_shift = 0;                      // first-layer sums are shifted right by so much
  uint32_t layers = 0;                              // of convolutions
  std::array<uint32_t, kMaxLayers> windows = {};    // of each, odd; 0 for a layer that is not there
  std::array<uint32_t, kMaxLayers> recurrent = {};  // 1 for a layer that remembers, see LayerColumns
  float input_scale = 0;                            // activation steps per unit, after the input layer
  std::array<float, kMaxLayers> carry = {};         // steps of a layer's output per step of its input
  uint64_t file_bytes = 0;
  uint64_t checksum = 0;  // Checksum of all that follows the header

  // Columns of a layer's product: what each token adds to its vector; where the layer remembers, how much is kept of what it
  // remembered so far, then what the token adds to that.
  uint32_t LayerColumns(int layer) const { return recurrent[layer] != 0 ? 2 * width : width; }
};

enum Section : int {
  kNames,      // upos, xpos, labels: each name and '\n'
  kCredit,     // what it was trained on, and the licences
  kWordSlots,  // uint32: word number + 1 by hash, linear probing; 0 is empty
  kWordEnds,   // uint32: where each word ends in kWordText
  kWordText,
  kWordRows,    // int8: words x width, the word's whole part of the input layer
  kWordScales,  // float: a row's step
  kSuffix3Keys,
  kSuffix3Rows,
  kSuffix3Scales,  // uint32 rising, int8, float
  kSuffix2Keys,
  kSuffix2Rows,
  kSuffix2Scales,
  kPrefixKeys,
  kPrefixRows,
  kPrefixScales,
  kUnknownRow,  // float: width, with the bias
  kShapeTable,  // float: kShapeRows x width
  kConvolution0,
  kConvolutionScale0,
  kConvolutionBias0,  // packed int8; float steps a column
  kConvolution1,
  kConvolutionScale1,
  kConvolutionBias1,
  kConvolution2,
  kConvolutionScale2,
  kConvolutionBias2,
  kTags,
  kTagScale,
  kTagBias,
  kPositionWeights,  // packed int8
  kMissing,
  kRootRow,            // int16: positions x hidden
  kTableRows,          // int16: the parser's small features, with its bias
  kHiddenMultipliers,  // uint16
  kActionWeights,
  kActionScale,
  kActionBias,
  kLeftWeights,
  kLeftScale,
  kLeftBias,
  kRightWeights,
  kRightScale,
  kRightBias,
  kSections
};

// The weights of a layer; its scales and bias follow.
constexpr Section ConvolutionSection(int layer) { return static_cast<Section>(kConvolution0 + 3 * layer); }

// Bytes of each section, by the header.
std::array<uint64_t, kSections> SectionSizes(const ModelHeader& header);
// Where each section begins; the last entry is the size of the file.
std::array<uint64_t, kSections + 1> SectionOffsets(const ModelHeader& header);

// Not cryptographic: finds damage.
uint64_t Checksum(std::string_view bytes);

// Checks magic, version, sizes, limits and checksum. INVALID_ARGUMENT or DATA_LOSS say what is wrong.
absl::StatusOr<ModelHeader> ReadHeader(std::string_view bytes);

// The file of these sections; sizes must be those of the header, whose file_bytes and checksum are set here.
absl::StatusOr<std::string> BuildModelFile(ModelHeader header, const std::array<std::string, kSections>& sections);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_MODEL_FILE_H_
