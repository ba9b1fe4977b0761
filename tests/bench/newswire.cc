#include "tests/bench/newswire.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/support/newsroom.h"

namespace demarche::bench {
namespace {

constexpr int64_t kStart = 1'700'000'000;
constexpr size_t kWords = 20'000;
constexpr size_t kShortWords = 100;
constexpr size_t kStates = 190;
constexpr size_t kPublishers = 400;
constexpr size_t kTypes = 16;
constexpr size_t kKindsOfType = 6;
constexpr size_t kMatterWords = 8;
constexpr size_t kToldWords = 6;  // of the matter, in one report
constexpr size_t kSentences = 14;
constexpr size_t kSentenceWords = 20;
constexpr size_t kMostEvents = 3;
constexpr size_t kRemembered = 2'000;  // acts and items that more is told of
constexpr size_t kCopyEach = 20;
constexpr size_t kChangedWordEach = 10;  // of a copy

}  // namespace

Newswire::Newswire(uint32_t seed, size_t items_in_window, int64_t window_seconds)
    : random_(seed), seconds_between_(static_cast<double>(window_seconds) / static_cast<double>(items_in_window)) {}

// The n-th is met in proportion to 1/n.
size_t Newswire::SkewedBelow(size_t bound) {
  const double share = static_cast<double>(random_()) / std::mt19937::max();
  return std::min(bound, static_cast<size_t>(std::pow(static_cast<double>(bound), share))) - 1;
}

// The most frequent ones are short.
std::string Newswire::Word() {
  const size_t rank = SkewedBelow(kWords);
  return absl::StrCat(rank < kShortWords ? "w" : "word", rank);
}

v1::Actor Newswire::Party() {
  const size_t state = SkewedBelow(kStates);
  v1::Actor actor;
  actor.set_display_name(absl::StrCat("State", state));
  actor.set_country_code(absl::StrCat("S", state));
  return actor;
}

Newswire::Act Newswire::MakeAct(int64_t time_s) {
  Act act;
  act.event.set_type(static_cast<v1::EventType>(1 + SkewedBelow(kTypes)));
  act.event.set_kind(absl::StrCat("kind", act.event.type(), "_", Below(kKindsOfType)));
  *act.event.add_actors() = Party();
  if (Below(5) != 0) *act.event.add_recipients() = Party();
  if (Below(10) == 0) *act.event.add_recipients() = Party();
  act.event.set_factuality(Below(6) == 0 ? v1::FACTUALITY_PLANNED : v1::FACTUALITY_ACTUAL);
  act.event.set_time_frame(act.event.factuality() == v1::FACTUALITY_PLANNED ? v1::TIME_FRAME_FUTURE : v1::TIME_FRAME_CURRENT);
  if (Below(3) != 0) {
    const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixSeconds(time_s), absl::UTCTimeZone());
    act.event.mutable_event_date()->set_year(static_cast<int>(day.year()));
    act.event.mutable_event_date()->set_month(day.month());
    act.event.mutable_event_date()->set_day(day.day());
  }
  for (size_t i = 0; i < kMatterWords; ++i) act.matter.push_back(Word());
  return act;
}

std::string Newswire::Tell(const Act& act) {
  std::vector<std::string> words = act.matter;
  std::shuffle(words.begin(), words.end(), random_);
  words.resize(kToldWords);
  for (const auto* side : {&act.event.actors(), &act.event.recipients()}) {
    for (const v1::Actor& actor : *side) words.push_back(actor.display_name());
  }
  while (words.size() < kSentenceWords) words.push_back(absl::StrCat("said", Below(40)));
  return absl::StrJoin(words, " ");
}

Newswire::Text Newswire::MakeText(int64_t time_s) {
  Text text;
  const size_t count = 1 + Below(kMostEvents);
  for (size_t i = 0; i < count; ++i) {
    const bool is_new = acts_.empty() || Below(2) == 0;
    if (is_new) acts_.push_front(MakeAct(time_s));
    if (acts_.size() > kRemembered) acts_.pop_back();
    const Act& act = is_new ? acts_.front() : acts_[SkewedBelow(acts_.size())];
    text.sentences.push_back(Tell(act));
    text.events.push_back(act.event);
  }
  while (text.sentences.size() < kSentences) {
    std::vector<std::string> words;
    for (size_t i = 0; i < kSentenceWords; ++i) words.push_back(Word());
    text.sentences.push_back(absl::StrJoin(words, " "));
  }
  return text;
}

Newswire::Text Newswire::CopyOf(const Text& text) {
  Text copy = text;
  for (std::string& sentence : copy.sentences) {
    if (Below(4) != 0) continue;
    std::vector<std::string> words = absl::StrSplit(sentence, ' ');
    for (std::string& word : words) {
      if (Below(kChangedWordEach) == 0) word = Word();
    }
    sentence = absl::StrJoin(words, " ");
  }
  return copy;
}

CodedItem Newswire::Next() {
  CodedItem made;
  const int64_t time_s = kStart + static_cast<int64_t>(seconds_between_ * static_cast<double>(count_));
  made.item.set_news_item_id(absl::StrCat("item-", count_++));
  made.item.set_publisher(absl::StrCat("publisher-", Below(kPublishers)));
  made.item.mutable_publish_time()->set_seconds(time_s);
  const bool is_copy = !texts_.empty() && Below(kCopyEach) == 0;
  Text text = is_copy ? CopyOf(texts_[Below(texts_.size())]) : MakeText(time_s);
  for (const std::string& sentence : text.sentences) absl::StrAppend(made.item.mutable_body(), sentence, ".\n");
  for (size_t i = 0; i < text.events.size(); ++i) {
    v1::DiplomaticEvent& event = made.coded.events.emplace_back(text.events[i]);
    event.set_event_id(absl::StrCat("event-", made.item.news_item_id(), "-", i));
    event.set_revision(1);
    event.set_state(v1::EVENT_STATE_NEW);
    event.set_publisher_count(1);
    event.set_item_count(1);
    *event.mutable_publish_time() = made.item.publish_time();
    event.add_evidence()->set_sentence(text.sentences[i]);
  }
  made.coded.print = testing_support::PrintOf(made.item);
  if (!is_copy) texts_.push_front(std::move(text));
  if (texts_.size() > kRemembered) texts_.pop_back();
  return made;
}

}  // namespace demarche::bench
