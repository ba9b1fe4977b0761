// Trains the profiles of the tagger and parser; writes a model file and a report of each. See README.md.
#include <cstdio>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "pipeline/train/school.h"

namespace demarche::train {
namespace {

constexpr char kCredit[] =
    "Syntax model of demarche, derived from Universal Dependencies English EWT (CC BY-SA 4.0; Silveira et al. 2014 and "
    "contributors), the openly licensed genres of UD English GUM (Zeldes 2017 and contributors; CC BY-SA 4.0) and synthetic "
    "newswire sentences of the project itself, with GloVe word vectors (Pennington, Socher and Manning 2014; PDDL). The model is "
    "licensed CC BY-SA 4.0.\n";

struct Options {
  Sources sources;
  std::string out;
  std::vector<std::string> profiles = {"fast"};
  uint64_t seed = 1;
  int epochs = 14;
  int teachers = 0;
  int teacher_epochs = 10;
  float dropout = 0.2f;
  float teacher_dropout = 0.25f;
};

// Wide, and carried along the sentence: what errs least.
const std::vector<Layer>& RecurrentLayers() {
  static const auto* layers = new std::vector<Layer>{{5}, {3, true}, {3, true}};
  return *layers;
}

Settings Sized(const Options& options, int width, int hidden, const std::vector<Layer>& layers) {
  Settings settings;
  settings.width = width;
  settings.hidden = hidden;
  settings.layers = layers;
  settings.epochs = options.epochs;
  settings.dropout = options.dropout;
  settings.seed = options.seed;
  return settings;
}

Profile MakeProfile(const Options& options, const std::string& name) {
  if (name == "fast") return {name, Sized(options, 96, 128, {{5}, {5}, {3}})};
  return {name, Sized(options, 128, 192, RecurrentLayers())};
}

Settings TeacherSettings(const Options& options) {
  Settings settings = Sized(options, 128, 192, RecurrentLayers());
  settings.epochs = options.teacher_epochs;
  settings.dropout = options.teacher_dropout;
  return settings;
}

absl::Status TrainAndWrite(const Lesson& lesson, const Options& options, const Profile& profile,
                           const std::vector<std::shared_ptr<Network>>& teachers, const std::string& teachers_report) {
  Report report(profile.name);
  const auto file = TrainProfile(lesson, profile, teachers, kCredit, report);
  if (!file.ok()) return file.status();
  if (auto status = MeasureFile(*file, options.sources, report); !status.ok()) return status;
  const std::string path = options.out + "/" + profile.name + ".model";
  std::ofstream(path, std::ios::binary) << *file;
  std::ofstream(path + ".report.txt") << kCredit << "\ntrained on " << lesson.train.size()
                                      << " sentences of ewt-train, gum-open-train and newswire-train; best epoch on ewt-dev and "
                                         "gum-open-dev\n"
                                      << teachers_report << report.text();
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  const auto lesson = ReadLesson(options.sources);
  if (!lesson.ok()) return lesson.status();
  std::string teachers_report;
  const auto teachers = TrainTeachers(**lesson, options.teachers, TeacherSettings(options), teachers_report);
  std::vector<std::future<absl::Status>> running;
  for (const std::string& name : options.profiles) {
    running.push_back(std::async(std::launch::async, TrainAndWrite, std::cref(**lesson), std::cref(options),
                                 MakeProfile(options, name), std::cref(teachers), std::cref(teachers_report)));
  }
  absl::Status status;
  for (auto& one : running) status.Update(one.get());
  return status;
}

}  // namespace
}  // namespace demarche::train

int main(int argc, char** argv) {
  demarche::train::Options options;
  CLI::App app("Trains the tagger and parser.");
  app.add_option("--data", options.sources.data, "Folder with treebank/ and vectors/")->required();
  app.add_option("--newswire", options.sources.newswire, "Folder with newswire-train.conllu and newswire-test.conllu")->required();
  app.add_option("--out", options.out, "Folder for PROFILE.model and PROFILE.model.report.txt")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--profiles", options.profiles, "Which models to train")
      ->delimiter(',')
      ->check(CLI::IsMember({"fast", "accurate"}))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of all random choices")->capture_default_str();
  app.add_option("--epochs", options.epochs, "Passes over the training sentences")->capture_default_str();
  app.add_option("--dropout", options.dropout, "Of token vectors and the hidden layer")->capture_default_str();
  app.add_option("--teachers", options.teachers, "Networks that are trained first and teach those that are written")
      ->capture_default_str();
  app.add_option("--teacher-epochs", options.teacher_epochs, "Their epochs")->capture_default_str();
  app.add_option("--teacher-dropout", options.teacher_dropout, "Their dropout")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = demarche::train::Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
