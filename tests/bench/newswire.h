#ifndef DEMARCHE_TESTS_BENCH_NEWSWIRE_H_
#define DEMARCHE_TESTS_BENCH_NEWSWIRE_H_

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "demarche/v1/news_item.pb.h"
#include "pipeline/run/runner.h"

namespace demarche::bench {

// An item with what coding would give.
struct CodedItem {
  v1::NewsItem item;
  run::Coded coded;
};

// Seeded news: items of several hundred words over a vocabulary with the skew of language, by a few hundred publishers. Each tells
// of two acts on average, half of them told before in other words, between states of which few are in most of the news. Each
// twentieth item is a near copy of an earlier one.
class Newswire {
 public:
  // So many items are published in the days of a window.
  Newswire(uint32_t seed, size_t items_in_window, int64_t window_seconds);

  CodedItem Next();

 private:
  struct Act {
    v1::DiplomaticEvent event;
    std::vector<std::string> matter;
  };

  size_t Below(size_t bound) { return random_() % bound; }
  size_t SkewedBelow(size_t bound);
  std::string Word();
  v1::Actor Party();
  Act MakeAct(int64_t time_s);
  // Sentences, and the events that the first of them tell of.
  struct Text {
    std::vector<std::string> sentences;
    std::vector<v1::DiplomaticEvent> events;
  };
  std::string Tell(const Act& act);
  Text MakeText(int64_t time_s);
  Text CopyOf(const Text& text);

  std::mt19937 random_;
  const double seconds_between_;
  size_t count_ = 0;
  std::deque<Act> acts_;    // the latest, last first
  std::deque<Text> texts_;  // the same
};

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_NEWSWIRE_H_
