#include "pipeline/document/clean_text.h"

#include "gtest/gtest.h"

namespace demarche::document {
namespace {

// "<p>A &amp; B</p>" -> "A & B"
OffsetMap Sample() {
  OffsetMap map;
  map.AddCopied(3, 2);          // "A "
  map.AddReplaced({5, 10}, 1);  // "&amp;"
  map.AddCopied(10, 2);         // " B"
  return map;
}

TEST(OffsetMap, MapsCopiedRunsByteForByte) {
  EXPECT_EQ(Sample().ToReceived({0, 1}), (Span{3, 4}));
  EXPECT_EQ(Sample().ToReceived({4, 5}), (Span{11, 12}));
}

TEST(OffsetMap, MapsReplacedRunsAsAWhole) {
  EXPECT_EQ(Sample().ToReceived({2, 3}), (Span{5, 10}));
  EXPECT_EQ(Sample().ToReceived({0, 5}), (Span{3, 12}));
}

TEST(OffsetMap, EmptySpansStayEmpty) {
  EXPECT_EQ(Sample().ToReceived({4, 4}), (Span{11, 11}));
  EXPECT_EQ(OffsetMap().ToReceived({0, 0}), (Span{0, 0}));
}

}  // namespace
}  // namespace demarche::document
