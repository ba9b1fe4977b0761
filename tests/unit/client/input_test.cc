#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/item_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"

namespace demarche::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ItemReaderTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content) const { return temporary_.Write(name, content); }
  std::vector<InputItem> Read(const InputArguments& arguments) {
    ItemReader reader(arguments, absl::FromUnixSeconds(1000), stop_);
    std::vector<InputItem> items;
    InputItem item;
    while (reader.Next(&item)) items.push_back(item);
    return items;
  }

  support::TemporaryDirectory temporary_;
  Stop stop_;
};

TEST_F(ItemReaderTest, ReadsTextWhole) {
  const std::string path = Write("a.txt", "\xEF\xBB\xBFOne.\n\nTwo.\n");
  const auto items = Read({.paths = {path}, .title = "T", .publisher = "P", .news_item_id = "I"});
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].error, "");
  EXPECT_EQ(items[0].source, path);
  EXPECT_EQ(items[0].item.ShortDebugString(),
            "news_item_id: \"I\" publisher: \"P\" title: \"T\" body: \"One.\\n\\nTwo.\\n\" publish_time { seconds: 1000 }");
}

TEST_F(ItemReaderTest, TellsFormatsByTheFirstByte) {
  const auto items = Read({.paths = {Write("a", "  <p>HTML</p>"), Write("b", "\n {\"body\": \"json\"}\n"), Write("c", "text {")}});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].item.body(), "  <p>HTML</p>");
  EXPECT_EQ(items[1].item.body(), "json");
  EXPECT_FALSE(items[1].item.has_publish_time());
  EXPECT_EQ(items[2].item.body(), "text {");
  EXPECT_EQ(Read({.paths = {Write("d", "{\"body\": 1}")}, .format = InputFormat::kText})[0].item.body(), "{\"body\": 1}");
}

TEST_F(ItemReaderTest, NamesTheBadLineAndGoesOn) {
  std::string lines;
  for (int i = 1; i <= 20; ++i) absl::StrAppend(&lines, i == 17 ? "{\"body\": " : "{\"body\": \"text\"}", i == 3 ? "\r\n" : "\n");
  const std::string path = Write("items.jsonl", lines);
  const auto items = Read({.paths = {path}});
  ASSERT_EQ(items.size(), 20u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(items[i].error.empty(), i != 16) << i;
  EXPECT_EQ(items[16].source, path + ":17");
  EXPECT_THAT(items[16].error, StartsWith("is not a NewsItem in JSON: "));
}

TEST_F(ItemReaderTest, RefusesUnknownFieldsAndBadUtf8AndPassesOverEmptyLines) {
  const auto items = Read({.paths = {Write("a", "{\"body\":\"x\"}\n\n{\"bodi\":\"x\"}\n{\"body\":\"\xff\"}\n[1]")}});
  ASSERT_EQ(items.size(), 4u);
  EXPECT_THAT(items[1].source, HasSubstr(":3"));
  EXPECT_THAT(items[1].error, HasSubstr("bodi"));
  EXPECT_EQ(items[2].error, "is not valid UTF-8 at byte 10 of the line");
  EXPECT_THAT(items[3].error, HasSubstr("is not a NewsItem"));
}

TEST_F(ItemReaderTest, PassesOverALineAboveTheLimit) {
  const std::string longest = "{\"body\":\"" + std::string(kMaxInputBytes - 11, 'x') + "\"}";
  const auto items =
      Read({.paths = {Write("a", longest + "\n{\"body\":\"" + std::string(kMaxInputBytes, 'x') + "\"}\n{\"body\":\"y\"}")}});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].error, "");
  EXPECT_EQ(items[1].error, "the line has more than 8388608 bytes");
  EXPECT_EQ(items[2].item.body(), "y");
}

TEST_F(ItemReaderTest, SaysWhatCannotBeReadAndGoesOn) {
  const std::string json = Write("b", "{}");
  const auto items = Read({.paths = {"/nonexistent/file", ::testing::TempDir(), Write("empty", " \n"), json}});
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0].error, "No such file or directory");
  EXPECT_EQ(items[1].error, "Is a directory");
  EXPECT_EQ(items[2].error, "is empty");
  EXPECT_EQ(items[3].error, "");
  EXPECT_THAT(Read({.paths = {json}, .title = "T"})[0].error, HasSubstr("JSON lines carry title"));
  EXPECT_TRUE(Read({.paths = {Write("none", "")}, .format = InputFormat::kJsonLines}).empty());
}

TEST_F(ItemReaderTest, EndsWhenStopped) {
  stop_.Trigger(StopReason::kInterrupt);
  EXPECT_TRUE(Read({.paths = {Write("a", "text")}}).empty());
}

}  // namespace
}  // namespace demarche::cli
