#ifndef DEMARCHE_PIPELINE_DOCUMENT_SPAN_H_
#define DEMARCHE_PIPELINE_DOCUMENT_SPAN_H_

#include <cstdint>

namespace demarche::document {

// Byte offsets, end exclusive.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;

  uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool contains(const Span& other) const { return begin <= other.begin && other.end <= end; }
  bool overlaps(const Span& other) const { return begin < other.end && other.begin < end; }
  friend bool operator==(const Span&, const Span&) = default;
};

// The fields of a news item that hold text.
enum class Field : uint8_t { kTitle, kBody };
inline constexpr int kFieldCount = 2;

}  // namespace demarche::document

#endif  // DEMARCHE_PIPELINE_DOCUMENT_SPAN_H_
