#include "pipeline/actors/name_index.h"

#include <deque>
#include <string>

#include "gtest/gtest.h"

namespace demarche::actors {
namespace {

class NameIndexTest : public ::testing::Test {
 protected:
  void Add(std::string_view text, uint32_t row) {
    Name name;
    name.text = text;
    name.index = row;
    ASSERT_TRUE(index_.Add(name));
  }
  // Rows of the longest name at the first word, and its length in words.
  std::pair<size_t, std::vector<uint32_t>> Find(const std::string& text) {
    const std::string lower = AsciiLower(text);
    cutter_.Cut(text, lower, 0, text.size());
    index_.Number(cutter_.words());
    std::vector<const Name*> found;
    const size_t length = index_.Longest(cutter_.words(), 0, found);
    std::vector<uint32_t> rows;
    for (const Name* name : found) rows.push_back(name->index);
    return {length, rows};
  }

  NameIndex index_;
  WordCutter cutter_;
};

using Found = std::pair<size_t, std::vector<uint32_t>>;

TEST_F(NameIndexTest, TheLongestNameWins) {
  Add("Guinea", 1);
  Add("Guinea-Bissau", 2);
  EXPECT_EQ(Find("Guinea was"), (Found{1, {1}}));
  EXPECT_EQ(Find("Guinea-Bissau was"), (Found{2, {2}}));
  EXPECT_EQ(Find("Guinea Bissau was"), (Found{2, {2}}));
  EXPECT_EQ(Find("Guinea, Bissau"), (Found{1, {1}}));
}

TEST_F(NameIndexTest, CapitalsMustBeAsWritten) {
  Add("US", 1);
  Add("Turkey", 2);
  Add("foreign minister", 3);
  EXPECT_EQ(Find("US"), (Found{1, {1}}));
  EXPECT_EQ(Find("us").first, 0u);
  EXPECT_EQ(Find("Us").first, 0u);
  EXPECT_EQ(Find("turkey").first, 0u);
  EXPECT_EQ(Find("TURKEY").first, 1u);
  EXPECT_EQ(Find("Foreign Minister").first, 2u);
}

TEST_F(NameIndexTest, DiacriticsAndApostrophesDoNotMatter) {
  Add("Côte d'Ivoire", 1);
  Add("Erdoğan", 2);
  EXPECT_EQ(Find("Cote d’Ivoire"), (Found{3, {1}}));
  EXPECT_EQ(Find("Erdogan"), (Found{1, {2}}));
  EXPECT_EQ(Find("ERDOĞAN"), (Found{1, {2}}));
}

TEST_F(NameIndexTest, AShorterNameIsKeptWhenTheLongerIsWrittenOtherwise) {
  Add("Iran", 1);
  Add("Iran Air", 2);
  EXPECT_EQ(Find("Iran air strikes"), (Found{1, {1}}));
}

TEST_F(NameIndexTest, ANameWithoutLettersOrOfTooManyIsRefused) {
  Name name;
  name.text = "--";
  EXPECT_FALSE(index_.Add(name));
  std::string longest = "A";
  for (size_t i = 1; i < NameIndex::kMaxWords; ++i) longest += " a";
  Add(longest, 1);
  EXPECT_EQ(Find(longest + " a"), (Found{NameIndex::kMaxWords, {1}}));
  longest += " a";
  name.text = longest;
  EXPECT_FALSE(index_.Add(name));
}

TEST_F(NameIndexTest, EveryWordOfManyHasItsOwnNumber) {
  std::deque<std::string> names;  // of all lengths, many alike but for a letter in the middle
  for (uint32_t i = 0; i < 5000; ++i)
    Add(names.emplace_back("Xy" + std::string(i % 19, 'q') + std::to_string(i) + "qqqqqqqqqq"), i);
  for (uint32_t i = 0; i < names.size(); ++i) EXPECT_EQ(Find(names[i]), (Found{1, {i}})) << names[i];
  EXPECT_EQ(Find("Xyqqqq").first, 0u);
}

TEST(Words, AreCutAtPunctuationAndFolded) {
  WordCutter cutter;
  const std::string text = "N'Djamena–U.S. Ștefan";
  const std::string lower = AsciiLower(text);
  cutter.Cut(text, lower, 0, text.size());
  std::vector<std::string> words;
  for (const Word& word : cutter.words()) words.emplace_back(word.lower);
  EXPECT_EQ(words, (std::vector<std::string>{"n", "djamena", "u", "s", "stefan"}));
}

}  // namespace
}  // namespace demarche::actors
