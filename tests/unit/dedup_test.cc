#include "pipeline/dedup/dedup.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/newsroom.h"

namespace demarche::dedup {
namespace {

using testing_support::MapState;
using testing_support::PrintOf;

// Sentences of words; the print of a text without stages before.
using Text = std::vector<std::vector<std::string>>;

v1::NewsItem ItemOf(const std::string& id, const Text& text, int64_t time_s = 0) {
  v1::NewsItem item;
  item.set_news_item_id(id);
  item.mutable_publish_time()->set_seconds(time_s);
  for (const auto& sentence : text) {
    for (const std::string& word : sentence) item.set_body(item.body() + word + " ");
    item.mutable_body()->back() = '.';
    item.set_body(item.body() + "\n");
  }
  return item;
}

// Seeded texts over a vocabulary with the skew of language.
class TextMaker {
 public:
  explicit TextMaker(uint32_t seed) : random_(seed) {}

  std::string Word() {
    const double rank = std::pow(kWords, static_cast<double>(random_()) / random_.max());
    return "word" + std::to_string(static_cast<int>(rank));
  }
  Text Make() {
    Text text(12);
    for (auto& sentence : text) {
      for (int i = 0; i < 20; ++i) sentence.push_back(Word());
    }
    return text;
  }
  // Sentences in another order, and a tail trimmed or a tenth of the words changed.
  Text Edit(Text text) {
    std::rotate(text.begin(), text.begin() + random_() % text.size(), text.end());
    if (random_() % 3 == 0) {
      text.resize(text.size() - 3);
      return text;
    }
    for (auto& sentence : text) {
      for (std::string& word : sentence) {
        if (random_() % 10 == 0) word = Word();
      }
    }
    return text;
  }

 private:
  static constexpr double kWords = 20'000;
  std::mt19937 random_;
};

class DedupTest : public testing::Test {
 protected:
  uint64_t Add(Dedup& dedup, const v1::NewsItem& item) { return dedup.Add(item, PrintOf(item), {}, changes_); }
  std::string OriginalOf(const Dedup& dedup, const v1::NewsItem& item) {
    const auto original = *dedup.FindOriginal(item, PrintOf(item), changes_);
    return original ? original->item.news_item_id() : "";
  }
  void Store() {
    stored::v1::Record record;
    changes_.AddItemTo(record);
    state_.Apply(record);
    changes_.Committed();
  }

  MapState state_;
  stage::StateChanges changes_{state_};
  TextMaker maker_{1};
};

TEST_F(DedupTest, FindsNearCopiesAndNothingElse) {
  constexpr int kItems = 3'000;
  Dedup dedup({});
  std::vector<Text> texts;
  int wrong = 0;
  for (int i = 0; i < kItems; ++i) {
    texts.push_back(maker_.Make());
    const v1::NewsItem item = ItemOf(std::to_string(i), texts.back());
    wrong += !OriginalOf(dedup, item).empty();
    Add(dedup, item);
  }
  int found = 0;
  for (int i = 0; i < kItems; ++i) {
    const std::string original = OriginalOf(dedup, ItemOf("copy", maker_.Edit(texts[i])));
    found += original == std::to_string(i);
    wrong += !original.empty() && original != std::to_string(i);
  }
  RecordProperty("recall_per_mille", found * 1000 / kItems);
  EXPECT_GE(found, kItems * 98 / 100);
  EXPECT_LE(wrong, 2 * kItems / 1000);
}

TEST_F(DedupTest, AShortTextHasExactCopiesOnly) {
  Dedup dedup({});
  Add(dedup, ItemOf("a", {{"Kenya", "expelled", "two", "diplomats"}}));
  EXPECT_EQ(OriginalOf(dedup, ItemOf("b", {{"Kenya", "expelled", "two", "diplomats"}})), "a");
  EXPECT_EQ(OriginalOf(dedup, ItemOf("c", {{"Kenya", "expelled", "three", "diplomats"}})), "");
}

TEST_F(DedupTest, TheWindowEndsByCountAndByTime) {
  Dedup dedup({.max_items = 2, .max_seconds = 100});
  const Text text = maker_.Make();
  Add(dedup, ItemOf("a", text));
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", text, 100)), "a");
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", text, 101)), "");
  Add(dedup, ItemOf("b", maker_.Make()));
  Add(dedup, ItemOf("c", maker_.Make()));
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", text)), "");
  Store();
}

TEST_F(DedupTest, WhatIsDiscardedWasNeverThere) {
  Dedup dedup({.max_items = 1});
  const Text kept = maker_.Make(), lost = maker_.Make();
  const uint64_t number = Add(dedup, ItemOf("kept", kept));
  Store();
  EXPECT_EQ(Add(dedup, ItemOf("lost", lost)), number + 1);
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", kept)), "");
  changes_.Discard();
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", kept)), "kept");
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", lost)), "");
  EXPECT_EQ(Add(dedup, ItemOf("next", lost)), number + 1);
}

TEST_F(DedupTest, ComesBackFromTheState) {
  Dedup before({});
  const Text text = maker_.Make(), forgotten = maker_.Make();
  Add(before, ItemOf("a", text));
  Store();
  const uint64_t number = Add(before, ItemOf("b", forgotten));
  Store();
  changes_.BeginItem();
  ASSERT_TRUE(before.Forget(number, "", "b", changes_).ok());
  Store();
  Dedup after({});
  ASSERT_TRUE(after.Load(state_).ok());
  EXPECT_EQ(OriginalOf(after, ItemOf("x", maker_.Edit(text))), "a");
  EXPECT_EQ(OriginalOf(after, ItemOf("x", forgotten)), "");
}

// What the first had alone, the next has when that is gone: with a restart between and without.
TEST_F(DedupTest, TheCopyThatStaysIsFoundInPlaceOfTheFirst) {
  Dedup running({.max_items = 3});
  const Text text = maker_.Make();
  for (const v1::NewsItem& item : {ItemOf("a", text), ItemOf("b", text), ItemOf("c", maker_.Make()), ItemOf("d", maker_.Make())}) {
    changes_.BeginItem();
    Add(running, item);
    Store();
  }
  Dedup restarted({.max_items = 3});
  ASSERT_TRUE(restarted.Load(state_).ok());
  for (const Dedup* dedup : {&running, &restarted}) {
    EXPECT_TRUE(dedup->HasExact(PrintOf(ItemOf("x", text)).exact));
    EXPECT_EQ(OriginalOf(*dedup, ItemOf("x", text)), "b");
    EXPECT_EQ(OriginalOf(*dedup, ItemOf("x", maker_.Edit(text))), "b");
  }
}

TEST_F(DedupTest, ADiscardedItemLeavesTheCopiesBeforeIt) {
  Dedup dedup({.max_items = 2});
  const Text text = maker_.Make();
  changes_.BeginItem();
  Add(dedup, ItemOf("a", text));
  Add(dedup, ItemOf("b", text));
  Store();
  Add(dedup, ItemOf("c", text));
  ASSERT_TRUE(dedup.Forget(2, "", "b", changes_).ok());
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", text)), "c");
  changes_.Discard();
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", text)), "a");
}

TEST_F(DedupTest, ANumberThatWasGivenAnewIsNotForgotten) {
  Dedup dedup({});
  const Text text = maker_.Make();
  const uint64_t number = Add(dedup, ItemOf("a", text));
  ASSERT_TRUE(dedup.Forget(number, "", "lost", changes_).ok());
  EXPECT_EQ(OriginalOf(dedup, ItemOf("x", text)), "a");
}

}  // namespace
}  // namespace demarche::dedup
