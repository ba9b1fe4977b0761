// Trains the tagger and parser, writes the model file and a report beside it. See README.md.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "pipeline/train/export.h"
#include "pipeline/train/model_score.h"
#include "pipeline/train/teachers.h"
#include "pipeline/train/trainer.h"

namespace demarche::train {
namespace {

constexpr std::string_view kCredit =
    "Syntax model of demarche, derived from Universal Dependencies English EWT (CC BY-SA 4.0; Silveira et al. 2014 and "
    "contributors) "
    "and the openly licensed genres of UD English GUM (Zeldes 2017 and contributors; CC BY-SA 4.0), with GloVe word vectors "
    "(Pennington, "
    "Socher and Manning 2014; PDDL). The model is licensed CC BY-SA 4.0.\n";

struct Treebanks {
  std::vector<GoldSentence> train, dev;
};

absl::Status Append(const std::string& path, std::vector<GoldSentence>& sentences) {
  auto read = ReadTreebank(path);
  if (read.ok()) sentences.insert(sentences.end(), read->begin(), read->end());
  return read.status();
}

// Prints a line and keeps it for the report.
class Report {
 public:
  void Add(const std::string& line) {
    std::puts(line.c_str());
    std::fflush(stdout);
    text_ += line + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string Describe(const Settings& s) {
  return "width " + std::to_string(s.width) + ", hidden " + std::to_string(s.hidden) + ", epochs " + std::to_string(s.epochs) +
         ", batch " + std::to_string(s.batch_tokens) + " tokens, rate " + std::to_string(s.rate) + ", dropout " +
         std::to_string(s.dropout) + ", seed " + std::to_string(s.seed);
}

// What the written file gives, through the code that reads it.
absl::Status ScoreFile(const std::string& file, const std::string& data, Report& report) {
  std::vector<char> storage(file.size() + syntax::kModelAlignment);
  void* aligned = storage.data();
  size_t space = storage.size();
  std::align(syntax::kModelAlignment, file.size(), aligned, space);
  std::memcpy(aligned, file.data(), file.size());
  const auto model = syntax::Model::Make({static_cast<char*>(aligned), file.size()});
  if (!model.ok()) return model.status();
  for (const char* name : {"ewt-dev", "gum-open-dev", "ewt-test", "gum-open-test", "pud-test"}) {
    const auto gold = ReadTreebank(data + "/treebank/" + name + ".conllu");
    if (!gold.ok()) return gold.status();
    const ModelScore score = ScoreModel(*model, syntax::SupportedKernels().back(), *gold);
    report.Add(std::string(name) + " " + score.all.Line());
    report.Add(std::string(name) + " without punctuation " + score.words.Line());
  }
  return absl::OkStatus();
}

// How many networks teach the one that is written, and how they differ from it.
struct School {
  int teachers = 0;
  int teacher_hidden = 192;
  int teacher_width = 128;
  int teacher_epochs = 9;
};

void TrainTeachers(const Vocabulary& vocabulary, const Treebanks& treebanks, const School& school, Settings settings,
                   Teachers& teachers, Report& report) {
  settings.hidden = school.teacher_hidden;
  settings.width = school.teacher_width;
  settings.epochs = school.teacher_epochs;
  for (int i = 1; i <= school.teachers; ++i) {
    settings.seed += static_cast<uint64_t>(1000) * static_cast<uint64_t>(i);
    report.Add("teacher " + std::to_string(i) + ": " + Describe(settings));
    Random random(settings.seed);
    auto network = std::make_unique<Network>(vocabulary, settings, random);
    Trainer(vocabulary, *network, nullptr).Train(treebanks.train, treebanks.dev, [&report](const std::string& line) {
      report.Add(line);
    });
    teachers.Add(std::move(network));
  }
}

absl::Status Run(const std::string& data, const std::string& out, const School& school, const Settings& settings) {
  Treebanks treebanks;
  for (const char* name : {"ewt", "gum-open"}) {
    const std::string stem = data + "/treebank/" + name;
    if (auto status = Append(stem + "-train.conllu", treebanks.train); !status.ok()) return status;
    if (auto status = Append(stem + "-dev.conllu", treebanks.dev); !status.ok()) return status;
  }
  Vocabulary vocabulary;
  auto vectors = ReadVectors(data + "/vectors");
  if (!vectors.ok()) return vectors.status();
  vocabulary.vectors = *std::move(vectors);
  vocabulary.Build(treebanks.train);
  Report report;
  report.Add(std::string(kCredit));
  report.Add("trained on ewt-train and gum-open-train (" + std::to_string(treebanks.train.size()) +
             " sentences); best epoch on ewt-dev and gum-open-dev");
  Teachers teachers(vocabulary);
  TrainTeachers(vocabulary, treebanks, school, settings, teachers, report);
  report.Add(Describe(settings));
  Random random(settings.seed);
  Network network(vocabulary, settings, random);
  Trainer trainer(vocabulary, network, teachers.empty() ? nullptr : &teachers);
  trainer.Train(treebanks.train, treebanks.dev, [&report](const std::string& line) { report.Add(line); });
  report.Add("in floats: dev " + trainer.Evaluate(treebanks.dev, true).Line());
  const auto file = Export(vocabulary, network, trainer.Measure(treebanks.dev), std::string(kCredit));
  if (!file.ok()) return file.status();
  report.Add("in eight bits, gold tokens, predicted tags, labels without sub-types (" + std::to_string(file->size()) + " bytes):");
  if (auto status = ScoreFile(*file, data, report); !status.ok()) return status;
  std::ofstream(out, std::ios::binary) << *file;
  std::ofstream(out + ".report.txt") << report.text();
  return absl::OkStatus();
}

}  // namespace
}  // namespace demarche::train

int main(int argc, char** argv) {
  std::string data, out;
  demarche::train::Settings settings;
  demarche::train::School school;
  CLI::App app("Trains the tagger and parser on the treebanks of a data folder.");
  app.add_option("--data", data, "Folder with treebank/ and vectors/")->required();
  app.add_option("--out", out, "Model file to write; the report goes to OUT.report.txt")->required();
  app.add_option("--epochs", settings.epochs, "Passes over the training sentences")->capture_default_str();
  app.add_option("--seed", settings.seed, "Of all random choices")->capture_default_str();
  app.add_option("--width", settings.width, "Size of a token's vector, a multiple of 16")->capture_default_str();
  app.add_option("--hidden", settings.hidden, "Size of the parser's hidden layer, a multiple of 16")->capture_default_str();
  app.add_option("--rate", settings.rate, "Highest step of Adam")->capture_default_str();
  app.add_option("--dropout", settings.dropout, "Of token vectors and the hidden layer")->capture_default_str();
  app.add_option("--batch-tokens", settings.batch_tokens, "Tokens between two steps")->capture_default_str();
  app.add_option("--teachers", school.teachers, "Networks that are trained first and teach the one that is written")
      ->capture_default_str();
  app.add_option("--teacher-hidden", school.teacher_hidden, "Their hidden layer")->capture_default_str();
  app.add_option("--teacher-width", school.teacher_width, "Their token vectors")->capture_default_str();
  app.add_option("--teacher-epochs", school.teacher_epochs, "Their epochs")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = demarche::train::Run(data, out, school, settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
