#include "pipeline/assembly/builder.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "pipeline/assembly/attribution.h"
#include "pipeline/assembly/dates.h"
#include "pipeline/assembly/no_party.h"

namespace demarche::assembly {
namespace {

using document::Frame;
using document::Mention;
using document::MentionKind;
using document::Sentence;
using document::Token;

constexpr int64_t kSecondsPerDay = 86400;
constexpr int64_t kCurrentDays = 28;  // older events are background

// Confidence = 1 / (1 + exp(-z)); z is the sum of these. What weighs how much was fitted to how often events of the train part of
// tests/accuracy/corpus were right, how far apart sure and unsure lie to all sets of `./dev eval`: less far on texts that are new.
constexpr double kBias = -1.23;
constexpr double kPerScore = 0.44;      // of the frame
constexpr double kBothSides = 0.78;     // actor and recipient found
constexpr double kPerCertainty = 0.87;  // of the least certain mention
constexpr double kInferred = -0.72;     // a side that the clause does not name
constexpr double kUnasserted = -0.24;   // hypothetical, negated, denied

constexpr double kSpeaksForItself = 2;  // score of a frame that is believed though the text names nobody it could be done to

constexpr double kLeastConfidence = 0.45;  // what is less certain is wrong in most cases, and is not told

constexpr double kThousand = 1000;  // three decimals

// Acts that are one only when somebody is acted upon.
bool NeedsRecipient(v1::EventType type) {
  switch (type) {
    case v1::EVENT_TYPE_RETREAT:
    case v1::EVENT_TYPE_CONCEDE:
    case v1::EVENT_TYPE_MOBILIZE:
    case v1::EVENT_TYPE_PROTEST:
    case v1::EVENT_TYPE_COERCE:
      return false;
    default:
      return true;
  }
}

// Acts that are one only when somebody is known to act; violence and force may have unnamed perpetrators.
bool NeedsActor(v1::EventType type) {
  switch (type) {
    case v1::EVENT_TYPE_ASSAULT:
    case v1::EVENT_TYPE_COERCE:
    case v1::EVENT_TYPE_PROTEST:
    case v1::EVENT_TYPE_SANCTION:
    case v1::EVENT_TYPE_RETREAT:
      return false;
    default:
      return true;
  }
}

// Whose perpetrators are often not known, and are not guessed.
bool MayBeUnclaimed(const v1::DiplomaticEvent& event) {
  return event.type() == v1::EVENT_TYPE_ASSAULT || event.mode() == v1::EVENT_MODE_CYBER;
}

// 'We have expelled four diplomats': the speaker acts.
bool SaysWe(const Sentence& sentence, const clause::Clauses& clauses, const Frame& frame) {
  const int group = clauses.SubjectGroup(clauses.At(frame.head));
  if (group < 0 || clauses.groups[group].passive) return false;
  const std::string_view subject = sentence.tokens[clauses.groups[group].subject.begin].lower;
  return subject == "we" || subject == "i";
}

// The state that somebody belongs to, under the name that the text has for it.
v1::Actor StateOf(const document::Document& document, const v1::Actor& member) {
  v1::Actor state;
  state.set_entity_id("state/" + member.country_code());
  for (const Mention& mention : document.mentions) {
    if (mention.actor.entity_id() == state.entity_id() && !mention.actor.display_name().empty()) {
      state.set_display_name(mention.actor.display_name());
      break;
    }
  }
  if (state.display_name().empty()) state.set_display_name(member.country_code());
  state.set_mention(member.mention());
  state.set_country_code(member.country_code());
  state.set_sector("GOV");
  state.set_resolution(v1::ACTOR_RESOLUTION_COREFERENCE);
  return state;
}

}  // namespace

Builder::Builder(document::Document& document, const ontology::Ontology& ontology, const ScopeRules& rules,
                 const Counterpart& counterpart, const clause::Grammar& grammar)
    : document_(document), ontology_(ontology), rules_(rules), counterpart_(counterpart), grammar_(grammar) {
  const int64_t seconds = document.item.publish_time().seconds();
  publish_days_ = seconds >= 0 ? seconds / kSecondsPerDay : (seconds - kSecondsPerDay + 1) / kSecondsPerDay;
}

std::optional<Draft> Builder::Build(const Frame& frame, const clause::Clauses& clauses, const std::vector<Draft>& earlier) {
  const Sentence& sentence = document_.sentences[frame.sentence];
  Draft draft;
  draft.field = sentence.field;
  draft.sentence = frame.sentence;
  v1::DiplomaticEvent& event = draft.event;
  SetType(frame.kind, frame.type, event);
  for (const uint32_t actor : frame.actors) *event.add_actors() = document_.mentions[actor].actor;
  for (const uint32_t recipient : frame.recipients) {
    const v1::Actor& actor = document_.mentions[recipient].actor;
    // A domestic act that names one side is done to the state, not to oneself.
    const bool is_own = !frame.reciprocal && !actor.country_code().empty() &&
                        std::find(frame.actors.begin(), frame.actors.end(), recipient) != frame.actors.end();
    *event.add_recipients() = is_own ? StateOf(document_, actor) : actor;
  }
  event.set_reciprocal(frame.reciprocal);
  std::optional<v1::Attribution> attribution = FindAttribution(document_, frame, clauses, grammar_);
  if (attribution && attribution->has_actor() && frame.actors.empty() && SaysWe(sentence, clauses, frame)) {
    *event.add_actors() = attribution->actor();
    attribution.reset();
  }
  if (CodesOf(event.actors()).empty() && CodesOf(event.recipients()).empty()) {
    document_.Note(sentence, document::SpanOf(sentence, frame.trigger), frame.kind + " dropped: no party is known");
    return std::nullopt;
  }
  const Scope scope = rules_.Of(sentence, clauses, grammar_, frame, event.type());
  event.set_factuality(scope.factuality);
  // 'Further attacks would be treated as ...' threatens nobody.
  const bool is_unclaimed = MayBeUnclaimed(event) && frame.actors.empty();
  if (const std::string_view promise = rules_.WhenPlanned(frame.kind);
      scope.factuality == v1::FACTUALITY_PLANNED && !promise.empty() && !is_unclaimed) {
    SetType(promise, v1::EVENT_TYPE_UNSPECIFIED, event);
    event.set_factuality(v1::FACTUALITY_ACTUAL);
  }
  if (scope.is_refusal) SetRefusal(frame, attribution, event);
  if (!scope.rule.empty()) document_.Note(sentence, document::SpanOf(sentence, frame.trigger), frame.kind + ": " + scope.rule);
  SetEvidence(frame, event);
  const bool is_inferred = InferSide(frame, clauses, earlier, event);
  draft.guesses_actors = is_inferred && frame.actors.empty();
  draft.guesses_recipients = (is_inferred && frame.recipients.empty()) || frame.is_domestic;
  draft.is_by_adjective = AreAdjectives(frame.actors) || AreAdjectives(frame.recipients);
  const bool lacks_recipient = NeedsRecipient(event.type()) && CodesOf(event.recipients()).empty();
  const bool lacks_actor = NeedsActor(event.type()) && CodesOf(event.actors()).empty();
  if (lacks_actor || (lacks_recipient && frame.score < kSpeaksForItself)) {
    document_.Note(sentence, document::SpanOf(sentence, frame.trigger),
                   frame.kind + " dropped: no " + (lacks_actor ? "actor" : "recipient") + " is known");
    return std::nullopt;
  }
  event.set_confidence(Confidence(frame, event, is_inferred));
  if (event.confidence() < kLeastConfidence) {
    document_.Note(sentence, document::SpanOf(sentence, frame.trigger), frame.kind + " dropped: too uncertain");
    return std::nullopt;
  }
  SetTime(frame, clauses, event);
  SetLocation(frame, clauses, event);
  if (attribution) *event.mutable_attribution() = *std::move(attribution);
  return draft;
}

// 'Togo will not send troops' is a refusal of Togo's; of what another says that it will not do, only that it may not join.
void Builder::SetRefusal(const Frame& frame, std::optional<v1::Attribution>& attribution, v1::DiplomaticEvent& event) const {
  const std::string_view refusal = rules_.WhenRefused(frame.kind, ontology::TypeName(event.type()));
  const bool is_told = attribution && attribution->has_actor();
  const bool is_joining = frame.kind == "membership_accession";
  if (refusal.empty() || (is_told && !frame.actors.empty() && !is_joining)) return;
  SetType(refusal, v1::EVENT_TYPE_UNSPECIFIED, event);
  event.set_factuality(v1::FACTUALITY_ACTUAL);
  if (!is_told) return;
  if (is_joining) event.mutable_recipients()->Swap(event.mutable_actors());
  event.clear_actors();
  *event.add_actors() = attribution->actor();
  attribution.reset();
}

void Builder::SetType(std::string_view kind_name, v1::EventType override_type, v1::DiplomaticEvent& event) const {
  const ontology::KindInfo* kind = ontology_.FindKind(kind_name);
  const bool is_overridden = override_type != v1::EVENT_TYPE_UNSPECIFIED && (kind == nullptr || override_type != kind->type);
  event.set_kind(std::string(kind_name));
  event.set_type(is_overridden || kind == nullptr ? override_type : kind->type);
  event.clear_contexts();
  if (kind != nullptr) {
    event.set_mode(is_overridden ? v1::EVENT_MODE_UNSPECIFIED : kind->mode);
    event.set_cameo_code(kind->cameo_code);
    for (const std::string& context : kind->contexts) event.add_contexts(context);
  }
  if (const ontology::TypeInfo* type = ontology_.FindType(event.type())) event.set_quad_class(type->quad_class);
  event.set_intensity(ontology_.Intensity(event.type(), event.mode()));
}

std::optional<v1::EventDate> Builder::DateOf(const Frame& frame, const clause::Clauses& clauses, bool is_future) const {
  const Sentence& sentence = document_.sentences[frame.sentence];
  const auto in = [&](document::TokenRange range) { return FindDate(sentence, range, frame.head, publish_days_, is_future); };
  const int group = clauses.At(frame.head);
  if (group < 0) return in({0, static_cast<uint16_t>(sentence.tokens.size())});
  if (auto date = in(clauses.groups[group].clause)) return date;
  // 'Nine years ago, when ...': what opens the sentence holds for the clauses that are told in its time.
  const clause::VerbGroup& first = clauses.groups.front();
  const uint16_t opening = first.subject.empty() ? first.tokens.begin : first.subject.begin;
  if (clauses.groups[group].link == clause::Link::kRelative) return std::nullopt;
  if (auto date = in({0, opening})) return date;
  // 'in 2014, when it closed its border'.
  const int parent = clauses.groups[group].parent;
  if (parent >= 0 && clauses.groups[group].mark == "when") return in(clauses.groups[parent].clause);
  return std::nullopt;
}

void Builder::SetTime(const Frame& frame, const clause::Clauses& clauses, v1::DiplomaticEvent& event) const {
  const bool is_planned = event.factuality() == v1::FACTUALITY_PLANNED;
  const auto date = DateOf(frame, clauses, is_planned);
  const bool is_past = date ? AgeInDays(*date, publish_days_) > kCurrentDays : IsBackground(frame, clauses);
  event.set_time_frame(is_planned ? v1::TIME_FRAME_FUTURE : is_past ? v1::TIME_FRAME_PAST : v1::TIME_FRAME_CURRENT);
  if (date) *event.mutable_event_date() = *date;
}

bool Builder::IsBackground(const Frame& frame, const clause::Clauses& clauses) const {
  const Sentence& sentence = document_.sentences[frame.sentence];
  int group = clauses.At(frame.head);
  if (group < 0) return false;
  const clause::VerbGroup& verb = clauses.groups[group];
  const bool reported = verb.link == clause::Link::kContent || verb.link == clause::Link::kQuoted;
  if (verb.perfect && verb.past_auxiliary && !reported) return true;
  // 'two years later', 'six years earlier': a story told from long before.
  for (int t = verb.clause.begin + 1; t < verb.clause.end; ++t) {
    const std::string_view word = sentence.tokens[t].lower;
    const std::string_view unit = sentence.tokens[t - 1].lower;
    const bool long_unit = unit == "years" || unit == "months" || unit == "decades" || unit == "year" || unit == "decade";
    if (long_unit && (word == "later" || word == "earlier" || word == "before")) return true;
  }
  // 'expelled it in April and threatened ...': what is told along with an old act is old.
  while (verb.form == clause::Form::kPast && clauses.groups[group].link == clause::Link::kConjunct &&
         clauses.groups[group].parent >= 0) {
    group = clauses.groups[group].parent;
    const auto date = FindDate(sentence, clauses.groups[group].clause, clauses.groups[group].head, publish_days_, false);
    if (date) return AgeInDays(*date, publish_days_) > kCurrentDays;
  }
  return false;
}

void Builder::SetLocation(const Frame& frame, const clause::Clauses& clauses, v1::DiplomaticEvent& event) const {
  const Sentence& sentence = document_.sentences[frame.sentence];
  const int group = clauses.At(frame.head);
  for (const Mention& mention : document_.MentionsIn(frame.sentence)) {
    if (mention.kind != MentionKind::kState || mention.is_adjective) continue;
    const int before = mention.tokens.begin - 1;
    if (before < 0 || (sentence.tokens[before].lower != "in" && sentence.tokens[before].lower != "at")) continue;
    if (group >= 0 && !clauses.groups[group].clause.contains(before)) continue;
    event.mutable_location()->set_name(mention.actor.mention());
    event.mutable_location()->set_country_code(mention.actor.country_code());
    return;
  }
}

void Builder::SetEvidence(const Frame& frame, v1::DiplomaticEvent& event) const {
  const Sentence& sentence = document_.sentences[frame.sentence];
  v1::Evidence& evidence = *event.add_evidence();
  evidence.set_news_item_id(document_.item.news_item_id());
  evidence.set_publisher(document_.item.publisher());
  evidence.set_sentence(document_.text(sentence.field).text.substr(sentence.span.begin, sentence.span.size()));
  *evidence.mutable_sentence_span() = document::ToReceived(document_, sentence.field, sentence.span);
  *evidence.mutable_trigger_span() = document::ToReceived(document_, sentence.field, document::SpanOf(sentence, frame.trigger));
  for (const auto* parties : {&frame.actors, &frame.recipients}) {
    for (const uint32_t party : *parties) {
      const Mention& mention = document_.mentions[party];
      const Sentence& where = document_.sentences[mention.sentence];
      *evidence.add_actor_spans() = document::ToReceived(document_, where.field, document::SpanOf(where, mention.tokens));
    }
  }
}

bool Builder::AreAdjectives(const std::vector<uint32_t>& parties) const {
  const auto is_adjective = [&](uint32_t party) { return document_.mentions[party].is_adjective; };
  return !parties.empty() && std::all_of(parties.begin(), parties.end(), is_adjective);
}

bool Builder::InferSide(const Frame& frame, const clause::Clauses& clauses, const std::vector<Draft>& earlier,
                        v1::DiplomaticEvent& event) const {
  const bool lacks_recipient = event.recipients_size() == 0 && event.actors_size() > 0;
  const bool lacks_actor = event.actors_size() == 0 && event.recipients_size() > 0 && !MayBeUnclaimed(event);
  if (!lacks_recipient && !lacks_actor) return false;
  if (lacks_actor && IsDoneByNoParty(document_, clauses, grammar_, frame)) return false;
  if (lacks_recipient && IsDoneToNoParty(document_, grammar_, frame)) return false;
  std::string note;
  const v1::Actor* found =
      counterpart_.Guess({document_, frame, clauses, grammar_, earlier, event}, document_.trace == nullptr ? nullptr : &note);
  if (document_.trace != nullptr) {
    const Sentence& sentence = document_.sentences[frame.sentence];
    document_.Note(sentence, document::SpanOf(sentence, frame.trigger),
                   event.kind() + ": " + (lacks_recipient ? "recipient" : "actor") + " guessed among " + note);
  }
  if (found == nullptr) return false;
  const bool is_itself = Share(CodesOf(event.actors()), {CodeOf(*found)}) || Share(CodesOf(event.recipients()), {CodeOf(*found)});
  *(lacks_recipient ? event.add_recipients() : event.add_actors()) = is_itself ? StateOf(document_, *found) : *found;
  return true;
}

double Builder::Confidence(const Frame& frame, const v1::DiplomaticEvent& event, bool is_inferred) const {
  double certainty = 1;
  for (const auto* parties : {&frame.actors, &frame.recipients}) {
    for (const uint32_t party : *parties) certainty = std::min(certainty, document_.mentions[party].certainty);
  }
  double z = kBias + kPerScore * frame.score + kPerCertainty * certainty;
  if (event.actors_size() > 0 && event.recipients_size() > 0) z += kBothSides;
  if (is_inferred) z += kInferred;
  if (!IsAsserted(event.factuality())) z += kUnasserted;
  return std::round(kThousand / (1 + std::exp(-z))) / kThousand;
}

}  // namespace demarche::assembly
