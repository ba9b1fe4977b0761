#ifndef DEMARCHE_PIPELINE_NORMALIZE_PLAIN_READER_H_
#define DEMARCHE_PIPELINE_NORMALIZE_PLAIN_READER_H_

#include <string_view>

#include "pipeline/normalize/entities.h"
#include "pipeline/normalize/text_builder.h"

namespace demarche::normalize {

// Hard-wrapped text is broken at one of these widths, in characters.
inline constexpr int kMinWrapWidth = 50;
inline constexpr int kMaxWrapWidth = 90;

// Feeds plain text to `out`. A line is a paragraph; lines of a block (between blank lines) that was broken to a fixed width
// are one paragraph. Character references that end with ';' are read, for feeds leave them in plain text too.
void ReadPlain(std::string_view text, const Entities& entities, TextBuilder& out);

}  // namespace demarche::normalize

#endif  // DEMARCHE_PIPELINE_NORMALIZE_PLAIN_READER_H_
