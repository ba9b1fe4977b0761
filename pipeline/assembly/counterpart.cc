#include "pipeline/assembly/counterpart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/table.h"

namespace demarche::assembly {
namespace {

using document::Mention;

constexpr std::string_view kWeightsTable = "lexicon/counterpart.tsv";
constexpr std::string_view kNames[Counterpart::kFeatureCount] = {
    "in_clause",       "in_sentence",       "after_trigger",      "nearest",
    "opens_sentence",  "sentence_before",   "opens_before",       "two_before",
    "in_lead",         "opens_lead",        "salience",           "most_often",
    "speaks",          "is_place",          "is_venue",           "is_organization",
    "acted_on_other",  "acted_on_it_here",  "other_acted_on",     "same_role",
    "other_role",      "same_role_of_type", "other_role_of_type", "did_violence",
    "acted_in_named",  "suffered_named",    "answered",           "itself",
    "itself_by_force", "itself_alone",      "itself_no_state",    "itself_rivals"};

constexpr uint32_t kNearSentences = 3;
constexpr double kFading = 0.75;  // for each sentence back
constexpr double kSure = 0.6;     // a mention below this may be no more than a place
constexpr double kMostTimes = 3;  // of a role in earlier events
// How far back a long text is looked through, beside its lead.
constexpr ptrdiff_t kMostMentions = 500, kMostEvents = 100;

bool IsConflict(const v1::DiplomaticEvent& event) {
  return event.quad_class() == v1::QUAD_CLASS_VERBAL_CONFLICT || event.quad_class() == v1::QUAD_CLASS_MATERIAL_CONFLICT;
}

bool IsHeldSomewhere(const v1::DiplomaticEvent& event) {
  return event.type() == v1::EVENT_TYPE_CONSULT || event.type() == v1::EVENT_TYPE_AGREE || event.type() == v1::EVENT_TYPE_SUPPORT;
}

bool IsByForce(const v1::DiplomaticEvent& event) {
  return event.type() == v1::EVENT_TYPE_ASSAULT || event.type() == v1::EVENT_TYPE_COERCE || event.type() == v1::EVENT_TYPE_PROTEST;
}

struct Candidate {
  std::array<double, Counterpart::kFeatureCount> features = {};
  int times = 0;
  double certainty = 0;
  const v1::Actor* actor = nullptr;  // as it was named last, by itself rather than as its army or its police
};
using Candidates = std::map<std::string, Candidate>;

// Collects what speaks for each party of the text. Lives for one question.
class Collector {
 public:
  explicit Collector(const Counterpart::Question& question)
      : question_(question),
        wants_recipient_(CodesOf(question.event.recipients()).empty()),
        known_(wants_recipient_ ? CodesOf(question.event.actors()) : CodesOf(question.event.recipients())) {}

  // `named` is the earlier event that the clause names, or null.
  Candidates Run(const Draft* named) {
    const auto& mentions = question_.document.mentions;
    const auto end = std::partition_point(mentions.begin(), mentions.end(),
                                          [&](const Mention& mention) { return mention.sentence <= question_.frame.sentence; });
    const auto near = end - std::min<ptrdiff_t>(end - mentions.begin(), kMostMentions);
    for (auto mention = mentions.begin(); mention != near && IsInLead(*mention); ++mention) Look(*mention);
    for (auto mention = near; mention != end; ++mention) Look(*mention);
    const auto& earlier = question_.earlier;
    std::for_each(earlier.end() - std::min(std::ssize(earlier), kMostEvents), earlier.end(),
                  [&](const Draft& draft) { LookBack(draft); });
    if (named != nullptr) {
      if (!named->guesses_actors) Add(CodesOf(named->event.actors()), Feature::kActedInNamed);
      if (!named->guesses_recipients) Add(CodesOf(named->event.recipients()), Feature::kSufferedNamed);
    }
    Finish();
    AddItself();
    return std::move(candidates_);
  }

 private:
  using Feature = Counterpart::Feature;

  // Whether it stands in the title or the first sentence.
  bool IsInLead(const Mention& mention) const {
    const auto& sentences = question_.document.sentences;
    return sentences[mention.sentence].field == document::Field::kTitle || mention.sentence == 0 ||
           sentences[mention.sentence - 1].field == document::Field::kTitle;
  }

  void Look(const Mention& mention) {
    const bool opens = mention.sentence != opened_;
    opened_ = mention.sentence;
    const std::string& code = CodeOf(mention.actor);
    const bool is_dateline = mention.tokens.end <= question_.document.sentences[mention.sentence].dateline;
    if (code.empty() || known_.contains(code) || is_dateline) return;
    Candidate& candidate = candidates_[code];
    ++candidate.times;
    candidate.certainty = std::max(candidate.certainty, mention.certainty);
    const bool is_plain = mention.actor.sector().empty() || mention.actor.sector() == "GOV";
    if (is_plain || candidate.actor == nullptr) candidate.actor = &mention.actor;
    const auto mark = [&](Feature feature) { candidate.features[feature] = 1; };
    const uint32_t back = question_.frame.sentence - mention.sentence;
    if (back > 0) candidate.features[Feature::kSalience] += std::pow(kFading, back);
    if (back == 0) {
      LookBeside(mention, candidate);
      if (opens) mark(Feature::kOpensSentence);
    } else if (back == 1) {
      mark(Feature::kSentenceBefore);
      if (opens) mark(Feature::kOpensBefore);
    } else if (back <= kNearSentences) {
      mark(Feature::kTwoBefore);
    }
    const bool is_lead = IsInLead(mention);
    if (is_lead) mark(Feature::kInLead);
    if (is_lead && opens) mark(Feature::kOpensLead);
    if (!mention.actor.organization_code().empty()) mark(Feature::kIsOrganization);
  }

  void LookBeside(const Mention& mention, Candidate& candidate) {
    const clause::Clauses& clauses = question_.clauses;
    const int group = clauses.At(question_.frame.head);
    const bool inside = group >= 0 && clauses.At(mention.head) == group;
    candidate.features[inside ? Feature::kInClause : Feature::kInSentence] = 1;
    if (mention.tokens.begin < question_.frame.head) {
      candidate.features[Feature::kAfterTrigger] = -1;
      nearest_ = CodeOf(mention.actor);
    } else if (candidate.features[Feature::kAfterTrigger] == 0) {
      candidate.features[Feature::kAfterTrigger] = 1;
    }
    const int above = group < 0 ? -1 : clauses.SubjectGroup(clauses.groups[group].parent);
    if (above < 0 || !mention.tokens.overlaps(clauses.groups[above].subject)) return;
    candidate.features[clauses.groups[group].link == clause::Link::kRelative ? Feature::kAnswered : Feature::kSpeaks] = 1;
  }

  void LookBack(const Draft& draft) {
    const v1::DiplomaticEvent& told = draft.event;
    const Codes actors = draft.guesses_actors ? Codes() : CodesOf(told.actors());
    const Codes recipients = draft.guesses_recipients ? Codes() : CodesOf(told.recipients());
    const bool is_near = question_.frame.sentence - draft.sentence <= kNearSentences;
    if (is_near && Share(recipients, known_)) {
      Add(actors, Feature::kActedOnOther);
      if (draft.sentence == question_.frame.sentence) Add(actors, Feature::kActedOnItHere);
    }
    if (Share(actors, known_)) Add(recipients, Feature::kOtherActedOn);
    if (told.type() == v1::EVENT_TYPE_ASSAULT || told.type() == v1::EVENT_TYPE_COERCE) Add(actors, Feature::kDidViolence);
    if (IsConflict(told) != IsConflict(question_.event)) return;
    Add(wants_recipient_ ? recipients : actors, Feature::kSameRole);
    Add(wants_recipient_ ? actors : recipients, Feature::kOtherRole);
    if (told.type() != question_.event.type()) return;
    Add(wants_recipient_ ? recipients : actors, Feature::kSameRoleOfType);
    Add(wants_recipient_ ? actors : recipients, Feature::kOtherRoleOfType);
  }

  void Add(const Codes& codes, Feature feature) {
    for (const std::string& code : codes) {
      const auto found = candidates_.find(code);
      if (found == candidates_.end()) continue;
      double& value = found->second.features[feature];
      value = std::min(value + 1, kMostTimes);
    }
  }

  void Finish() {
    int most = 0;
    for (const auto& [code, candidate] : candidates_) most = std::max(most, candidate.times);
    for (auto& [code, candidate] : candidates_) {
      auto& features = candidate.features;
      features[Feature::kAfterTrigger] = std::max(features[Feature::kAfterTrigger], 0.0);
      features[Feature::kSalience] = std::sqrt(features[Feature::kSalience]);
      features[Feature::kNearest] = code == nearest_;
      features[Feature::kMostOften] = candidate.times == most;
      features[Feature::kIsPlace] = candidate.certainty < kSure;
      features[Feature::kIsVenue] = candidate.certainty < kSure && IsHeldSomewhere(question_.event);
    }
  }

  // A state may be the other side of what it does; a body has no inside.
  void AddItself() {
    const v1::Actor& actor = wants_recipient_ ? question_.event.actors(0) : question_.event.recipients(0);
    if (known_.size() != 1 || actor.country_code().empty() || !actor.organization_code().empty()) return;
    const bool rivals = wants_recipient_ && TellsOfRivals();
    if (!rivals && !IsByForceWithin(actor)) return;
    const auto is_beside = [](const auto& entry) {
      return entry.second.features[Feature::kInClause] + entry.second.features[Feature::kInSentence] > 0;
    };
    const bool alone = std::none_of(candidates_.begin(), candidates_.end(), is_beside);
    Candidate& itself = candidates_[CodeOf(actor)];
    itself.actor = &actor;
    itself.features[Feature::kItself] = 1;
    itself.features[Feature::kItselfByForce] = IsByForceWithin(actor);
    itself.features[Feature::kItselfAlone] = alone;
    itself.features[Feature::kItselfNoState] = !document::IsOfState(actor);
    itself.features[Feature::kItselfRivals] = rivals;
  }

  // Police, rebels and crowds use force at home, armies against others.
  bool IsByForceWithin(const v1::Actor& actor) const {
    if (question_.event.type() == v1::EVENT_TYPE_ASSAULT && document::IsOfState(actor) && actor.sector() != "COP") return false;
    return IsByForce(question_.event) && actor.sector() != "MIL";
  }

  bool TellsOfRivals() const {
    const int group = question_.clauses.At(question_.frame.head);
    if (group < 0) return false;
    const document::TokenRange clause = question_.clauses.groups[group].clause;
    const auto& tokens = question_.document.sentences[question_.frame.sentence].tokens;
    return std::any_of(tokens.begin() + std::max(clause.begin, question_.frame.head), tokens.begin() + clause.end,
                       [&](const document::Token& token) { return question_.grammar.rivals.contains(token.lemma); });
  }

  const Counterpart::Question& question_;
  const bool wants_recipient_;
  const Codes known_;
  Candidates candidates_;
  std::string nearest_;
  int64_t opened_ = -1;
};

std::string Describe(const std::string& code, const Candidate& candidate, double score) {
  std::string text = absl::StrCat(code, " ", std::round(score * 100) / 100, ":");
  for (int f = 0; f < Counterpart::kFeatureCount; ++f) {
    if (candidate.features[f] != 0) absl::StrAppend(&text, " ", View(kNames[f]), "=", candidate.features[f]);
  }
  return text;
}

}  // namespace

absl::StatusOr<Counterpart> Counterpart::Load() {
  const auto rows = resources::ReadBuiltInTable(kWeightsTable, 3);
  if (!rows.ok()) return rows.status();
  auto nouns = EventNouns::Load();
  if (!nouns.ok()) return nouns.status();
  Counterpart counterpart;
  counterpart.nouns_ = *std::move(nouns);
  for (const resources::Row& row : *rows) {
    const auto name = std::find(std::begin(kNames), std::end(kNames), row.cells[0]);
    const size_t feature = name - std::begin(kNames);
    if (feature == kFeatureCount || !absl::SimpleAtod(View(row.cells[1]), &counterpart.for_actors_[feature]) ||
        !absl::SimpleAtod(View(row.cells[2]), &counterpart.for_recipients_[feature])) {
      return absl::InvalidArgumentError(absl::StrCat(View(kWeightsTable), ":", row.line, ": no feature with two weights"));
    }
  }
  return counterpart;
}

const v1::Actor* Counterpart::Guess(const Question& question, std::string* note) const {
  const bool wants_recipient = CodesOf(question.event.recipients()).empty();
  const Weights& weights = wants_recipient ? for_recipients_ : for_actors_;
  const Candidates candidates =
      Collector(question).Run(nouns_.Named(question.document, question.frame, question.event.type(), question.earlier));
  const Candidate* best = nullptr;
  double best_score = 0;
  for (const auto& [code, candidate] : candidates) {
    double score = 0;
    for (int f = 0; f < kFeatureCount; ++f) score += weights[f] * candidate.features[f];
    if (note != nullptr) absl::StrAppend(note, note->empty() ? "" : "; ", Describe(code, candidate, score));
    if (best != nullptr && score <= best_score) continue;
    best = &candidate;
    best_score = score;
  }
  return best == nullptr ? nullptr : best->actor;
}

}  // namespace demarche::assembly
