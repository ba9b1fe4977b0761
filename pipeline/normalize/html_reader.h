#ifndef DEMARCHE_PIPELINE_NORMALIZE_HTML_READER_H_
#define DEMARCHE_PIPELINE_NORMALIZE_HTML_READER_H_

#include <string_view>

#include "pipeline/normalize/entities.h"
#include "pipeline/normalize/text_builder.h"

namespace demarche::normalize {

// Whether the text is HTML: it holds a tag of a known element, a comment or a document type. '<' alone makes no HTML.
bool IsHtml(std::string_view text);

// Feeds the text of an HTML fragment or document to `out`. Tolerates what browsers tolerate; time is linear in the input.
void ReadHtml(std::string_view html, const Entities& entities, TextBuilder& out);

}  // namespace demarche::normalize

#endif  // DEMARCHE_PIPELINE_NORMALIZE_HTML_READER_H_
