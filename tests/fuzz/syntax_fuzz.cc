// Any bytes as the text of an item, through normalize, segment and syntax: every sentence is one tree over its own tokens.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "demarche/v1/news_item.pb.h"
#include "pipeline/document/document.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace {

using demarche::document::Document;
using demarche::document::Sentence;

void CheckTree(const Sentence& sentence) {
  const int count = static_cast<int>(sentence.tokens.size());
  int roots = 0;
  for (int i = 0; i < count; ++i) {
    roots += sentence.tokens[i].head == demarche::document::kRoot ? 1 : 0;
    int steps = 0;
    for (int at = i; at != demarche::document::kRoot; at = sentence.tokens[at].head) {
      if (at < 0 || at >= count || ++steps > count) std::abort();
    }
    if (sentence.tokens[i].label.empty()) std::abort();
  }
  if (count > 0 && roots != 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const normalize = demarche::normalize::MakeNormalize()->release();
  static const auto* const segment = demarche::segment::MakeSegment()->release();
  static const auto* const syntax = demarche::syntax::MakeSyntax()->release();
  demarche::v1::NewsItem item;
  item.set_body(reinterpret_cast<const char*>(data), size);
  item.set_language_code("en");
  Document document(item);
  if (!normalize->Process(document).ok()) return 0;
  if (!segment->Process(document).ok() || !syntax->Process(document).ok()) std::abort();
  for (const Sentence& sentence : document.sentences) CheckTree(sentence);
  return 0;
}
