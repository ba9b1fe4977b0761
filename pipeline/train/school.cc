#include "pipeline/train/school.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <future>
#include <utility>

#include "pipeline/train/export.h"
#include "pipeline/train/model_score.h"
#include "pipeline/train/teachers.h"
#include "pipeline/train/trainer.h"

namespace demarche::train {
namespace {

constexpr uint64_t kSeedStep = 1000;  // between two teachers
constexpr size_t kAtATime = 2;        // networks that are trained at the same time

std::string Describe(const Settings& s) {
  std::string windows;
  for (const Layer& layer : s.layers)
    windows += (windows.empty() ? "" : "+") + std::to_string(layer.window) + (layer.is_recurrent ? "r" : "");
  return "width " + std::to_string(s.width) + ", windows " + windows + ", hidden " + std::to_string(s.hidden) + ", epochs " +
         std::to_string(s.epochs) + ", batch " + std::to_string(s.batch_tokens) + " tokens, rate " + std::to_string(s.rate) +
         ", dropout " + std::to_string(s.dropout) + ", seed " + std::to_string(s.seed);
}

absl::Status Append(const std::vector<std::string>& paths, std::vector<GoldSentence>& sentences) {
  for (const std::string& path : paths) {
    const auto read = ReadTreebank(path);
    if (!read.ok()) return read.status();
    sentences.insert(sentences.end(), read->begin(), read->end());
  }
  return absl::OkStatus();
}

// A network and how its training went.
struct Trained {
  std::shared_ptr<Network> network;
  std::string text;
};

Trained TrainTeacher(const Lesson& lesson, int number, const Settings& settings) {
  Report report("teacher " + std::to_string(number));
  report.Add("teacher " + std::to_string(number) + ": " + Describe(settings));
  Random random(settings.seed);
  auto network = std::make_shared<Network>(lesson.vocabulary, settings, random);
  Trainer(lesson.vocabulary, *network, nullptr).Train(lesson.train, lesson.dev, [&report](const std::string& line) {
    report.Add(line);
  });
  return {std::move(network), report.text()};
}

}  // namespace

void Report::Add(const std::string& line) {
  std::printf("%s: %s\n", name_.c_str(), line.c_str());
  std::fflush(stdout);
  text_ += line + "\n";
}

std::vector<std::string> Sources::Training() const {
  return {data + "/treebank/ewt-train.conllu", data + "/treebank/gum-open-train.conllu", newswire + "/newswire-train.conllu"};
}

std::vector<std::string> Sources::Tuning() const {
  return {data + "/treebank/ewt-dev.conllu", data + "/treebank/gum-open-dev.conllu"};
}

std::vector<std::string> Sources::Measuring() const {
  return {data + "/treebank/ewt-test.conllu", data + "/treebank/gum-open-test.conllu", data + "/treebank/pud-test.conllu",
          newswire + "/newswire-test.conllu"};
}

absl::StatusOr<std::unique_ptr<Lesson>> ReadLesson(const Sources& sources) {
  auto lesson = std::make_unique<Lesson>();
  if (auto status = Append(sources.Training(), lesson->train); !status.ok()) return status;
  if (auto status = Append(sources.Tuning(), lesson->dev); !status.ok()) return status;
  auto vectors = ReadVectors(sources.data + "/vectors");
  if (!vectors.ok()) return vectors.status();
  lesson->vocabulary.vectors = *std::move(vectors);
  lesson->vocabulary.Build(lesson->train);
  return lesson;
}

std::vector<std::shared_ptr<Network>> TrainTeachers(const Lesson& lesson, int count, const Settings& settings, std::string& text) {
  std::vector<std::shared_ptr<Network>> networks;
  std::vector<std::future<Trained>> running;
  const auto take_first = [&] {
    Trained trained = running.front().get();
    running.erase(running.begin());
    networks.push_back(std::move(trained.network));
    text += trained.text;
  };
  for (int number = 1; number <= count; ++number) {
    if (running.size() == kAtATime) take_first();
    Settings own = settings;
    own.seed += kSeedStep * static_cast<uint64_t>(number);
    running.push_back(std::async(std::launch::async, TrainTeacher, std::cref(lesson), number, own));
  }
  while (!running.empty()) take_first();
  return networks;
}

absl::StatusOr<std::string> TrainProfile(const Lesson& lesson, const Profile& profile,
                                         const std::vector<std::shared_ptr<Network>>& teachers, const std::string& credit,
                                         Report& report) {
  report.Add(Describe(profile.settings));
  Random random(profile.settings.seed);
  Network network(lesson.vocabulary, profile.settings, random);
  Teachers opinion(lesson.vocabulary, teachers);
  Trainer trainer(lesson.vocabulary, network, teachers.empty() ? nullptr : &opinion);
  trainer.Train(lesson.train, lesson.dev, [&report](const std::string& line) { report.Add(line); });
  report.Add("in floats: dev " + trainer.Evaluate(lesson.dev, true).Line());
  return Export(lesson.vocabulary, network, trainer.Measure(lesson.dev), credit);
}

absl::Status MeasureFile(const std::string& file, const Sources& sources, Report& report) {
  std::vector<char> storage(file.size() + syntax::kModelAlignment);
  void* aligned = storage.data();
  size_t space = storage.size();
  std::align(syntax::kModelAlignment, file.size(), aligned, space);
  std::memcpy(aligned, file.data(), file.size());
  const auto model = syntax::Model::Make({static_cast<char*>(aligned), file.size()});
  if (!model.ok()) return model.status();
  report.Add("in eight bits, gold tokens, predicted tags, labels without sub-types (" + std::to_string(file.size()) + " bytes):");
  std::vector<std::string> paths = sources.Tuning();
  for (const std::string& path : sources.Measuring()) paths.push_back(path);
  for (const std::string& path : paths) {
    const auto gold = ReadTreebank(path);
    if (!gold.ok()) return gold.status();
    const ModelScore score = ScoreModel(*model, syntax::SupportedKernels().back(), *gold);
    const std::string name = std::filesystem::path(path).stem();
    report.Add(name + " " + score.all.Line());
    report.Add(name + " without punctuation " + score.words.Line());
    if (score.attribution.sentences > 0) report.Add(name + " attribution " + score.attribution.Line());
  }
  return absl::OkStatus();
}

}  // namespace demarche::train
