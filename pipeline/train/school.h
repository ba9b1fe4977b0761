#ifndef DEMARCHE_PIPELINE_TRAIN_SCHOOL_H_
#define DEMARCHE_PIPELINE_TRAIN_SCHOOL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/train/network.h"
#include "pipeline/train/treebank.h"

namespace demarche::train {

// Prints lines as they come and keeps them. One thread.
class Report {
 public:
  explicit Report(std::string name) : name_(std::move(name)) {}

  void Add(const std::string& line);
  const std::string& text() const { return text_; }

 private:
  const std::string name_;  // printed before each line
  std::string text_;
};

// Where the sentences are: `data` has treebank/ and vectors/, `newswire` our own sentences.
struct Sources {
  std::string data;
  std::string newswire;

  std::vector<std::string> Training() const;
  std::vector<std::string> Tuning() const;     // tell the best epoch
  std::vector<std::string> Measuring() const;  // only measured
};

struct Lesson {
  Vocabulary vocabulary;
  std::vector<GoldSentence> train, dev;
};
absl::StatusOr<std::unique_ptr<Lesson>> ReadLesson(const Sources& sources);

// A model that is shipped: its name and its sizes.
struct Profile {
  std::string name;
  Settings settings;
};

// Trains networks of these settings, each from a seed of its own, two at a time. Appends what was reported to `text`.
std::vector<std::shared_ptr<Network>> TrainTeachers(const Lesson& lesson, int count, const Settings& settings, std::string& text);

// Trains a profile under the teachers and gives its model file.
absl::StatusOr<std::string> TrainProfile(const Lesson& lesson, const Profile& profile,
                                         const std::vector<std::shared_ptr<Network>>& teachers, const std::string& credit,
                                         Report& report);

// What the file gives, through the code that reads it.
absl::Status MeasureFile(const std::string& file, const Sources& sources, Report& report);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_SCHOOL_H_
