#ifndef DEMARCHE_PIPELINE_SYNTAX_MODEL_H_
#define DEMARCHE_PIPELINE_SYNTAX_MODEL_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"
#include "pipeline/syntax/model_file.h"

namespace demarche::syntax {

// Rows of eight-bit numbers, each with its step.
struct ByteRows {
  const int8_t* rows = nullptr;
  const float* steps = nullptr;
};

// Affix keys in rising order; row 0 is for keys that are not there.
struct AffixTable {
  const uint32_t* keys = nullptr;
  uint32_t count = 0;
  ByteRows values;

  uint32_t Row(uint32_t key) const;
};

// A matrix product: packed weights (see kernels.h), what a column's sum counts, what is added to it.
struct Product {
  const int8_t* weights = nullptr;
  const float* steps = nullptr;
  const float* bias = nullptr;
  int depth = 0;
  int columns = 0;  // padded
};

// A tagger and parser as trained. Reads the file where it lies, which must outlive it. Immutable; any thread.
class Model {
 public:
  // `bytes` lie on a 64-byte boundary. Errors say what is wrong with them.
  static absl::StatusOr<Model> Make(std::string_view bytes);
  // One that is built in, by its name ('fast').
  static absl::StatusOr<Model> MakeBuiltIn(std::string_view name);

  const ModelHeader& header() const { return header_; }
  std::string_view credit() const { return credit_; }
  int width() const { return static_cast<int>(header_.width); }
  int hidden() const { return static_cast<int>(header_.hidden); }

  // Row of a word in `words()`, or -1.
  int FindWord(std::string_view lower) const;
  const ByteRows& words() const { return words_; }
  const AffixTable& suffix3() const { return suffix3_; }
  const AffixTable& suffix2() const { return suffix2_; }
  const AffixTable& prefix() const { return prefix_; }
  const float* unknown_row() const { return unknown_row_; }
  const float* shape_row(int row) const { return shapes_ + static_cast<size_t>(row) * header_.width; }

  int layers() const { return static_cast<int>(header_.layers); }
  int window(int layer) const { return static_cast<int>(header_.windows[layer]); }
  bool IsRecurrent(int layer) const { return header_.recurrent[layer] != 0; }
  const Product& convolution(int layer) const { return convolutions_[layer]; }
  const Product& tags() const { return tags_; }
  const Product& positions() const { return positions_; }  // no steps, no bias
  const int16_t* missing(int position) const { return missing_ + static_cast<size_t>(position) * header_.hidden; }
  const int16_t* root(int position) const { return root_ + static_cast<size_t>(position) * header_.hidden; }
  const int16_t* table_row(int row) const { return tables_ + static_cast<size_t>(row) * header_.hidden; }
  const uint16_t* hidden_multipliers() const { return hidden_multipliers_; }
  const Product& action() const { return action_; }
  const Product& left() const { return left_; }
  const Product& right() const { return right_; }

  document::Upos upos(int tag) const { return upos_[tag]; }
  std::string_view xpos(int tag) const { return xpos_[tag]; }
  std::string_view label(int label) const { return labels_[label]; }  // static storage
  int parataxis() const { return parataxis_; }                        // label for the parts of a sentence that was cut

 private:
  explicit Model(const ModelHeader& header) : header_(header) {}
  absl::Status ReadNames(std::string_view names);
  absl::Status CheckWords(std::string_view text);

  ModelHeader header_;
  std::string_view credit_, word_text_;
  const uint32_t* slots_ = nullptr;
  const uint32_t* word_ends_ = nullptr;
  ByteRows words_;
  AffixTable suffix3_, suffix2_, prefix_;
  const float* unknown_row_ = nullptr;
  const float* shapes_ = nullptr;
  Product convolutions_[kMaxLayers], tags_, positions_, action_, left_, right_;
  const int16_t *missing_ = nullptr, *root_ = nullptr, *tables_ = nullptr;
  const uint16_t* hidden_multipliers_ = nullptr;
  std::vector<document::Upos> upos_;
  std::vector<std::string_view> xpos_, labels_;
  int parataxis_ = 0;
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_MODEL_H_
