#include "tests/bench/texts.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <utility>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace demarche::bench {
namespace {

constexpr unsigned kSeed = 1;
constexpr int64_t kPublished = 1750000000;  // 2025-06-15

struct Sentence {
  std::string text;
  size_t words = 0;
};

struct Corpus {
  std::vector<Sentence> eventful, plain;
};

Corpus ReadCorpus() {
  Corpus corpus;
  std::ifstream file(std::string(DEMARCHE_SOURCE_DIR) + "/tests/accuracy/corpus/train.jsonl");
  std::string line;
  while (std::getline(file, line)) {
    google::protobuf::Struct record;
    if (!google::protobuf::util::JsonStringToMessage(line, &record).ok()) continue;
    Sentence sentence{record.fields().at("text").string_value()};
    sentence.words = std::count(sentence.text.begin(), sentence.text.end(), ' ') + 1;
    const bool has_event = record.fields().at("events").list_value().values_size() > 0;
    (has_event ? corpus.eventful : corpus.plain).push_back(std::move(sentence));
  }
  return corpus;
}

}  // namespace

std::vector<v1::NewsItem> MakeTexts(size_t words, size_t count, size_t one_in) {
  static const Corpus corpus = ReadCorpus();
  std::mt19937 random(kSeed);
  std::vector<v1::NewsItem> items(count);
  for (size_t i = 0; i < count; ++i) {
    const std::vector<Sentence>& sentences = i % one_in == 0 ? corpus.eventful : corpus.plain;
    items[i].set_publisher("bench");
    items[i].mutable_publish_time()->set_seconds(kPublished);
    for (size_t written = 0; written < words;) {
      const Sentence& sentence = sentences[random() % sentences.size()];
      items[i].mutable_body()->append(sentence.text).append(" ");
      written += sentence.words;
    }
  }
  return items;
}

}  // namespace demarche::bench
