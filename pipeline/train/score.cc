#include "pipeline/train/score.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace demarche::train {
namespace {

constexpr std::array<std::string_view, 8> kCore = {"nsubj", "csubj", "obj", "iobj", "obl", "ccomp", "xcomp", "advcl"};

bool IsCore(std::string_view label) { return std::find(kCore.begin(), kCore.end(), label) != kCore.end(); }

}  // namespace

void Score::Add(const GoldToken& gold, const PredictedToken& predicted) {
  if (!Counts(gold.upos)) return;
  const std::string_view label = BaseLabel(gold.label);
  const bool head = gold.head == predicted.head;
  const bool labelled = head && label == BaseLabel(predicted.label);
  ++tokens_;
  ++found_;
  upos_ += gold.upos == predicted.upos ? 1 : 0;
  xpos_ += gold.xpos == predicted.xpos ? 1 : 0;
  heads_ += head ? 1 : 0;
  labelled_ += labelled ? 1 : 0;
  if (!IsCore(label)) return;
  ++core_;
  core_right_ += labelled ? 1 : 0;
}

void Score::AddMissed(const GoldToken& gold) {
  if (!Counts(gold.upos)) return;
  ++tokens_;
  core_ += IsCore(BaseLabel(gold.label)) ? 1 : 0;
}

void Score::AddExtra(const PredictedToken& predicted) { found_ += Counts(predicted.upos) ? 1 : 0; }

std::string Score::Line() const {
  const int both = tokens_ + found_;
  std::array<char, 160> line;
  std::snprintf(line.data(), line.size(), "tokens %d XPOS %.2f UPOS %.2f UAS %.2f LAS %.2f core %.2f", tokens_,
                Percent(xpos_, both, 2), Percent(upos_, both, 2), Percent(heads_, both, 2), las(), Percent(core_right_, core_, 1));
  return line.data();
}

std::string AttributionScore::Line() const {
  std::array<char, 64> line;
  std::snprintf(line.data(), line.size(), "%.1f%% of %d sentences", sentences == 0 ? 0.0 : 100.0 * right / sentences, sentences);
  return line.data();
}

}  // namespace demarche::train
