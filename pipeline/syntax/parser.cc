#include "pipeline/syntax/parser.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>

#include "pipeline/syntax/features.h"

namespace demarche::syntax {
namespace {

constexpr int kProjectRows = 24;  // whose 32-bit sums stay in a cache

// Sixteen activations of four registers of floats, rounded and bounded. Floats are multiplied and added one by one: every CPU
// gives the same.
inline void StoreActivations(__m128 (&values)[4], uint8_t* out) {
  const __m128 zero = _mm_setzero_ps(), top = _mm_set1_ps(kMaxActivation), half = _mm_set1_ps(0.5f);
  __m128i whole[4];
  for (int q = 0; q < 4; ++q) {
    whole[q] = _mm_cvttps_epi32(_mm_add_ps(_mm_min_ps(_mm_max_ps(values[q], zero), top), half));
  }
  const __m128i low = _mm_packs_epi32(whole[0], whole[1]), high = _mm_packs_epi32(whole[2], whole[3]);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(low, high));
}

void Quantize(const float* sums, float scale, int count, uint8_t* out) {
  const __m128 factor = _mm_set1_ps(scale);
  for (int i = 0; i < count; i += kColumnBlock) {
    __m128 values[4];
    for (int q = 0; q < 4; ++q) values[q] = _mm_mul_ps(_mm_loadu_ps(sums + i + 4 * q), factor);
    StoreActivations(values, out + i);
  }
}

// Sixteen activations as floats, times a factor.
inline void LoadActivations(const uint8_t* in, float factor, __m128 (&values)[4]) {
  const __m128i none = _mm_setzero_si128(), bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  const __m128i low = _mm_unpacklo_epi8(bytes, none), high = _mm_unpackhi_epi8(bytes, none);
  const __m128i whole[4] = {_mm_unpacklo_epi16(low, none), _mm_unpackhi_epi16(low, none), _mm_unpacklo_epi16(high, none),
                            _mm_unpackhi_epi16(high, none)};
  for (int q = 0; q < 4; ++q) values[q] = _mm_mul_ps(_mm_cvtepi32_ps(whole[q]), _mm_set1_ps(factor));
}

// Four columns of a product, from `at` on.
inline __m128 Scores(const int32_t* sums, const Product& product, int at) {
  const __m128 sum = _mm_cvtepi32_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(sums + at)));
  return _mm_add_ps(_mm_mul_ps(sum, _mm_loadu_ps(product.steps + at)), _mm_loadu_ps(product.bias + at));
}

// out = in * carry + what the layer adds where that is positive.
void AddLayer(const int32_t* sums, const Product& product, const uint8_t* in, float carry, int count, uint8_t* out) {
  for (int i = 0; i < count; i += kColumnBlock) {
    __m128 values[4];
    LoadActivations(in + i, carry, values);
    for (int q = 0; q < 4; ++q) values[q] = _mm_add_ps(_mm_max_ps(Scores(sums, product, i + 4 * q), _mm_setzero_ps()), values[q]);
    StoreActivations(values, out + i);
  }
}

// kept = kept * share + what the token adds * (1 - share); out = in * carry + kept, for columns [begin, end). A score s means a
// share of (1 + s / (1 + |s|)) / 2.
void Remember(const int32_t* sums, const Product& product, const uint8_t* in, float carry, int begin, int end, float* kept,
              uint8_t* out) {
  const __m128 one = _mm_set1_ps(1), half = _mm_set1_ps(0.5f), sign = _mm_set1_ps(-0.0f);
  for (int i = begin; i < end; i += kColumnBlock) {
    __m128 values[4];
    LoadActivations(in + i, carry, values);
    for (int q = 0; q < 4; ++q) {
      const int at = i + 4 * q;
      const __m128 score = Scores(sums, product, at);
      const __m128 added = _mm_max_ps(Scores(sums, product, product.columns / 2 + at), _mm_setzero_ps());
      const __m128 bent = _mm_div_ps(score, _mm_add_ps(one, _mm_andnot_ps(sign, score)));
      const __m128 share = _mm_add_ps(half, _mm_mul_ps(half, bent));
      const __m128 now = _mm_add_ps(_mm_mul_ps(share, _mm_loadu_ps(kept + at)), _mm_mul_ps(_mm_sub_ps(one, share), added));
      _mm_storeu_ps(kept + at, now);
      values[q] = _mm_add_ps(values[q], now);
    }
    StoreActivations(values, out + i);
  }
}

// out[c] = in[c] >> shift, rounded and saturated; count is a multiple of 16.
void Narrow(const int32_t* in, size_t count, int shift, int16_t* out) {
  const __m128i half = _mm_set1_epi32(shift == 0 ? 0 : 1 << (shift - 1));
  const __m128i bits = _mm_cvtsi32_si128(shift);
  for (size_t i = 0; i < count; i += 8) {
    const __m128i low = _mm_add_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i)), half);
    const __m128i high = _mm_add_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i + 4)), half);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm_packs_epi32(_mm_sra_epi32(low, bits), _mm_sra_epi32(high, bits)));
  }
}

void AddRow(const ByteRows& table, uint32_t row, int width, float* __restrict sums) {
  const int8_t* __restrict values = table.rows + static_cast<size_t>(row) * width;
  const float step = table.steps[row];
  for (int i = 0; i < width; ++i) sums[i] += static_cast<float>(values[i]) * step;
}

// First of the best.
int Best(const int32_t* sums, const Product& product, int begin, int end) {
  int best = begin;
  float top = 0;
  for (int i = begin; i < end; ++i) {
    const float score = static_cast<float>(sums[i]) * product.steps[i] + product.bias[i];
    if (i > begin && score <= top) continue;
    best = i;
    top = score;
  }
  return best - begin;
}

}  // namespace

void Batch::Clear() {
  tokens_.clear();
  parts_.clear();
  sentence_ = part_ = 0;
  rows_ = kPad;
}

void Batch::Add(std::string_view text, std::string_view lower) {
  if (static_cast<int>(tokens_.size()) - part_ >= kMaxPartTokens) EndPart();
  tokens_.push_back({text, lower});
}

void Batch::EndPart() {
  const int end = static_cast<int>(tokens_.size());
  if (end == part_) return;
  parts_.push_back({part_, end, rows_, sentence_});
  rows_ += end - part_ + kPad;
  part_ = end;
}

void Batch::EndSentence() {
  EndPart();
  sentence_ = part_;
}

void Parser::Embed(std::string_view lower, int shape_row, float* sums, uint8_t* out) const {
  const int width = model_.width();
  std::copy_n(model_.shape_row(shape_row), width, sums);
  int word = model_.FindWord(lower);
  if (word < 0 && lower.size() <= kMaxWordBytes) {
    std::array<char, kMaxWordBytes> zeros;  // '1984' is looked up as '0000'
    std::transform(lower.begin(), lower.end(), zeros.begin(), [](char c) { return c >= '1' && c <= '9' ? '0' : c; });
    word = model_.FindWord({zeros.data(), lower.size()});
  }
  if (word >= 0) {
    AddRow(model_.words(), static_cast<uint32_t>(word), width, sums);
  } else {
    for (int i = 0; i < width; ++i) sums[i] += model_.unknown_row()[i];
    AddRow(model_.suffix3().values, model_.suffix3().Row(SuffixKey(lower, 3)), width, sums);
    AddRow(model_.suffix2().values, model_.suffix2().Row(SuffixKey(lower, 2)), width, sums);
    AddRow(model_.prefix().values, model_.prefix().Row(PrefixKey(lower)), width, sums);
  }
  Quantize(sums, model_.header().input_scale, width, out);
}

void Parser::EmbedAll(Batch& batch) const {
  const int width = model_.width();
  batch.sums_.resize(width);
  for (int layer = 0; layer <= model_.layers(); ++layer) batch.layers_[layer].assign(static_cast<size_t>(batch.rows_) * width, 0);
  for (const Batch::Part& part : batch.parts_) {
    bool first = true;
    for (int token = part.begin; token < part.end; ++token) {
      const Batch::Input& input = batch.tokens_[token];
      const Shape shape = ShapeOf(input.text);
      const size_t row = part.row + token - part.begin;
      Embed(input.lower, ShapeRow(shape, first), batch.sums_.data(), batch.layers_[0].data() + row * width);
      first = first && shape == Shape::kPunctuation;
    }
  }
}

void Parser::Convolve(Batch& batch, int layer) const {
  const Product& product = model_.convolution(layer);
  const float carry = model_.header().carry[layer];
  const int width = model_.width(), reach = model_.window(layer) / 2;
  const uint8_t* in = batch.layers_[layer].data();
  uint8_t* out = batch.layers_[layer + 1].data();
  batch.products_.resize(static_cast<size_t>(batch.rows_) * product.columns);
  // The rows of a window lie one after the other: it is one long row.
  kernels_.multiply(in, batch.rows_ - 2 * reach, width, product.depth, product.weights, product.columns,
                    batch.products_.data() + static_cast<size_t>(reach) * product.columns);
  const auto sums = [&](int row) { return batch.products_.data() + static_cast<size_t>(row) * product.columns; };
  for (const Batch::Part& part : batch.parts_) {
    const int end = part.row + part.end - part.begin;
    if (model_.IsRecurrent(layer)) {
      // The first half of the columns remembers what stood before, the second what comes.
      batch.sums_.assign(width, 0);
      for (int row = part.row, back = end - 1; row < end; ++row, --back) {
        const size_t at = static_cast<size_t>(row) * width, back_at = static_cast<size_t>(back) * width;
        Remember(sums(row), product, in + at, carry, 0, width / 2, batch.sums_.data(), out + at);
        Remember(sums(back), product, in + back_at, carry, width / 2, width, batch.sums_.data(), out + back_at);
      }
      continue;
    }
    for (int row = part.row; row < end; ++row) {
      const size_t at = static_cast<size_t>(row) * width;
      AddLayer(sums(row), product, in + at, carry, width, out + at);
    }
  }
}

void Parser::Tag(Batch& batch) const {
  const Product& product = model_.tags();
  const int upos = static_cast<int>(model_.header().upos), tags = upos + static_cast<int>(model_.header().xpos);
  batch.products_.resize(static_cast<size_t>(batch.rows_) * product.columns);
  kernels_.multiply(batch.layers_[model_.layers()].data(), batch.rows_, model_.width(), product.depth, product.weights,
                    product.columns, batch.products_.data());
  for (const Batch::Part& part : batch.parts_) {
    for (int token = part.begin; token < part.end; ++token) {
      const int32_t* sums = batch.products_.data() + static_cast<size_t>(part.row + token - part.begin) * product.columns;
      batch.result_[token].upos = static_cast<uint8_t>(syntax::Best(sums, product, 0, upos));
      batch.result_[token].xpos = static_cast<uint8_t>(syntax::Best(sums, product, upos, tags));
    }
  }
}

void Parser::Project(Batch& batch) const {
  const Product& product = model_.positions();
  const int shift = static_cast<int>(model_.header().position_shift), width = model_.width();
  batch.products_.resize(static_cast<size_t>(kProjectRows) * product.columns);
  batch.positions_.resize(static_cast<size_t>(batch.rows_) * product.columns);
  for (int row = 0; row < batch.rows_; row += kProjectRows) {
    const int rows = std::min(kProjectRows, batch.rows_ - row);
    kernels_.multiply(batch.layers_[model_.layers()].data() + static_cast<size_t>(row) * width, rows, width, product.depth,
                      product.weights, product.columns, batch.products_.data());
    const size_t columns = product.columns;
    Narrow(batch.products_.data(), rows * columns, shift, batch.positions_.data() + row * columns);
  }
}

void Parser::HiddenLayer(const StateFeatures& features, Batch& batch, int row) const {
  const int hidden = model_.hidden();
  std::array<const int16_t*, kPositions + kTables> rows;
  for (int p = 0; p < kPositions; ++p) {
    const int token = features.positions[p];
    rows[p] = token < 0 ? model_.missing(p)
              : token == batch.state_.count()
                  ? model_.root(p)
                  : batch.positions_.data() + (static_cast<size_t>(row + token) * kPositions + p) * hidden;
  }
  for (int t = 0; t < kTables; ++t) rows[kPositions + t] = model_.table_row(features.rows[t]);
  kernels_.sum_rows(rows.data(), kPositions + kTables, hidden, model_.hidden_multipliers(), batch.hidden_.data());
}

int Parser::Best(const Product& product, int count, Batch& batch) const {
  kernels_.multiply(batch.hidden_.data(), 1, product.depth, product.depth, product.weights, product.columns,
                    batch.products_.data());
  return syntax::Best(batch.products_.data(), product, 0, count);
}

Action Parser::BestAction(Batch& batch) const {
  const Product& product = model_.action();
  kernels_.multiply(batch.hidden_.data(), 1, product.depth, product.depth, product.weights, product.columns,
                    batch.products_.data());
  int best = -1;
  float top = 0;
  for (int a = 0; a < kActions; ++a) {
    const float score = static_cast<float>(batch.products_[a]) * product.steps[a] + product.bias[a];
    if (!batch.state_.Can(static_cast<Action>(a)) || (best >= 0 && score <= top)) continue;
    best = a;
    top = score;
  }
  return static_cast<Action>(best);
}

void Parser::ParsePart(Batch& batch, const Batch::Part& part) const {
  const int labels = static_cast<int>(model_.header().labels), count = part.end - part.begin;
  ArcHybrid& state = batch.state_;
  state.Reset(count, labels);
  while (!state.done()) {
    HiddenLayer(state.Features(), batch, part.row);
    const Action action = BestAction(batch);
    int label = 0;
    if (action != Action::kShift) label = Best(action == Action::kLeft ? model_.left() : model_.right(), labels, batch);
    state.Apply(action, label);
  }
  for (int i = 0; i < count; ++i) {
    Analysis& analysis = batch.result_[part.begin + i];
    analysis.head = state.head(i) == count ? document::kRoot : part.begin - part.sentence + state.head(i);
    analysis.label = static_cast<uint8_t>(state.label(i));
    if (analysis.head != document::kRoot || part.begin == part.sentence) continue;
    const auto first = batch.result_.begin() + part.sentence;
    const auto root =
        std::find_if(first, first + i + part.begin - part.sentence, [](const Analysis& a) { return a.head == document::kRoot; });
    analysis.head = static_cast<int>(root - first);
    analysis.label = static_cast<uint8_t>(model_.parataxis());
  }
}

void Parser::Run(Batch& batch) const {
  batch.EndSentence();
  batch.result_.assign(batch.tokens_.size(), Analysis());
  batch.hidden_.resize(model_.hidden());
  if (batch.parts_.empty()) return;
  EmbedAll(batch);
  for (int layer = 0; layer < model_.layers(); ++layer) Convolve(batch, layer);
  Tag(batch);
  Project(batch);
  for (const Batch::Part& part : batch.parts_) ParsePart(batch, part);
}

}  // namespace demarche::syntax
