#include "pipeline/actors/actors_stage.h"

#include <utility>

#include "absl/time/time.h"
#include "pipeline/actors/article.h"

namespace demarche::actors {
namespace {

// Finds who is named and for whom they act on the day of publication. Two passes: the first notes which parties and full names
// the article has anywhere, the second decides what is ambiguous and composes mentions sentence by sentence.
// Immutable, shared by all workers.
class ActorsStage : public stage::Stage {
 public:
  explicit ActorsStage(std::shared_ptr<const Directory> directory) : directory_(std::move(directory)) {}

  std::string_view name() const override { return "actors"; }
  uint32_t needs() const override { return stage::kSentences | stage::kGate | stage::kLemmas; }
  uint32_t gives() const override { return stage::kMentions; }

  absl::Status Process(document::Document& document) const override {
    Article article(*directory_, document, DayOf(absl::FromUnixSeconds(document.item.publish_time().seconds())));
    std::vector<std::vector<Hit>> hits;
    hits.reserve(document.sentences.size());
    for (const document::Sentence& sentence : document.sentences) hits.push_back(FindHits(article, sentence));
    NoteWords(article);
    for (uint32_t i = 0; i < document.sentences.size(); ++i) {
      AddMentions(article, i, Decide(article, document.sentences[i], hits[i]));
    }
    document.mentions = std::move(article.mentions);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<const Directory> directory_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeActors() {
  auto directory = Directory::Load();
  if (!directory.ok()) return directory.status();
  return MakeActors(*std::move(directory));
}

std::unique_ptr<const stage::Stage> MakeActors(std::shared_ptr<const Directory> directory) {
  return std::make_unique<ActorsStage>(std::move(directory));
}

}  // namespace demarche::actors
