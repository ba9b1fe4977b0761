#include "pipeline/resources/table.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::resources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ReadTable, PassesOverCommentsAndKeepsLineNumbers) {
  const auto rows = ReadTable("t", "# comment\n\na\tb\nc\t\n", 2);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].line, 3);
  EXPECT_THAT((*rows)[1].cells, ElementsAre("c", ""));
}

TEST(ReadTable, NamesTheLineOfABadRow) {
  const auto rows = ReadTable("people.tsv", "a\tb\na\n", 2);
  EXPECT_THAT(std::string(rows.status().message()), HasSubstr("people.tsv:2: expected 2 cells, found 1"));
}

}  // namespace
}  // namespace demarche::resources
