#include "pipeline/frames/compose.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "pipeline/document/parties.h"

namespace demarche::frames {
namespace {

using document::Mention;

constexpr std::string_view kMediation = "mediation";
constexpr double kScorePerSide = 0.25;   // a side that was found
constexpr size_t kFarthestContent = 14;  // tokens from a noun operator to its content

// Who is to act in a complement clause that tells of no event: 'demanded that the council publish the map'.
Parties ComplementSubject(const Context& context, const Reading& oper) {
  const clause::Clauses& clauses = context.clauses;
  const int group = clauses.At(oper.anchor.head);
  for (const clause::VerbGroup& verb : clauses.groups) {
    if (oper.anchor.is_noun != (verb.noun == oper.anchor.head) || (!oper.anchor.is_noun && verb.parent != group)) continue;
    if (oper.is_quoted ? verb.link != clause::Link::kQuoted : verb.link != clause::Link::kContent || verb.head < oper.anchor.head)
      continue;
    return context.arguments.Subject({verb.tokens, verb.head, false});
  }
  return {};
}

Parties Agent(const Context& context, const Reading& oper, const Reading* content) {
  if (content != nullptr && !content->anchor.is_noun) return content->actors;
  Parties found = ComplementSubject(context, oper);
  return found.empty() && content != nullptr ? content->actors : found;
}

Parties Find(const Context& context, const Slot& slot, const Reading& reading, const Reading* content) {
  const Arguments& arguments = context.arguments;
  switch (slot.role) {
    case Slot::Role::kLightSubject:
      return context.arguments.LightSubject(reading.anchor);
    case Slot::Role::kSubject:
      return arguments.Subject(reading.anchor);
    case Slot::Role::kObject:
      return arguments.Object(reading.anchor);
    case Slot::Role::kPossessor:
      return arguments.Possessor(reading.anchor);
    case Slot::Role::kPreposition:
      return arguments.Prepositional(reading.anchor, slot.preposition);
    case Slot::Role::kContent:
      return content == nullptr ? Parties() : content->recipients;
    case Slot::Role::kAgent:
      return Agent(context, reading, content);
    case Slot::Role::kPlace:
      return arguments.Place(reading.anchor);
    case Slot::Role::kClauseSubject:
      return arguments.ClauseSubject(reading.anchor);
    case Slot::Role::kSpeaker:
      return arguments.Speaker(reading.anchor);
  }
  return {};
}

// A government and the rebels or the courts of its country are two.
bool SameSector(const Mention& a, const Mention& b) {
  return a.actor.sector() == b.actor.sector() || (document::IsOfState(a.actor) && document::IsOfState(b.actor));
}

// Nobody stands on both sides, and nobody twice on one.
void RemoveRepeats(const Context& context, const Parties& others, bool may_be_within, Parties& parties) {
  Parties kept;
  for (const uint32_t party : parties) {
    const Mention& mention = context.document.mentions[party];
    const auto same = [&](uint32_t other) {
      const Mention& known = context.document.mentions[other];
      return other == party || (!mention.actor.entity_id().empty() && known.actor.entity_id() == mention.actor.entity_id() &&
                                SameSector(mention, known));
    };
    const bool twice = may_be_within ? std::find(others.begin(), others.end(), party) != others.end()
                                     : std::any_of(others.begin(), others.end(), same);
    if (twice || std::any_of(kept.begin(), kept.end(), same)) continue;
    kept.push_back(party);
  }
  parties = std::move(kept);
}

// Violence and force are done within a state as well.
bool MayBeWithin(const Context& context, const Reading& reading) {
  const ontology::KindInfo* kind = context.ontology.FindKind(reading.kind);
  return kind != nullptr &&
         (kind->type == v1::EVENT_TYPE_ASSAULT || kind->type == v1::EVENT_TYPE_COERCE || kind->type == v1::EVENT_TYPE_PROTEST);
}

// A truce that two signed 'in Oslo' is between them.
bool IsOnlyAPlace(const Slot& slot, const Parties& others, const Reading& reading) {
  return reading.sense->mutual && others.size() > 1 && slot.role == Slot::Role::kPreposition && slot.preposition == "in";
}

// A mediation 'in Oslo' is had there.
bool AreVenues(const Context& context, const Slot& slot, const Parties& parties, const Reading& reading) {
  return reading.kind == kMediation && slot.role == Slot::Role::kPreposition && slot.preposition == "in" &&
         std::all_of(parties.begin(), parties.end(), [&](uint32_t party) {
           return context.document.mentions[party].actor.resolution() == v1::ACTOR_RESOLUTION_METONYM;
         });
}

Parties FillSide(const Context& context, const Side& side, const Parties& others, const Reading& reading, const Reading* content) {
  for (const Slot& slot : side.slots) {
    if (IsOnlyAPlace(slot, others, reading)) continue;
    Parties found = Find(context, slot, reading, content);
    RemoveRepeats(context, others, MayBeWithin(context, reading), found);
    if (!found.empty() && !AreVenues(context, slot, found, reading)) return found;
  }
  return {};
}

// Whether a side that the sense asks for names nobody. A pronoun is somebody, though it may not be known who: 'accused it of
// lying'.
bool IsMissing(const Context& context, const Side& side, const Parties& parties, const Reading& reading) {
  if (!side.required || !parties.empty()) return false;
  return std::none_of(side.slots.begin(), side.slots.end(), [&](const Slot& slot) {
    return slot.role == Slot::Role::kObject && context.arguments.ObjectIsPronoun(reading.anchor);
  });
}

// Words are had within a state too, between people: 'accused his predecessor', but not 'said that his minister had left'.
bool AreTwoPeople(const Context& context, const Reading& reading, const Mention& a, const Mention& b) {
  const ontology::KindInfo* kind = context.ontology.FindKind(reading.kind);
  const bool is_talk = kind != nullptr && (kind->type == v1::EVENT_TYPE_ACCUSE || kind->type == v1::EVENT_TYPE_THREATEN ||
                                           kind->type == v1::EVENT_TYPE_REQUEST || kind->type == v1::EVENT_TYPE_REJECT);
  const auto is_somebody = [](const Mention& mention) {
    return mention.kind == document::MentionKind::kPerson || mention.kind == document::MentionKind::kRole;
  };
  const bool is_addressed = context.clauses.At(b.head) == context.clauses.At(reading.anchor.head);
  return is_talk && is_addressed && is_somebody(a) && is_somebody(b) && a.actor.entity_id() != b.actor.entity_id();
}

// Whether one party stands on both sides.
bool SameParty(const Context& context, const Reading& reading) {
  const Parties& a = reading.actors;
  const Parties& b = reading.recipients;
  for (const uint32_t left : a) {
    for (const uint32_t right : b) {
      const Mention& one = context.document.mentions[left];
      const Mention& other = context.document.mentions[right];
      if (document::CodeOf(one.actor) != document::CodeOf(other.actor) || !SameSector(one, other)) return false;
      if (AreTwoPeople(context, reading, one, other)) return false;
    }
  }
  return !a.empty() && !b.empty();
}

// '"They must leave," he said'.
bool IsQuotedBefore(const clause::Clauses& clauses, int speech, int group) {
  for (size_t steps = 0; group >= 0 && steps <= clauses.groups.size(); ++steps) {
    if (clauses.groups[group].link == clause::Link::kQuoted && clauses.groups[group].parent == speech) return true;
    group = clauses.groups[group].parent;
  }
  return false;
}

// Whether the operator's complement holds this reading.
bool Governs(const Context& context, const Reading& oper, const Reading& inner) {
  if (inner.anchor.trigger.overlaps(oper.anchor.trigger)) return false;
  const clause::Clauses& clauses = context.clauses;
  const int outer_group = clauses.At(oper.anchor.head);
  const int inner_group = clauses.At(inner.anchor.head);
  if (oper.is_quoted) return IsQuotedBefore(clauses, outer_group, inner_group);
  if (inner.anchor.head <= oper.anchor.head) return false;
  if (oper.anchor.is_noun) {
    for (int g = inner_group, steps = 0; g >= 0 && steps < 8; g = clauses.groups[g].parent, ++steps) {
      if (clauses.groups[g].noun == oper.anchor.head) return true;
    }
    if (inner_group >= 0 && outer_group >= 0 && inner_group != outer_group) {
      return clauses.groups[inner_group].link == clause::Link::kGerund && clauses.groups[inner_group].parent == outer_group &&
             inner.anchor.head - oper.anchor.head < static_cast<int>(kFarthestContent);
    }
    return inner.anchor.is_noun && inner.anchor.head - oper.anchor.head < static_cast<int>(kFarthestContent);
  }
  if (inner_group == outer_group) return inner.anchor.is_noun && !context.arguments.IsOfBefore(inner.anchor.head);
  return clauses.Governs(outer_group, inner_group);
}

// Whether the operator has a complement clause: 'urged Israel to ...'.
bool GovernsClause(const Context& context, const Reading& oper) {
  const clause::Clauses& clauses = context.clauses;
  const int group = clauses.At(oper.anchor.head);
  for (size_t g = 0; g < clauses.groups.size(); ++g) {
    const clause::VerbGroup& verb = clauses.groups[g];
    if (verb.noun == oper.anchor.head) return true;
    const bool complement =
        verb.link == clause::Link::kInfinitive || verb.link == clause::Link::kGerund || verb.link == clause::Link::kContent;
    if (complement && verb.parent == group && !oper.anchor.is_noun && verb.head > oper.anchor.head) return true;
  }
  return false;
}

const Reading* ContentOf(const Context& context, const std::vector<Reading>& readings, const Reading& oper) {
  const Reading* best = nullptr;
  for (const Reading& reading : readings) {
    if (reading.kind.empty() || reading.governed || !Governs(context, oper, reading)) continue;
    if (best != nullptr && reading.anchor.head > best->anchor.head && !reading.anchor.trigger.overlaps(best->anchor.trigger))
      continue;
    if (best == nullptr || reading.anchor.head < best->anchor.head || reading.score > best->score) best = &reading;
  }
  return best;
}

// 'agreed to keep the tariff': what is agreed is told by a verb that is no act, and the noun below it is none either.
bool IsOfAnotherVerb(const Context& context, const Reading& oper, const Reading& content) {
  if (oper.anchor.is_noun || !content.anchor.is_noun || !content.sense->content_only) return false;
  const int group = context.clauses.At(content.anchor.head);
  return group >= 0 && group != context.clauses.At(oper.anchor.head) &&
         !oper.anchor.trigger.contains(context.clauses.groups[group].head);
}

// 'accepted a truce brokered by Oman' tells of two acts, though 'truce' belongs to both triggers: mediation stands beside what it
// brings about.
bool TellOfTwo(const Reading& a, const Reading& b) {
  return a.anchor.head != b.anchor.head && (a.kind == kMediation) != (b.kind == kMediation);
}

// 'Chad and Mali met both sides': the object is somebody, though it may not be known who.
bool MeetsSomebodyElse(const Context& context, const Reading& reading) {
  const auto& slots = reading.sense->recipients.slots;
  const bool asks_for_object =
      std::any_of(slots.begin(), slots.end(), [](const Slot& slot) { return slot.role == Slot::Role::kObject; });
  return asks_for_object && context.arguments.HasOtherObject(reading.anchor);
}

}  // namespace

bool FillParties(const Context& context, const Reading* content, Reading& reading) {
  const Sense& sense = *reading.sense;
  reading.actors = FillSide(context, sense.actors, {}, reading, content);
  reading.recipients = FillSide(context, sense.recipients, reading.actors, reading, content);
  if (reading.recipients.empty()) reading.recipients = context.arguments.Receiver(reading.anchor);
  if (sense.mutual && reading.recipients.empty() && reading.actors.size() > 1 && !MeetsSomebodyElse(context, reading)) {
    reading.reciprocal = true;
    reading.recipients = reading.actors;
  } else if (sense.mutual && reading.actors.empty() && reading.recipients.size() > 1) {
    reading.reciprocal = true;
    reading.actors = reading.recipients;
  }
  if (sense.several && !reading.reciprocal) return false;
  reading.reciprocal |= sense.reciprocal && !reading.recipients.empty();
  if (IsMissing(context, sense.actors, reading.actors, reading)) return false;
  if (IsMissing(context, sense.recipients, reading.recipients, reading)) return false;
  // 'arrested a Kenyan and set him free': somebody is named, though it may not be known who.
  if (sense.domestic && !(reading.recipients.empty() && context.arguments.ObjectIsPronoun(reading.anchor))) {
    reading.is_domestic = reading.recipients.empty() || (reading.actors.empty() && sense.actors.slots.empty());
    if (reading.recipients.empty()) reading.recipients = reading.actors;
    if (reading.actors.empty() && sense.actors.slots.empty()) reading.actors = reading.recipients;
  } else if (!reading.reciprocal && SameParty(context, reading)) {
    if (!MayBeWithin(context, reading)) return false;
  }
  reading.score += kScorePerSide * (!reading.actors.empty()) + kScorePerSide * (!reading.recipients.empty());
  return true;
}

void Compose(const Context& context, std::vector<Reading>& readings) {
  // From the right: what an operator governs stands after it and is settled first.
  for (size_t i = readings.size(); i-- > 0;) {
    Reading& oper = readings[i];
    if (oper.sense->content.empty()) continue;
    const Reading* content = ContentOf(context, readings, oper);
    if (content != nullptr && IsOfAnotherVerb(context, oper, *content)) content = nullptr;
    const ontology::KindInfo* content_kind = content == nullptr ? nullptr : context.ontology.FindKind(content->kind);
    oper.kind = context.lexicon.KindOver(oper.sense->content, content_kind, GovernsClause(context, oper));
    if (oper.kind.empty()) continue;
    if (!FillParties(context, content, oper)) {
      oper.kind = {};
      continue;
    }
    if (content != nullptr) oper.score += kScorePerSide;
  }
  for (const Reading& oper : readings) {
    if (oper.sense->content.empty() || oper.sense->factive) continue;
    for (Reading& inner : readings) inner.governed |= Governs(context, oper, inner);
  }
  readings.erase(std::remove_if(readings.begin(), readings.end(), [](const Reading& reading) { return reading.kind.empty(); }),
                 readings.end());
}

void Compete(std::vector<Reading>& readings) {
  // What another act governs is none itself, and takes no words from one that is.
  std::stable_sort(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) {
    return std::tuple(a.governed, -a.score) < std::tuple(b.governed, -b.score);
  });
  std::vector<Reading> kept;
  for (Reading& reading : readings) {
    const bool taken = std::any_of(kept.begin(), kept.end(), [&](const Reading& other) {
      return other.anchor.trigger.overlaps(reading.anchor.trigger) && !TellOfTwo(other, reading);
    });
    if (!taken) kept.push_back(std::move(reading));
  }
  std::stable_sort(kept.begin(), kept.end(), [](const Reading& a, const Reading& b) { return a.anchor.head < b.anchor.head; });
  readings = std::move(kept);
}

}  // namespace demarche::frames
