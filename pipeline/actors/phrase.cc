#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/actors/article.h"
#include "pipeline/actors/coreference.h"
#include "pipeline/actors/lexicon.h"
#include "pipeline/actors/mention_maker.h"

namespace demarche::actors {
namespace {

using document::Mention;
using document::MentionKind;

constexpr double kRoleNoun = 0.85, kLocative = 0.5, kDateline = 0.4, kUnlisted = 0.8, kGuessed = 0.45, kDefault = 0.7,
                 kNearby = 0.75;

// Reads the items of one sentence from left to right and makes mentions of them: a state, a role noun and a name that belong
// together are one. Lives for one sentence.
class Composer : public MentionMaker {
 public:
  Composer(Article& article, uint32_t sentence, const std::vector<Item>& items)
      : MentionMaker(article, sentence, items), article_(article) {}

  void Run() {
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
  }

 private:
  int Compose(size_t index);
  int ComposeWord(int token);
  int ComposeName(int token);
  int ComposeBody(size_t index);
  int ComposePerson(size_t index);
  int ComposeNoun(size_t index);
  // Ways to read a role noun with no party before it: each gives the end of what it read, or nothing when it does not apply.
  std::optional<int> DescribeNamed(const Item& item);
  std::optional<int> RoleOfPronoun(int begin, const RolePhrase& phrase);
  std::optional<int> RoleWithStateAfter(int begin, const RolePhrase& phrase);
  int RoleAlone(int begin, const RolePhrase& phrase);
  std::optional<uint32_t> OwnerOf(const Role& role) const;
  static MentionKind KindOf(const Body& body) {
    if (body.is_state) return MentionKind::kState;
    return body.country_code.empty() ? MentionKind::kOrganization : MentionKind::kGroup;
  }
  bool IsDefinite(int begin) const {
    const std::string_view before = lower(begin - 1);
    return before == "the" || before == "this" || before == "that" || before == "its" || before == "their";
  }

  void Add(Mention mention, std::string_view why) {
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

  // Finishes a role phrase: a name after it ('President X', 'the president, X,') belongs to it. Returns the end.
  int FinishRole(int begin, const RolePhrase& phrase, std::optional<uint32_t> body, double certainty, std::string_view why,
                 bool is_region = false);
  void SpreadRole(size_t role_mention);
  void AddMembers(const Mention& group, const Body& body);

  Article& article_;
};

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
      const std::optional<uint32_t> home = body ? body : MainState(article_);
      Mention mention = MakeUnlisted(begin, name, end, phrase, home, body ? std::min(certainty, kUnlisted) : kGuessed);
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
    mention.certainty = kRoleNoun;
    begin = mention.tokens.begin;
  }
}

// 'the Baltic states': a mention of each member.
void Composer::AddMembers(const Mention& group, const Body& body) {
  for (uint32_t member : body.members) {
    v1::Actor actor = directory_.OfBody(member);
    actor.set_resolution(v1::ACTOR_RESOLUTION_ALIAS);
    Mention mention = Make(group.tokens.begin, group.tokens.end, group.head, MentionKind::kState, std::move(actor), group.certainty);
    mention.is_adjective = group.is_adjective;
    Add(std::move(mention), "member of the group");
  }
}

int Composer::ComposeBody(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin, end = item.tokens.end;
  const bool tied = (lower(end) == "-" && IsTiedTo(lower(end + 1))) || IsAttitude(begin);
  if (!tied) {
    if (const auto phrase = ReadRoleAfter(end, index + 1)) {
      const size_t before = article_.mentions.size();
      const int done = FinishRole(begin, *phrase, item.body, std::min(item.certainty, kRoleNoun), "role noun beside its state",
                                  item.name->is_region);
      if (article_.mentions.size() > before) SpreadRole(before);
      return done;
    }
  }
  v1::Actor actor = directory_.OfBody(item.body);
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
  mention.is_plural = mention.is_adjective ? IsPluralNoun(lower(end)) : item.kind == NameKind::kPeople && IsPluralNoun(lower(end - 1));
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
      return FinishRole(begin, *phrase, owner.tenure->body, kRoleNoun, "role noun beside a person in office");
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

// 'the alliance', 'the bloc'.
std::optional<int> Composer::DescribeNamed(const Item& item) {
  const int begin = item.tokens.begin;
  if (item.nouns.empty() || (lower(begin - 1) != "the" && lower(begin - 1) != "this")) return std::nullopt;
  auto found = LastOf(article_, item.nouns);
  if (!found) return std::nullopt;
  const auto body = std::find_if(item.nouns.begin(), item.nouns.end(),
                                 [&](uint32_t noun) { return tables_.bodies[noun].id == found->actor.entity_id(); });
  const MentionKind kind = KindOf(tables_.bodies[*body]);
  Add(Make(begin, item.tokens.end, item.tokens.end - 1, kind, std::move(found->actor), found->certainty),
      "description of one named before");
  return item.tokens.end;
}

// 'its ambassador', 'his government'.
std::optional<int> Composer::RoleOfPronoun(int begin, const RolePhrase& phrase) {
  const int name_at = lower(phrase.end) == "," ? phrase.end + 1 : phrase.end;
  const bool listed_follows = ItemAt(phrase.next, name_at) && items_[phrase.next].kind == NameKind::kPerson;
  if (!IsPronoun(lower(begin - 1)) || listed_follows || phrase.role->role == "counterpart") return std::nullopt;
  const std::vector<Antecedent> owners = OfPronoun(article_, index_, lower(begin - 1));
  if (owners.size() != 1) return std::nullopt;
  const v1::Actor& owner = owners[0].actor;
  const auto body = directory_.BodyOf(owner.organization_code().empty() ? owner.country_code() : owner.organization_code());
  if (!body) return std::nullopt;
  return FinishRole(begin, phrase, body, owners[0].certainty, "role noun of one named before");
}

// 'the army of Chad', 'the foreign ministry in Tehran', 'police in Kenya'.
std::optional<int> Composer::RoleWithStateAfter(int begin, const RolePhrase& phrase) {
  const std::string_view preposition = lower(phrase.end);
  if (preposition != "of" && preposition != "in" && preposition != "from" && preposition != "for") return std::nullopt;
  const int name = lower(phrase.end + 1) == "the" ? phrase.end + 2 : phrase.end + 1;
  if (!ItemAt(phrase.next, name) || (preposition == "for" && phrase.role->role.empty())) return std::nullopt;
  const Item& place = items_[phrase.next];
  if (!IsBodyItem(place) || IsAdjectiveItem(place)) return std::nullopt;
  const bool inside = preposition != "of";
  if (inside && !phrase.role->may_be_bare && place.kind == NameKind::kOrganization) return std::nullopt;
  RolePhrase whole = phrase;
  if (!inside) {
    whole.end = place.tokens.end;
    whole.next = phrase.next + 1;
  }
  const size_t first = article_.mentions.size();
  const int done = FinishRole(begin, whole, place.body, std::min(kRoleNoun, inside ? kNearby : kRoleNoun),
                              "role noun with its state after it", place.name->is_region);
  if (article_.mentions.size() > first && article_.mentions.back().kind == MentionKind::kRole) {
    article_.mentions.back().head = phrase.end - 1;
  }
  return done;
}

// The state of a role noun that stands alone: that of the office, of the place in the sentence, of the dateline for people in the
// street, of the article.
std::optional<uint32_t> Composer::OwnerOf(const Role& role) const {
  if (const auto body = directory_.BodyOf(role.body)) return body;
  if (const auto place = PlaceInSentence()) return place;
  const bool local = role.sector == "CVL" || role.sector == "UAF" || role.sector == "COP";
  if (local && article_.dateline) return article_.dateline;
  const auto main = MainState(article_);
  return main ? main : article_.dateline;
}

// 'the president', 'police': of one named before, of the state that the office means, or of where the sentence is set.
int Composer::RoleAlone(int begin, const RolePhrase& phrase) {
  const bool of_others = begin > 1 && Capitalized(begin - 1) && !IsFunctionWord(lower(begin - 1));  // 'Western forces'
  if ((!phrase.role->may_be_bare || of_others) && phrase.role->body.empty()) return phrase.end;
  if (!phrase.is_plural && IsDefinite(begin)) {
    if (auto holder = LastHolder(article_, *phrase.role)) {
      Add(Make(begin, phrase.end, phrase.end - 1, MentionKind::kRole, std::move(holder->actor), holder->certainty),
          "holder of the office named before");
      return phrase.end;
    }
  }
  if (const auto body = directory_.BodyOf(phrase.role->body)) {
    Add(MakeRole(begin, phrase, *body, kDefault), "office of this state alone");
    return phrase.end;
  }
  if (phrase.is_plural && !phrase.role->role.empty()) return phrase.end;  // 'foreign ministers' of whom?
  if (const auto state = OwnerOf(*phrase.role)) Add(MakeRole(begin, phrase, *state, kGuessed), "state where this is set");
  return phrase.end;
}

// A role noun with no party before it.
int Composer::ComposeNoun(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin;
  if (const auto end = DescribeNamed(item)) return *end;
  if (item.kind != NameKind::kRole) return item.tokens.end;
  const RolePhrase phrase = *ReadRole(index);
  if (const auto end = RoleOfPronoun(begin, phrase)) return *end;
  if (const auto end = RoleWithStateAfter(begin, phrase)) return *end;
  const int named = FinishRole(begin, phrase, std::nullopt, kGuessed, "");
  return named != begin ? named : RoleAlone(begin, phrase);
}

int Composer::Compose(size_t index) {
  switch (items_[index].kind) {
    case NameKind::kNothing:
      return items_[index].tokens.end;
    case NameKind::kPerson:
      return ComposePerson(index);
    case NameKind::kRole:
    case NameKind::kOrganizationNoun:
      return ComposeNoun(index);
    default:
      return ComposeBody(index);
  }
}

// A name that no table knows: one of the article, or 'Jan Tamberg, the Estonian envoy,'.
int Composer::ComposeName(int token) {
  if (const auto known = article_.unlisted.find(Fold(text(token))); known != article_.unlisted.end()) {
    Add(Make(token, token + 1, token, MentionKind::kPerson, known->second, kUnlisted), "named before");
    return token + 1;
  }
  const int end = UnlistedNameEnd(token);
  if (end < token + 2 || IsFunctionWord(lower(token))) return token + 1;
  if (const auto known = article_.unlisted.find(Fold(text(end - 1))); known != article_.unlisted.end()) {
    Add(Make(token, end, end - 1, MentionKind::kPerson, known->second, kUnlisted), "named before");
    return end;
  }
  const auto next = std::find_if(items_.begin(), items_.end(), [&](const Item& item) { return item.tokens.begin >= end; });
  const auto apposition = ReadApposition(end, next - items_.begin());
  if (!apposition || apposition->phrase.role->role.empty()) return token + 1;
  const std::optional<uint32_t> body = apposition->body ? apposition->body : OwnerOf(*apposition->phrase.role);
  if (!body) return token + 1;
  Mention mention = MakeUnlisted(apposition->begin, token, end, apposition->phrase, body, apposition->body ? kUnlisted : kGuessed);
  mention.tokens = {static_cast<uint16_t>(token), static_cast<uint16_t>(apposition->end)};
  mention.actor.set_mention(Words(token, apposition->end));
  article_.unlisted[Fold(text(end - 1))] = mention.actor;
  Add(std::move(mention), "not in the tables; office as the apposition says");
  return apposition->end;
}

// Pronouns, pairs, and surnames of people of the text alone.
int Composer::ComposeWord(int token) {
  const std::string_view word = lower(token);
  std::vector<Antecedent> found;
  int end = token + 1;
  if (IsPronoun(word)) {
    found = OfPronoun(article_, index_, word);
  } else if (word == "the" && IsCountryNoun(lower(token + 1))) {
    found = OfPronoun(article_, index_, "it");
    ++token;
    end = token + 1;
  } else if (word == "both" || (word == "two" && lower(token - 1) == "the")) {
    const PairNoun noun = PairNounOf(lower(token + 1));
    const bool verb_follows = token + 1 < size() && (sentence_.tokens[token + 1].upos == document::Upos::kVerb ||
                                                     sentence_.tokens[token + 1].upos == document::Upos::kAux);
    const bool alone = verb_follows || (word == "both" && EndsAt(token + 1));
    if (noun != PairNoun::kNone || alone) found = LastTwo(article_, index_, noun == PairNoun::kStates);
    if (noun != PairNoun::kNone) end = token + 2;
  } else if (Capitalized(token)) {
    return ComposeName(token);
  }
  for (Antecedent& antecedent : found) {
    Add(Make(token, end, end - 1, MentionKind::kPronoun, std::move(antecedent.actor), antecedent.certainty), "refers back");
  }
  return end;
}

}  // namespace

void AddMentions(Article& article, uint32_t sentence, const std::vector<Item>& items) { Composer(article, sentence, items).Run(); }

}  // namespace demarche::actors
