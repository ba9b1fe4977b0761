#include "pipeline/assembly/merge.h"

#include <algorithm>
#include <string>
#include <utility>

namespace demarche::assembly {
namespace {

bool Compatible(const Codes& a, const Codes& b) { return a.empty() || b.empty() || Share(a, b); }

Codes KnownActors(const Draft& draft) { return draft.guesses_actors ? Codes() : CodesOf(draft.event.actors()); }

Codes KnownRecipients(const Draft& draft) { return draft.guesses_recipients ? Codes() : CodesOf(draft.event.recipients()); }

// Both ways round for acts that both sides take part in. A side that was guessed agrees with any.
bool SameParties(const Draft& x, const Draft& y) {
  const v1::DiplomaticEvent &a = x.event, &b = y.event;
  if (!a.reciprocal() && !b.reciprocal() && a.type() != v1::EVENT_TYPE_CONSULT) {
    const auto actors_a = KnownActors(x), actors_b = KnownActors(y);
    const auto recipients_a = KnownRecipients(x), recipients_b = KnownRecipients(y);
    return Compatible(actors_a, actors_b) && Compatible(recipients_a, recipients_b) &&
           (Share(actors_a, actors_b) || Share(recipients_a, recipients_b));
  }
  const auto all_a = document::PartiesOf(a), all_b = document::PartiesOf(b);
  return document::Includes(all_a, all_b) || document::Includes(all_b, all_a);
}

void Absorb(Draft& target, const Draft& other) {
  v1::DiplomaticEvent& event = target.event;
  v1::DiplomaticEvent merged = event;
  const bool takes_actors = target.guesses_actors && !other.guesses_actors && other.event.actors_size() > 0;
  const bool takes_recipients = target.guesses_recipients && !other.guesses_recipients && other.event.recipients_size() > 0;
  const bool keeps_actors = !target.guesses_actors && other.guesses_actors;
  const bool keeps_recipients = !target.guesses_recipients && other.guesses_recipients;
  const bool other_is_better = (target.field == document::Field::kTitle && other.field == document::Field::kBody) ||
                               (target.field == other.field && other.event.confidence() > event.confidence());
  if (other_is_better) {
    merged = other.event;
    target.field = other.field;
  }
  const v1::DiplomaticEvent& lesser = other_is_better ? event : other.event;
  if (takes_actors || keeps_actors) *merged.mutable_actors() = (takes_actors ? other : target).event.actors();
  if (takes_recipients || keeps_recipients) *merged.mutable_recipients() = (takes_recipients ? other : target).event.recipients();
  target.guesses_actors &= other.guesses_actors;
  target.guesses_recipients &= other.guesses_recipients;
  if (merged.recipients_size() == 0) *merged.mutable_recipients() = lesser.recipients();
  if (merged.actors_size() == 0) *merged.mutable_actors() = lesser.actors();
  if (!merged.has_event_date() && lesser.has_event_date()) *merged.mutable_event_date() = lesser.event_date();
  if (!merged.has_location() && lesser.has_location()) *merged.mutable_location() = lesser.location();
  for (const v1::Evidence& evidence : lesser.evidence()) {
    if (merged.evidence_size() < kMostEvidence) *merged.add_evidence() = evidence;
  }
  event = std::move(merged);
}

}  // namespace

bool SameAct(const Draft& a, const Draft& b) {
  const v1::DiplomaticEvent &x = a.event, &y = b.event;
  if (x.type() != y.type() || IsAsserted(x.factuality()) != IsAsserted(y.factuality())) return false;
  if (!SameParties(a, b)) return false;
  if (a.field != b.field) return true;
  // 'The raid on Tuesday killed two': one act of violence in two words.
  if (a.sentence == b.sentence && x.type() == v1::EVENT_TYPE_ASSAULT && KnownActors(a) == KnownActors(b)) return true;
  if (!document::MayAgree(x.event_date(), y.event_date()) || x.time_frame() != y.time_frame()) return false;
  return x.kind() == y.kind() || (x.mode() == y.mode() && CodesOf(x.actors()) == CodesOf(y.actors()) &&
                                  CodesOf(x.recipients()) == CodesOf(y.recipients()) && x.factuality() == y.factuality());
}

void MergeDrafts(std::vector<Draft>& drafts) {
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].is_dropped) continue;
    const size_t end = std::min(drafts.size(), i + 1 + kMergeWindow);
    for (size_t k = i + 1; k < end; ++k) {
      if (drafts[k].is_dropped || !SameAct(drafts[i], drafts[k])) continue;
      Absorb(drafts[i], drafts[k]);
      drafts[k].is_dropped = true;
    }
  }
}

}  // namespace demarche::assembly
