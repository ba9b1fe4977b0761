#include "pipeline/actors/mention_maker.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

namespace demarche::actors {
namespace {

// Whether the role noun names an office that one person holds: 'the French president', not 'a French ambassador'.
bool IsHeldByOne(const Role& role) {
  static constexpr std::array<std::string_view, 8> kMany = {"counterpart",  "other_official", "ambassador",      "envoy",
                                                            "spokesperson", "legislator",     "deputy_minister", "minister"};
  if (role.role == "army_chief") return role.phrase.find("chief") != std::string_view::npos;
  return !role.role.empty() && std::find(kMany.begin(), kMany.end(), role.role) == kMany.end();
}

constexpr double kRoleNoun = 0.85, kOfficeHolder = 0.9, kFormerHolder = 0.4, kStaleHolder = 0.75;

}  // namespace

using document::Mention;
using document::MentionKind;

Mention MentionMaker::Make(int begin, int end, int head, MentionKind kind, v1::Actor actor, double certainty) const {
  Mention mention;
  mention.sentence = index_;
  mention.tokens = {static_cast<uint16_t>(begin), static_cast<uint16_t>(end)};
  mention.head = static_cast<uint16_t>(head);
  mention.kind = kind;
  mention.actor = std::move(actor);
  mention.actor.set_mention(Words(begin, end));
  mention.is_possessive = IsPossessiveMark(text(end));
  mention.certainty = certainty;
  return mention;
}

Mention MentionMaker::MakeRole(int begin, const RolePhrase& phrase, uint32_t body, double certainty, bool is_region) const {
  const Role& role = *phrase.role;
  v1::Actor actor = directory_.OfBody(body);
  const bool former = FormerBefore(begin) || FormerBefore(phrase.begin);
  actor.set_resolution(v1::ACTOR_RESOLUTION_ROLE);
  if (tables_.bodies[body].is_state) actor.set_sector(std::string(former ? "ELI" : role.sector));
  if (!phrase.is_plural && !former && !is_region && role.is_title && IsHeldByOne(role)) {
    const std::vector<uint32_t> holders = directory_.HoldersOf(role.role, body, day_);
    if (holders.size() == 1) {
      Resolved resolved = directory_.OfPerson(holders[0], day_, {phrase.role, body, {}});
      actor = std::move(resolved.actor);
      actor.set_resolution(v1::ACTOR_RESOLUTION_ROLE);
      certainty = std::min(kOfficeHolder, certainty + (kOfficeHolder - kRoleNoun));
    }
  }
  Mention mention = Make(begin, phrase.end, phrase.end - 1, MentionKind::kRole, std::move(actor),
                         former ? std::min(certainty, kFormerHolder) : certainty);
  mention.is_plural = phrase.is_plural || (role.role.empty() && IsPluralNoun(lower(phrase.end - 1)));
  mention.is_institution = role.is_institution && !phrase.is_plural;
  return mention;
}

std::pair<Mention, std::string> MentionMaker::MakePerson(int begin, int end, const Item& item, const StatedOffice& stated) const {
  uint32_t person = item.people[0];
  Resolved resolved = directory_.OfPerson(person, day_, stated);
  for (uint32_t other : item.people) {
    Resolved candidate = directory_.OfPerson(other, day_, stated);
    if (candidate.standing == Standing::kInOffice && candidate.actor.stated_office().empty() &&
        (resolved.standing != Standing::kInOffice || !resolved.actor.stated_office().empty())) {
      person = other;
      resolved = std::move(candidate);
    }
  }
  const bool exact = item.name->is_main;
  resolved.actor.set_resolution(exact ? v1::ACTOR_RESOLUTION_EXACT : v1::ACTOR_RESOLUTION_ALIAS);
  double certainty = item.certainty;
  std::string why = exact ? "full name" : "known name";
  if (resolved.standing != Standing::kInOffice) {
    certainty = std::min(certainty, kFormerHolder);
    absl::StrAppend(&why, resolved.standing == Standing::kFormer ? ", out of office on " : ", not yet in office on ", day_);
  } else {
    absl::StrAppend(&why, ", office held on ", day_);
    if (resolved.actor.office_stale()) {
      certainty = std::min(certainty, kStaleHolder);
      absl::StrAppend(&why, " unless somebody followed since");
    }
  }
  Mention mention = Make(begin, end, item.tokens.end - 1, MentionKind::kPerson, std::move(resolved.actor), certainty);
  return {std::move(mention), std::move(why)};
}

Mention MentionMaker::MakeUnlisted(int begin, int name_begin, int end, const RolePhrase& phrase, std::optional<uint32_t> body,
                                   double certainty) const {
  v1::Actor actor;
  if (body) {
    actor = directory_.OfBody(*body);
    actor.clear_entity_id();
    if (tables_.bodies[*body].is_state) actor.set_sector(std::string(phrase.role->sector));
    if (!phrase.role->role.empty()) actor.set_office(directory_.OfficeText(Words(phrase.begin, phrase.end), *body));
  }
  if (FormerBefore(begin) || FormerBefore(phrase.begin)) {
    actor.set_sector("ELI");
    actor.clear_office();
    actor.clear_organization_code();
    certainty = std::min(certainty, kFormerHolder);
  }
  actor.set_display_name(Words(name_begin, end));
  actor.set_resolution(v1::ACTOR_RESOLUTION_UNRESOLVED);
  return Make(begin, end, end - 1, MentionKind::kPerson, std::move(actor), certainty);
}

StatedOffice MentionMaker::Stated(const RolePhrase& phrase, std::optional<uint32_t> body, int begin) const {
  StatedOffice stated{phrase.role, body, {}, FormerBefore(begin) || FormerBefore(phrase.begin)};
  if (phrase.role->role.empty() || phrase.role->role == "counterpart" || phrase.role->role == "leader") {
    if (phrase.role->role != "leader" || !body) stated.role = nullptr;
    if (phrase.role->role.empty()) stated.body = std::nullopt;
  }
  std::string title = Words(phrase.begin, phrase.end);
  stated.text = body ? directory_.OfficeText(title, *body) : std::move(title);
  return stated;
}

std::optional<Apposition> MentionMaker::ReadApposition(int end, size_t next) const {
  if (lower(end) != ",") return std::nullopt;
  Apposition found;
  found.begin = end + 1;
  const bool indefinite = lower(found.begin) == "a" || lower(found.begin) == "an";
  while (lower(found.begin) == "the" || lower(found.begin) == "a" || lower(found.begin) == "an" || IsFormer(lower(found.begin)))
    ++found.begin;
  if (!ItemAt(next, found.begin)) return std::nullopt;
  const Item& item = items_[next];
  std::optional<RolePhrase> phrase;
  if (IsBodyItem(item)) {
    phrase = ReadRoleAfter(item.tokens.end, next + 1);
    found.body = item.body;
    if (phrase) found.end = phrase->end;
  } else if ((phrase = ReadRole(next))) {
    found.end = phrase->end;
    if (lower(found.end) == "of" || lower(found.end) == "for") {
      const int of = lower(found.end + 1) == "the" ? found.end + 2 : found.end + 1;
      if (ItemAt(phrase->next, of) && IsBodyItem(items_[phrase->next])) {
        found.body = items_[phrase->next].body;
        found.end = items_[phrase->next].tokens.end;
      }
    }
  }
  if (!phrase || phrase->is_plural || !(EndsAt(found.end) || (indefinite && !Capitalized(found.end)))) return std::nullopt;
  found.phrase = *phrase;
  return found;
}

}  // namespace demarche::actors
