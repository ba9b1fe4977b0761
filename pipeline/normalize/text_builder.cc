#include "pipeline/normalize/text_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "unicode/bytestream.h"
#include "unicode/edits.h"
#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace demarche::normalize {
namespace {

using document::CleanText;
using document::OffsetMap;
using document::Span;

enum class CharacterClass { kText, kSpace, kParagraph, kDropped };

bool IsPlainAscii(unsigned char byte) { return byte > ' ' && byte < 0x7F; }

bool IsInvisible(int32_t c) {
  return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

CharacterClass ClassOf(int32_t c) {
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return CharacterClass::kSpace;
  if (c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029) return CharacterClass::kParagraph;
  if (c < ' ' || (c >= 0x7F && c < 0xA0) || IsInvisible(c)) return CharacterClass::kDropped;
  if (c >= 0xA0 && u_charType(c) == U_SPACE_SEPARATOR) return CharacterClass::kSpace;
  return CharacterClass::kText;
}

}  // namespace

void TextBuilder::Copy(Span span) {
  uint32_t at = span.begin;
  while (at < span.end) {
    const uint32_t begin = at;
    while (at < span.end && IsPlainAscii(received_[at])) {
      ++at;
      if (at + 1 < span.end && received_[at] == ' ' && IsPlainAscii(received_[at + 1])) ++at;
    }
    if (at > begin) {
      marks_ = 0;
      AddBytes({begin, at}, received_.substr(begin, at - begin), /*copied=*/true);
      continue;
    }
    int32_t c;
    U8_NEXT(received_.data(), at, span.end, c);
    Add({begin, at}, c, /*copied=*/true);
  }
}

void TextBuilder::Replace(Span span, int32_t code_point) { Add(span, code_point, /*copied=*/false); }

void TextBuilder::EndParagraph(Span span) { OpenGap(Gap::kParagraph, span); }

void TextBuilder::Add(Span span, int32_t code_point, bool copied) {
  switch (ClassOf(code_point)) {
    case CharacterClass::kSpace:
      return OpenGap(Gap::kSpace, span);
    case CharacterClass::kParagraph:
      return OpenGap(Gap::kParagraph, span);
    case CharacterClass::kDropped:
      return;
    case CharacterClass::kText:
      break;
  }
  marks_ = code_point >= 0x300 && u_getCombiningClass(code_point) != 0 ? marks_ + 1 : 0;
  if (marks_ > kMaxCombiningMarks) return;
  char bytes[U8_MAX_LENGTH];
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, code_point);
  AddBytes(span, {bytes, static_cast<size_t>(size)}, copied);
}

void TextBuilder::AddBytes(Span span, std::string_view bytes, bool copied) {
  CloseGap();
  if (copied && !runs_.empty() && runs_.back().copied && runs_.back().received.end == span.begin) {
    runs_.back().received.end = span.end;
  } else {
    runs_.push_back({static_cast<uint32_t>(text_.size()), span, copied});
  }
  if (static_cast<unsigned char>(bytes.front()) >= 0x80) ascii_ = false;
  text_.append(bytes);
}

void TextBuilder::OpenGap(Gap gap, Span span) {
  if (gap <= gap_) return;
  gap_ = gap;
  gap_span_ = span;
}

void TextBuilder::CloseGap() {
  if (gap_ == Gap::kNone) return;
  const char c = gap_ == Gap::kSpace ? ' ' : '\n';
  gap_ = Gap::kNone;
  marks_ = 0;
  if (text_.empty()) return;
  const bool copied = gap_span_.size() == 1 && received_[gap_span_.begin] == c;
  AddBytes(gap_span_, {&c, 1}, copied);
}

size_t TextBuilder::RunAt(uint32_t clean) const {
  auto after = std::upper_bound(runs_.begin(), runs_.end(), clean, [](uint32_t at, const Run& run) { return at < run.clean; });
  return after - runs_.begin() - 1;
}

void TextBuilder::AppendMap(Span clean, OffsetMap& map) const {
  if (clean.empty()) return;
  for (size_t i = RunAt(clean.begin); i < runs_.size() && runs_[i].clean < clean.end; ++i) {
    const Run& run = runs_[i];
    const uint32_t run_end = i + 1 < runs_.size() ? runs_[i + 1].clean : static_cast<uint32_t>(text_.size());
    const uint32_t begin = std::max(run.clean, clean.begin);
    const uint32_t size = std::min(run_end, clean.end) - begin;
    if (run.copied) {
      map.AddCopied(run.received.begin + (begin - run.clean), size);
    } else {
      map.AddReplaced(run.received, size);
    }
  }
}

void TextBuilder::AppendComposed(Span clean, uint32_t size, OffsetMap& map) const {
  const Run& first = runs_[RunAt(clean.begin)];
  const Run& last = runs_[RunAt(clean.end - 1)];
  map.AddReplaced({first.copied ? first.received.begin + (clean.begin - first.clean) : first.received.begin,
                   last.copied ? last.received.begin + (clean.end - last.clean) : last.received.end},
                  size);
}

CleanText TextBuilder::Finish() {
  CleanText clean;
  if (ascii_) {
    AppendMap({0, static_cast<uint32_t>(text_.size())}, clean.map);
    clean.text = std::move(text_);
  } else {
    UErrorCode status = U_ZERO_ERROR;
    icu::Edits edits;
    icu::StringByteSink<std::string> sink(&clean.text, static_cast<int32_t>(text_.size()));
    icu::Normalizer2::getNFCInstance(status)->normalizeUTF8(0, text_, sink, &edits, status);
    for (auto it = edits.getCoarseIterator(); it.next(status);) {
      const auto begin = static_cast<uint32_t>(it.sourceIndex());
      const Span source{begin, begin + static_cast<uint32_t>(it.oldLength())};
      if (it.hasChange()) {
        AppendComposed(source, it.newLength(), clean.map);
      } else {
        AppendMap(source, clean.map);
      }
    }
  }
  clean.lower = clean.text;
  for (char& c : clean.lower) c = absl::ascii_tolower(static_cast<unsigned char>(c));
  return clean;
}

}  // namespace demarche::normalize
