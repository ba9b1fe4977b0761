#include "pipeline/document/document.h"

#include <algorithm>
#include <utility>

namespace demarche::document {

std::span<const Mention> Document::MentionsIn(uint32_t sentence) const {
  const auto first =
      std::partition_point(mentions.begin(), mentions.end(), [&](const Mention& mention) { return mention.sentence < sentence; });
  const auto last =
      std::partition_point(first, mentions.end(), [&](const Mention& mention) { return mention.sentence == sentence; });
  return {first, last};
}

void Document::Note(const Sentence& sentence, Span clean, std::string text) {
  if (trace == nullptr) return;
  v1::StageNote& note = *trace->add_notes();
  *note.mutable_span() = ToReceived(*this, sentence.field, clean);
  note.set_text(std::move(text));
}

void Document::Note(std::string text) {
  if (trace != nullptr) trace->add_notes()->set_text(std::move(text));
}

v1::TextSpan ToReceived(const Document& document, Field field, Span clean) {
  const Span received = document.text(field).map.ToReceived(clean);
  v1::TextSpan span;
  span.set_field(field == Field::kTitle ? v1::TEXT_FIELD_TITLE : v1::TEXT_FIELD_BODY);
  span.set_begin(received.begin);
  span.set_end(received.end);
  return span;
}

Span SpanOf(const Sentence& sentence, TokenRange tokens) {
  if (tokens.empty()) return {sentence.span.begin, sentence.span.begin};
  return {sentence.tokens[tokens.begin].span.begin, sentence.tokens[tokens.end - 1].span.end};
}

}  // namespace demarche::document
