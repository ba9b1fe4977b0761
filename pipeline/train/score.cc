#include "pipeline/train/score.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace demarche::train {
namespace {

constexpr std::array<std::string_view, 8> kCore = {"nsubj", "csubj", "obj", "iobj", "obl", "ccomp", "xcomp", "advcl"};

}  // namespace

void Score::Add(const GoldToken& gold, const PredictedToken& predicted) {
  if (!with_punctuation_ && gold.upos == "PUNCT") return;
  const std::string_view label = BaseLabel(gold.label);
  const bool head = gold.head == predicted.head;
  const bool labelled = head && label == BaseLabel(predicted.label);
  ++tokens_;
  upos_ += gold.upos == predicted.upos ? 1 : 0;
  xpos_ += gold.xpos == predicted.xpos ? 1 : 0;
  heads_ += head ? 1 : 0;
  labelled_ += labelled ? 1 : 0;
  if (std::find(kCore.begin(), kCore.end(), label) == kCore.end()) return;
  ++core_;
  core_right_ += labelled ? 1 : 0;
}

std::string Score::Line() const {
  std::array<char, 160> line;
  std::snprintf(line.data(), line.size(), "tokens %d XPOS %.2f UPOS %.2f UAS %.2f LAS %.2f core %.2f", tokens_,
                Percent(xpos_, tokens_), Percent(upos_, tokens_), Percent(heads_, tokens_), las(), Percent(core_right_, core_));
  return line.data();
}

}  // namespace demarche::train
