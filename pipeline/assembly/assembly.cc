#include "pipeline/assembly/assembly.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/assembly/builder.h"
#include "pipeline/assembly/counterpart.h"
#include "pipeline/assembly/draft.h"
#include "pipeline/assembly/merge.h"
#include "pipeline/assembly/quiet.h"
#include "pipeline/assembly/scope.h"
#include "pipeline/clause/clauses.h"
#include "pipeline/document/hash.h"

namespace demarche::assembly {
namespace {

using document::Document;

constexpr size_t kIdDigits = 24;

// A hash of what founded the event: never of type, date or score, which may be corrected.
std::string EventId(const v1::NewsItem& item, const v1::Evidence& founding, size_t ordinal) {
  const v1::TextSpan& span = founding.trigger_span();
  const std::string place = std::to_string(span.field()) + ':' + std::to_string(span.begin()) + '-' + std::to_string(span.end());
  const std::string digest =
      Sha256({item.publisher(), item.news_item_id(), std::to_string(item.supersedes_revision()), place, std::to_string(ordinal)});
  return "ev-" + ToHex(digest).substr(0, kIdDigits);
}

// Makes events of frames. Immutable; lives as long as the pipeline.
class AssemblyStage final : public stage::Stage {
 public:
  AssemblyStage(std::shared_ptr<const ontology::Ontology> ontology, ScopeRules rules, const Counterpart& counterpart,
                clause::Grammar grammar)
      : ontology_(std::move(ontology)), rules_(std::move(rules)), counterpart_(counterpart), grammar_(std::move(grammar)) {}

  std::string_view name() const override { return "assembly"; }
  uint32_t needs() const override {
    return stage::kText | stage::kSentences | stage::kGate | stage::kLemmas | stage::kTree | stage::kMentions | stage::kFrames;
  }
  uint32_t gives() const override { return stage::kEvents; }

  absl::Status Process(Document& document) const override {
    std::vector<Draft> drafts = BuildDrafts(document);
    if (IsQuiet(document)) DropWeak(document, drafts);
    std::vector<v1::Evidence> founding;
    for (const Draft& draft : drafts) founding.push_back(draft.event.evidence(0));
    MergeDrafts(drafts);
    size_t merged = 0;
    for (size_t i = 0; i < drafts.size(); ++i) {
      if (drafts[i].is_dropped) {
        ++merged;
        continue;
      }
      Finish(document, founding[i], i, drafts[i].event);
      document.events.push_back(std::move(drafts[i].event));
    }
    if (merged > 0) document.Note(std::to_string(merged) + " mentions merged into other events");
    return absl::OkStatus();
  }

 private:
  static void DropWeak(Document& document, std::vector<Draft>& drafts) {
    const auto weak = std::remove_if(drafts.begin(), drafts.end(), [](const Draft& draft) {
      const v1::EventType type = draft.event.type();
      // Marches and what the police do are told without officials too, and need no other state.
      const bool is_at_home = type == v1::EVENT_TYPE_PROTEST || type == v1::EVENT_TYPE_COERCE || type == v1::EVENT_TYPE_ASSAULT;
      return draft.guesses_actors || draft.is_by_adjective || (draft.guesses_recipients && !is_at_home);
    });
    if (weak == drafts.end()) return;
    document.Note(std::to_string(drafts.end() - weak) + " events dropped: a text without officials");
    drafts.erase(weak, drafts.end());
  }

  std::vector<Draft> BuildDrafts(Document& document) const {
    Builder builder(document, *ontology_, rules_, counterpart_, grammar_);
    std::vector<Draft> drafts;
    clause::Clauses clauses;
    int64_t read = -1;
    for (const document::Frame& frame : document.frames) {
      if (read != frame.sentence) {
        const document::Sentence& sentence = document.sentences[frame.sentence];
        clauses = clause::ByTree(sentence, clause::Tree(sentence), grammar_);
      }
      read = frame.sentence;
      if (auto draft = builder.Build(frame, clauses, drafts)) drafts.push_back(*std::move(draft));
    }
    return drafts;
  }

  void Finish(const Document& document, const v1::Evidence& founding, size_t ordinal, v1::DiplomaticEvent& event) const {
    event.set_event_id(EventId(document.item, founding, ordinal));
    event.set_revision(1);
    event.set_state(v1::EVENT_STATE_NEW);
    event.set_publisher_count(1);
    event.set_item_count(1);
    event.set_classifier_version(std::string(kClassifierVersion));
    event.set_ontology_version(ontology_->version());
    *event.mutable_publish_time() = document.item.publish_time();
  }

  const std::shared_ptr<const ontology::Ontology> ontology_;
  const ScopeRules rules_;
  const Counterpart counterpart_;
  const clause::Grammar grammar_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeAssembly(std::shared_ptr<const ontology::Ontology> ontology) {
  auto rules = ScopeRules::Load();
  if (!rules.ok()) return rules.status();
  auto counterpart = Counterpart::Load();
  if (!counterpart.ok()) return counterpart.status();
  auto grammar = clause::Grammar::Load();
  if (!grammar.ok()) return grammar.status();
  return std::unique_ptr<const stage::Stage>(
      std::make_unique<AssemblyStage>(std::move(ontology), *std::move(rules), *counterpart, *std::move(grammar)));
}

}  // namespace demarche::assembly
