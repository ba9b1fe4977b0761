#include "pipeline/frames/frames.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/tree.h"
#include "pipeline/document/parties.h"
#include "pipeline/frames/arguments.h"
#include "pipeline/frames/compose.h"
#include "pipeline/frames/lexicon.h"
#include "pipeline/frames/matcher.h"
#include "pipeline/resources/table.h"

namespace demarche::frames {
namespace {

// States that drill side by side do it together.
constexpr std::string_view kDrill = "military_drill", kJointExercise = "joint_exercise";

using document::Document;
using document::Frame;
using document::Mention;
using document::Sentence;

bool Holds(const Sentence& sentence, const StringSet& words) {
  return std::any_of(sentence.tokens.begin(), sentence.tokens.end(),
                     [&](const document::Token& token) { return words.contains(token.lemma) || words.contains(token.lower); });
}

// Finds frames sentence by sentence. Immutable; lives as long as the pipeline.
class FramesStage final : public stage::Stage {
 public:
  FramesStage(std::shared_ptr<const ontology::Ontology> ontology, std::shared_ptr<const Lexicon> lexicon, clause::Grammar grammar)
      : ontology_(std::move(ontology)), lexicon_(std::move(lexicon)), grammar_(std::move(grammar)) {}

  std::string_view name() const override { return "frames"; }
  uint32_t needs() const override { return stage::kSentences | stage::kGate | stage::kLemmas | stage::kTree | stage::kMentions; }
  uint32_t gives() const override { return stage::kFrames; }

  absl::Status Process(Document& document) const override {
    for (uint32_t s = 0; s < document.sentences.size(); ++s) {
      if (document.sentences[s].is_gated) Read(document, s);
    }
    return absl::OkStatus();
  }

 private:
  void Read(Document& document, uint32_t s) const {
    const Sentence& sentence = document.sentences[s];
    if (Holds(sentence, lexicon_->Class("sport"))) {
      document.Note(sentence, sentence.span, "passed over: sport");
      return;
    }
    const clause::Tree tree(sentence);
    const clause::Clauses clauses = clause::ByTree(sentence, tree, grammar_);
    const Arguments arguments(document, s, tree, clauses, grammar_, lexicon_->Class("light"));
    const Context context{document, sentence, clauses, *lexicon_, *ontology_, arguments};
    std::vector<Reading> readings = Match(sentence, clauses, *lexicon_, arguments);
    for (Reading& reading : readings) {
      if (!reading.sense->content.empty()) continue;
      if (!FillParties(context, nullptr, reading) || IsNature(arguments, reading)) reading.kind = {};
    }
    Compose(context, readings);
    Compete(readings);
    for (const Reading& reading : readings) Emit(document, s, reading);
  }

  // 'A storm battered the coast': violence that nobody does.
  bool IsNature(const Arguments& arguments, const Reading& reading) const {
    return ontology_->FindKind(reading.kind)->type == v1::EVENT_TYPE_ASSAULT &&
           arguments.SubjectNoun(reading.anchor, lexicon_->Class("nature")) >= 0;
  }

  void Emit(Document& document, uint32_t s, const Reading& reading) const {
    const Sentence& sentence = document.sentences[s];
    const bool is_act = !reading.governed && !reading.sense->content_only;
    if (document.trace != nullptr) {
      document.Note(sentence, document::SpanOf(sentence, reading.anchor.trigger),
                    "'" + reading.sense->pattern + "' reads as " + std::string(reading.kind) + ": " +
                        Names(document, reading.actors) + " > " + Names(document, reading.recipients) +
                        (is_act             ? ""
                         : reading.governed ? "; content of another act"
                                            : "; no act by itself"));
    }
    if (!is_act) return;
    Frame frame;
    frame.sentence = s;
    frame.trigger = reading.anchor.trigger;
    frame.head = reading.anchor.head;
    frame.kind = Ranked(document, reading);
    frame.actors = reading.actors;
    frame.recipients = reading.recipients;
    frame.reciprocal = reading.reciprocal;
    frame.is_domestic = reading.is_domestic;
    frame.score = reading.score;
    if (frame.kind == kDrill && AreSeveral(document, frame.actors)) {
      frame.kind = kJointExercise;
      frame.recipients = frame.actors;
      frame.reciprocal = true;
    }
    document.frames.push_back(std::move(frame));
  }

  static bool AreSeveral(const Document& document, const Parties& parties) {
    return std::any_of(parties.begin(), parties.end(), [&](uint32_t party) {
      return document::CodeOf(document.mentions[party].actor) != document::CodeOf(document.mentions[parties.front()].actor);
    });
  }

  static std::string Names(const Document& document, const Parties& parties) {
    std::string names;
    for (const uint32_t party : parties) {
      if (!names.empty()) names += ", ";
      names += document.mentions[party].actor.mention();
    }
    return names.empty() ? "nobody" : names;
  }

  // 'leader_call' becomes 'ministerial_call' when nobody of the first rank takes part but a minister or envoy does.
  std::string Ranked(const Document& document, const Reading& reading) const {
    const std::string_view ministerial = lexicon_->MinisterialKind(reading.kind);
    if (ministerial.empty()) return std::string(reading.kind);
    bool minister = false;
    for (const Parties* parties : {&reading.actors, &reading.recipients}) {
      for (const uint32_t party : *parties) minister |= IsMinister(document.mentions[party]);
    }
    return std::string(minister ? ministerial : reading.kind);
  }

  bool IsMinister(const Mention& mention) const {
    for (const std::string* text : {&mention.actor.office(), &mention.actor.mention()}) {
      std::string lower = *text;
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
      if (lower.find("prime minister") != std::string::npos || lower.find("president") != std::string::npos) return false;
      for (const std::string_view part : resources::Split(lower, ' ')) {
        if (lexicon_->Class("ministers").contains(part)) return true;
      }
    }
    return false;
  }

  const std::shared_ptr<const ontology::Ontology> ontology_;
  const std::shared_ptr<const Lexicon> lexicon_;
  const clause::Grammar grammar_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeFrames(std::shared_ptr<const ontology::Ontology> ontology,
                                                               std::shared_ptr<const Lexicon> lexicon) {
  auto grammar = clause::Grammar::Load();
  if (!grammar.ok()) return grammar.status();
  return std::unique_ptr<const stage::Stage>(
      std::make_unique<FramesStage>(std::move(ontology), std::move(lexicon), *std::move(grammar)));
}

}  // namespace demarche::frames
