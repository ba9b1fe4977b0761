#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/actors/composer.h"
#include "pipeline/actors/coreference.h"
#include "pipeline/actors/lexicon.h"

namespace demarche::actors {
namespace {

using document::Mention;
using document::MentionKind;

constexpr double kLocative = 0.5, kDateline = 0.4;

// Whether a plural of this sort is several people: 'Russians', 'EU leaders', but not 'the Netherlands'.
bool SeveralPeople(const Item& item) {
  return item.kind == NameKind::kPeople || (item.kind == NameKind::kOrganization && !item.name->is_main);
}

}  // namespace

void Composer::Run() {
  size_t item = 0;
  for (int token = 0; token < size();) {
    while (item < items_.size() && items_[item].tokens.begin < token) ++item;
    if (item < items_.size() && items_[item].tokens.begin == token) {
      const int end = Compose(item);
      token = std::max<int>(end, items_[item].tokens.end);
    } else {
      token = ComposeWord(token);
    }
  }
  ResolveForward();
}

void Composer::Add(Mention mention, std::string_view why) {
  const v1::Actor& actor = mention.actor;
  if (article_.document.trace != nullptr) {
    const std::string& code = actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
    article_.document.Note(
        sentence_, SpanOf(sentence_, mention.tokens),
        absl::StrCat(actor.mention(), " = ", actor.display_name(), code.empty() ? "" : " (", code, code.empty() ? "" : ")",
                     actor.office().empty() ? "" : ", ", actor.office(), ": ", View(why)));
  }
  article_.mentions.push_back(std::move(mention));
}

int Composer::FinishRole(int begin, const RolePhrase& phrase, std::optional<uint32_t> body, double certainty, std::string_view why,
                         bool is_region) {
  const bool may_name = !phrase.is_plural && (phrase.role->is_title || !phrase.role->role.empty());
  if (may_name) {
    const bool comma = lower(phrase.end) == ",";
    const int name = comma ? phrase.end + 1 : phrase.end;
    if (ItemAt(phrase.next, name) && items_[phrase.next].kind == NameKind::kPerson) {
      const Item& item = items_[phrase.next];
      if (!comma || EndsAt(item.tokens.end)) {
        auto [mention, how] = MakePerson(begin, item.tokens.end, item, Stated(phrase, body, begin));
        Add(std::move(mention), how);
        return item.tokens.end;
      }
    }
    const int end = phrase.role->is_title && Capitalized(name) && (!comma || body) ? UnlistedNameEnd(name) : name;
    if (end > name && (!comma || (EndsAt(end) && end < size()))) {
      const auto known = article_.unlisted.find(Fold(text(end - 1)));
      if (!body && known != article_.unlisted.end()) {
        Mention mention = Make(begin, end, end - 1, MentionKind::kPerson, known->second, kUnlisted);
        Add(std::move(mention), "named before");
        return end;
      }
      const std::optional<uint32_t> owner = body ? body : BodyBefore(begin);
      const std::optional<uint32_t> home = owner ? owner : Setting(article_);
      Mention mention = MakeUnlisted(begin, name, end, phrase, home,
                                     body    ? std::min(certainty, kUnlisted)
                                     : owner ? kNearby
                                             : kGuessed);
      article_.unlisted[Fold(text(end - 1))] = mention.actor;
      Add(std::move(mention), body ? "not in the tables; office as the text says" : "not in the tables; state of the article");
      return end;
    }
  }
  if (!body) return begin;
  Add(MakeRole(begin, phrase, *body, certainty, is_region), why);
  return phrase.end;
}

// 'Russian and Ukrainian officials': the role noun of the last adjective holds for those coordinated with it.
void Composer::SpreadRole(size_t role_mention) {
  const Mention& role = article_.mentions[role_mention];
  const std::string sector = role.actor.sector();
  int begin = role.tokens.begin;
  for (size_t i = role_mention; i-- > 0 && article_.mentions[i].sentence == index_;) {
    Mention& mention = article_.mentions[i];
    if (!mention.is_adjective || mention.tokens.end >= begin) return;
    for (int token = mention.tokens.end; token < begin; ++token) {
      if (lower(token) != "and" && lower(token) != "," && lower(token) != "or" && lower(token) != "-" && lower(token) != "/")
        return;
    }
    mention.is_adjective = false;
    mention.kind = MentionKind::kRole;
    mention.actor.set_resolution(v1::ACTOR_RESOLUTION_ROLE);
    if (mention.actor.organization_code().empty()) mention.actor.set_sector(sector);
    mention.certainty = kRoleNounCertainty;
    begin = mention.tokens.begin;
  }
}

// 'the Baltic states': a mention of each member.
void Composer::AddMembers(const Mention& group, const Body& body) {
  for (uint32_t member : body.members) {
    v1::Actor actor = directory_.OfBody(member);
    actor.set_resolution(v1::ACTOR_RESOLUTION_ALIAS);
    Mention mention =
        Make(group.tokens.begin, group.tokens.end, group.head, MentionKind::kState, std::move(actor), group.certainty);
    mention.is_adjective = group.is_adjective;
    Add(std::move(mention), "member of the group");
  }
}

std::optional<uint32_t> Composer::OwnerRightBefore(int token) const {
  if (article_.mentions.empty() || token < 2 || !IsPossessiveMark(text(token - 1))) return std::nullopt;
  const Mention& before = article_.mentions.back();
  return before.sentence == index_ && before.tokens.end == token - 1 ? BodyOf(before.actor) : std::nullopt;
}

int Composer::ComposeBody(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin, end = item.tokens.end;
  if (IsNotOf(begin)) return end;
  const bool tied = (lower(end) == "-" && IsTiedTo(lower(end + 1))) || IsAttitude(begin);
  if (!tied) {
    if (const auto phrase = ReadRoleAfter(end, index + 1)) {
      const size_t before = article_.mentions.size();
      const int done = FinishRole(begin, *phrase, item.body, std::min(item.certainty, kRoleNounCertainty),
                                  "role noun beside its state", item.name->is_region);
      if (article_.mentions.size() > before) SpreadRole(before);
      return done;
    }
  }
  const std::optional<uint32_t> home = SeveralPeople(item) ? OwnerRightBefore(begin) : std::nullopt;  // 'Bosnia's Serbs'
  v1::Actor actor = directory_.OfBody(home.value_or(item.body));
  if (item.name->sector.size() == 3) actor.set_sector(std::string(item.name->sector));
  const bool is_seat = item.kind == NameKind::kSeat || item.kind == NameKind::kPlace;
  actor.set_resolution(is_seat              ? v1::ACTOR_RESOLUTION_METONYM
                       : item.name->is_main ? v1::ACTOR_RESOLUTION_EXACT
                                            : v1::ACTOR_RESOLUTION_ALIAS);
  double certainty = item.certainty;
  const int before = lower(begin - 1) == "the" ? begin - 2 : begin - 1;
  if (item.kind != NameKind::kOrganization && IsLocative(lower(before))) certainty = std::min(certainty, kLocative);
  if (is_seat && IsDateline(item)) {
    certainty = std::min(certainty, kDateline);
    if (!article_.dateline && tables_.bodies[item.body].is_state) article_.dateline = item.body;
  }
  const Body& body = tables_.bodies[item.body];
  Mention mention = Make(begin, end, end - 1, KindOf(body), std::move(actor), certainty);
  // 'the French agreed' names a party, 'French gas' does not.
  const bool noun_follows = !EndsAt(end) && !IsFunctionWord(lower(end)) && !IsPossessiveMark(text(end));
  const bool coordinated = (lower(end) == "and" || lower(end) == "," || lower(end) == "-") && index + 1 < items_.size() &&
                           items_[index + 1].tokens.begin <= end + 2 && IsAdjectiveItem(items_[index + 1]);
  mention.is_adjective = tied || (IsAdjectiveItem(item) && (noun_follows || coordinated));
  mention.is_plural = mention.is_adjective ? IsPluralNoun(lower(end)) : SeveralPeople(item) && IsPluralNoun(lower(end - 1));
  if (body.stands_for_members()) {
    AddMembers(mention, body);
  } else {
    Add(std::move(mention), is_seat ? "seat or place of the state" : "name");
  }
  return end;
}

int Composer::ComposePerson(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin, end = item.tokens.end;
  if (item.is_weak && !IsCourtesyTitle(lower(begin - 1))) {
    // A common name without its full name in the article: no party, unless a title stood before it, which took it already.
    return ComposeWord(begin);
  }
  if (const auto phrase = ReadRoleAfter(end, index + 1)) {
    const Resolved owner = directory_.OfPerson(item.people[0], article_.day, {});
    if (owner.standing == Standing::kInOffice && phrase->role->role != "counterpart") {
      return FinishRole(begin, *phrase, owner.tenure->body, kRoleNounCertainty, "role noun beside a person in office");
    }
  }
  StatedOffice stated;
  int done = end;
  if (const auto apposition = ReadApposition(end, index + 1)) {
    stated = Stated(apposition->phrase, apposition->body, apposition->begin);
    done = apposition->end;
  }
  stated.is_former |= FormerBefore(begin);
  auto [mention, why] = MakePerson(begin, done, item, stated);
  Add(std::move(mention), why);
  return done;
}

}  // namespace demarche::actors
