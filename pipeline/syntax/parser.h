#ifndef DEMARCHE_PIPELINE_SYNTAX_PARSER_H_
#define DEMARCHE_PIPELINE_SYNTAX_PARSER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/syntax/kernels.h"
#include "pipeline/syntax/model.h"
#include "pipeline/syntax/transition.h"

namespace demarche::syntax {

// A longer sentence is parsed in parts; their roots hang on the root of the first.
inline constexpr int kMaxPartTokens = 256;
// So many tokens make one matrix product.
inline constexpr int kBatchTokens = 128;

// What the model says of a token: numbers of its tags and label in the Model, its head in the sentence or document::kRoot.
struct Analysis {
  int head = document::kRoot;
  uint8_t upos = 0;
  uint8_t xpos = 0;
  uint8_t label = 0;
};

// The sentences of one batch with the memory to work on them. One thread; kept from batch to batch, so that nothing is
// allocated once it has seen the longest.
class Batch {
 public:
  void Clear();
  // Tokens of a sentence one after the other, then its end. The texts must live until the batch was run.
  void Add(std::string_view text, std::string_view lower);
  void EndSentence();

  bool full() const { return tokens_.size() >= kBatchTokens; }
  // After Parser::Run: the tokens of all sentences in the order given.
  const std::vector<Analysis>& result() const { return result_; }

 private:
  friend class Parser;
  struct Input {
    std::string_view text, lower;
  };
  struct Part {
    int begin, end;  // tokens of the batch
    int row;         // of the first token
    int sentence;    // token that begins the sentence
  };
  void EndPart();

  std::vector<Input> tokens_;
  std::vector<Part> parts_;
  int sentence_ = 0;  // where the open sentence and part begin
  int part_ = 0;
  int rows_ = kPad;
  std::vector<Analysis> result_;
  std::vector<float> sums_;
  std::vector<uint8_t> layers_[kMaxLayers + 1], hidden_;
  std::vector<int32_t> products_;
  std::vector<int16_t> positions_;
  ArcHybrid state_;
};

// Tags and parses by a model. Immutable; any thread, each with its own Batch. The model must outlive it.
class Parser {
 public:
  Parser(const Model& model, const Kernels& kernels) : model_(model), kernels_(kernels) {}

  void Run(Batch& batch) const;

 private:
  void Embed(std::string_view lower, int shape_row, float* sums, uint8_t* out) const;
  void EmbedAll(Batch& batch) const;
  void Convolve(Batch& batch, int layer) const;
  void Tag(Batch& batch) const;
  void Project(Batch& batch) const;
  void ParsePart(Batch& batch, const Batch::Part& part) const;
  void HiddenLayer(const StateFeatures& features, Batch& batch, int row) const;
  Action BestAction(Batch& batch) const;
  int Best(const Product& product, int count, Batch& batch) const;

  const Model& model_;
  const Kernels& kernels_;
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_PARSER_H_
