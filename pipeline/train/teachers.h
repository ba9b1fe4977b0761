#ifndef DEMARCHE_PIPELINE_TRAIN_TEACHERS_H_
#define DEMARCHE_PIPELINE_TRAIN_TEACHERS_H_

#include <memory>
#include <vector>

#include "pipeline/train/encoder.h"
#include "pipeline/train/network.h"

namespace demarche::train {

class ParserTrainer;

// Trained networks, which are only read, whose mean opinion a student learns beside the gold tree. One thread; the vocabulary must
// outlive it.
class Teachers {
 public:
  Teachers(const Vocabulary& vocabulary, const std::vector<std::shared_ptr<Network>>& networks);
  ~Teachers();

  // Runs all encoders on the student's batch.
  void Forward(const std::vector<const Example*>& batch);
  // Mean probabilities of the tags (upos, then xpos) of a row.
  void Tags(int row, std::vector<float>& probabilities) const;
  // Mean probabilities of the actions, and of the labels of each arc action, in the student's state.
  void Actions(const syntax::ArcHybrid& state, int row, std::vector<float>& probabilities);
  void Labels(syntax::Action action, std::vector<float>& probabilities);

 private:
  struct Member;

  const Vocabulary& vocabulary_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_TEACHERS_H_
