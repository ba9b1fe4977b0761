#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "golden/case_file.h"
#include "gtest/gtest.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"

namespace demarche {
namespace {

using ::testing::ElementsAreArray;

TEST(Golden, Segment) {
  const auto normalize = *normalize::MakeNormalize();
  const auto segment = *segment::MakeSegment();
  for (const golden::Case& test : golden::ReadCases("segment", {"title", "body", "sentence", "headline"})) {
    SCOPED_TRACE(test.name);
    v1::NewsItem item;
    item.set_title(test.Get("title"));
    item.set_body(test.Get("body"));
    item.set_language_code("en");
    document::Document document(item);
    ASSERT_TRUE(normalize->Process(document).ok());
    ASSERT_TRUE(segment->Process(document).ok());
    std::vector<std::string> expected, found;
    for (const auto& [key, value] : test.values) {
      if (key == "sentence" || key == "headline") expected.push_back(key + ": " + value);
    }
    for (const auto& sentence : document.sentences) {
      std::string line = sentence.is_headline ? "headline:" : "sentence:";
      for (const auto& token : sentence.tokens) line.append(" ").append(token.text);
      found.push_back(std::move(line));
    }
    EXPECT_THAT(found, ElementsAreArray(expected));
  }
}

}  // namespace
}  // namespace demarche
