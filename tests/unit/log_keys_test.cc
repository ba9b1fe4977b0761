#include <set>

#include "gtest/gtest.h"
#include "server/log/keys.h"

namespace demarche::log {
namespace {

TEST(LogKeys, NumbersSortAsTheirKeys) {
  const uint64_t numbers[] = {0, 1, 255, 256, 65'535, 65'536, uint64_t{1} << 63, UINT64_MAX};
  for (uint64_t number : numbers) EXPECT_EQ(NumberOf(KeyOfNumber(number)), number);
  for (size_t i = 1; i < std::size(numbers); ++i) EXPECT_LT(KeyOfNumber(numbers[i - 1]), KeyOfNumber(numbers[i]));
  EXPECT_EQ(NumberOf("1234567"), std::nullopt);
  EXPECT_EQ(NumberOf("123456789"), std::nullopt);
}

TEST(LogKeys, NoTwoItemKeysCollide) {
  const ItemKey keys[] = {{"a", "b", "c"}, {"ab", "", "c"}, {"a", "", "bc"}, {"", "ab", "c"},
                          {"", "", "abc"}, {"abc", "", ""}, {"a", "bc", ""}, {"a", {"b\0", 2}, "c"}};
  std::set<std::string> bytes;
  for (const ItemKey& key : keys) bytes.insert(KeyOfItem(key));
  EXPECT_EQ(bytes.size(), std::size(keys));
}

TEST(LogKeys, RevisionsSortBehindTheirEventsPrefix) {
  EXPECT_LT(KeyOfRevision("e", 1), KeyOfRevision("e", 2));
  EXPECT_LT(KeyOfRevision("e", 255), KeyOfRevision("e", 256));
  EXPECT_EQ(KeyOfRevision("e", 7).substr(0, 5), PrefixOfEvent("e"));
  EXPECT_NE(KeyOfRevision("ee", 7).substr(0, 5), PrefixOfEvent("e"));
}

}  // namespace
}  // namespace demarche::log
