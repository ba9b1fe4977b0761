#include <cstdint>
#include <string>

#include "gmock/gmock.h"
#include "golden/case_file.h"
#include "gtest/gtest.h"
#include "pipeline/normalize/normalize.h"

namespace demarche {
namespace {

using document::Field;
using ::testing::HasSubstr;

TEST(Golden, Normalize) {
  const auto normalize = *normalize::MakeNormalize();
  for (const golden::Case& test : golden::ReadCases("normalize", {"body", "clean", "map", "language", "supported", "error"})) {
    SCOPED_TRACE(test.name);
    v1::NewsItem item;
    item.set_body(test.Get("body"));
    document::Document document(item);
    const absl::Status status = normalize->Process(document);
    if (test.Has("error")) {
      EXPECT_THAT(std::string(status.message()), HasSubstr(test.Get("error")));
      continue;
    }
    ASSERT_TRUE(status.ok());
    const document::CleanText& clean = document.text(Field::kBody);
    if (test.Has("clean")) {
      EXPECT_EQ(clean.text, test.Get("clean"));
    }
    for (const std::string& line : test.GetAll("map")) {
      const auto sides = golden::SplitAt(line, " => ");
      ASSERT_EQ(sides.size(), 2u) << line;
      const size_t at = clean.text.find(sides[0]);
      ASSERT_NE(at, std::string::npos) << line;
      const auto begin = static_cast<uint32_t>(at);
      const document::Span span = clean.map.ToReceived({begin, begin + static_cast<uint32_t>(sides[0].size())});
      EXPECT_EQ(item.body().substr(span.begin, span.size()), sides[1]);
    }
    if (test.Has("language")) {
      EXPECT_EQ(document.language_code, test.Get("language"));
    }
    if (test.Has("supported")) {
      EXPECT_EQ(document.is_supported_language ? "yes" : "no", test.Get("supported"));
    }
  }
}

}  // namespace
}  // namespace demarche
