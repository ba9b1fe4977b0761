#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/actors/article.h"
#include "pipeline/actors/coreference.h"
#include "pipeline/actors/lexicon.h"

namespace demarche::actors {
namespace {

using document::Mention;
using document::MentionKind;
using document::Sentence;
using document::Token;
using document::TokenRange;

constexpr int kMaxModifiers = 3;  // words between a state and its role noun
constexpr int kMaxNameWords = 5;  // of a person no table knows
constexpr double kRoleNoun = 0.85, kHolder = 0.9, kLocative = 0.5, kFormerHolder = 0.4, kDateline = 0.4, kUnlisted = 0.8,
                 kGuessed = 0.45, kDefault = 0.7, kNearby = 0.75;

// Reads the items of one sentence from left to right and makes mentions of them: a state, a role noun and a name that belong
// together are one. Lives for one sentence.
class Composer {
 public:
  Composer(Article& article, uint32_t sentence, const std::vector<Item>& items)
      : article_(article),
        directory_(article.directory),
        tables_(article.directory.tables()),
        sentence_(article.document.sentences[sentence]),
        index_(sentence),
        items_(items) {}

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
  // A role noun with its words and the item after it.
  struct RolePhrase {
    const Role* role = nullptr;
    bool is_plural = false;
    int begin = 0;
    int end = 0;
    size_t next = 0;
  };

  int size() const { return static_cast<int>(sentence_.tokens.size()); }
  std::string_view lower(int token) const {
    return token >= 0 && token < size() ? sentence_.tokens[token].lower : std::string_view();
  }
  std::string_view text(int token) const {
    return token >= 0 && token < size() ? sentence_.tokens[token].text : std::string_view();
  }
  bool Capitalized(int token) const { return !text(token).empty() && text(token)[0] >= 'A' && text(token)[0] <= 'Z'; }
  // A word that may stand between a state and its role noun.
  bool IsModifierAt(int token) const {
    if (token < 0 || token >= size()) return false;
    const document::Upos upos = sentence_.tokens[token].upos;
    if (IsModifier(lower(token))) return true;
    return !Capitalized(token) && (upos == document::Upos::kAdj || upos == document::Upos::kNum) && !IsFunctionWord(lower(token));
  }
  bool EndsAt(int token) const { return token >= size() || EndsPhrase(text(token)); }
  bool IsBodyItem(const Item& item) const {
    return item.kind != NameKind::kPerson && item.kind != NameKind::kRole && item.kind != NameKind::kNothing &&
           item.kind != NameKind::kOrganizationNoun;
  }
  bool IsAdjectiveItem(const Item& item) const {
    return item.kind == NameKind::kAdjective || item.kind == NameKind::kOrganizationAdjective;
  }
  bool ItemAt(size_t item, int token) const { return item < items_.size() && items_[item].tokens.begin == token; }
  bool IsNoun(const Item& item) const { return item.kind == NameKind::kRole || item.kind == NameKind::kOrganizationNoun; }

  std::string Words(int begin, int end) const {
    const document::Span span = SpanOf(sentence_, {static_cast<uint16_t>(begin), static_cast<uint16_t>(end)});
    return article_.document.text(sentence_.field).text.substr(span.begin, span.size());
  }

  bool FormerBefore(int token) const {
    return IsFormer(lower(token - 1)) || (lower(token - 1) == "-" && IsFormer(lower(token - 2)));
  }

  int Compose(size_t item);
  int ComposeWord(int token);
  int ComposeBody(size_t item);
  int ComposePerson(size_t item);
  int ComposeNoun(size_t item);

  // The role noun that begins with `item`; its head is the last of several ('foreign ministry spokeswoman').
  std::optional<RolePhrase> ReadRole(size_t item) const {
    if (item >= items_.size() || items_[item].kind != NameKind::kRole) return std::nullopt;
    RolePhrase phrase;
    phrase.begin = items_[item].tokens.begin;
    for (;; ++item) {
      phrase.role = &tables_.roles[items_[item].name->index];
      phrase.is_plural = items_[item].name->is_plural;
      phrase.end = items_[item].tokens.end;
      phrase.next = item + 1;
      int after = phrase.end;
      while (item + 1 < items_.size() && after < items_[item + 1].tokens.begin && after < phrase.end + 2 &&
             (IsModifierAt(after) || IsPossessiveMark(text(after)))) {
        ++after;
      }
      if (!ItemAt(item + 1, after) || items_[item + 1].kind != NameKind::kRole) return phrase;
    }
  }

  // The role noun that belongs to the party before it, which ends at token `end`: 'Russian [naval] forces'.
  std::optional<RolePhrase> ReadRoleAfter(int end, size_t next) const {
    int token = end;
    if (IsPossessiveMark(text(token))) ++token;
    for (int skipped = 0; skipped <= kMaxModifiers; ++skipped, ++token) {
      if (ItemAt(next, token)) {
        if (items_[next].kind == NameKind::kRole) return ReadRole(next);
        // 'Israel's defence ministry' may begin with a word that is a name of its own kind.
        return std::nullopt;
      }
      if (lower(token) == "-" && token > end && IsModifierAt(token - 1)) continue;
      if (token >= size() || !IsModifierAt(token)) return std::nullopt;
    }
    return std::nullopt;
  }

  // The words of a name that no table knows, from `token`; returns its end.
  int UnlistedNameEnd(int token) const {
    int end = token, words = 0;
    for (; end < size() && words < kMaxNameWords; ++end) {
      if (text(end) == "-" && words > 0 && Capitalized(end + 1) &&
          sentence_.tokens[end].span.begin == sentence_.tokens[end - 1].span.end)
        continue;
      const bool taken = std::any_of(items_.begin(), items_.end(),
                                     [&](const Item& item) { return item.tokens.contains(end) && item.kind != NameKind::kPerson; });
      if (taken || IsMonthOrDay(lower(end)) || (Capitalized(end) && IsFunctionWord(lower(end)))) break;
      if (Capitalized(end)) {
        ++words;
      } else if (words == 0 || !IsNameParticle(lower(end)) || !(Capitalized(end + 1) || text(end + 1) == "-")) {
        break;
      }
    }
    while (end > token && !Capitalized(end - 1)) --end;
    return end;
  }

  Mention Make(int begin, int end, int head, MentionKind kind, v1::Actor actor, double certainty) const {
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

  // The role noun of a body, without a name: 'the Ukrainian president', 'Russian troops'.
  Mention MakeRole(int begin, const RolePhrase& phrase, uint32_t body, double certainty, bool is_region = false) const {
    const Role& role = *phrase.role;
    v1::Actor actor = directory_.OfBody(body);
    const bool former = FormerBefore(begin) || FormerBefore(phrase.begin);
    actor.set_resolution(v1::ACTOR_RESOLUTION_ROLE);
    if (tables_.bodies[body].is_state) actor.set_sector(std::string(former ? "ELI" : role.sector));
    if (!phrase.is_plural && !former && !is_region && !role.role.empty() && role.role != "counterpart" &&
        role.role != "other_official" && role.is_title) {
      const std::vector<uint32_t> holders = directory_.HoldersOf(role.role, body, article_.day);
      if (holders.size() == 1) {
        Resolved resolved = directory_.OfPerson(holders[0], article_.day, {phrase.role, body, {}});
        actor = std::move(resolved.actor);
        actor.set_resolution(v1::ACTOR_RESOLUTION_ROLE);
        certainty = std::min(kHolder, certainty + (kHolder - kRoleNoun));
      }
    }
    return Make(begin, phrase.end, phrase.end - 1, MentionKind::kRole, std::move(actor),
                former ? std::min(certainty, kFormerHolder) : certainty);
  }

  // A listed person whom the text may give an office.
  std::pair<Mention, std::string> MakePerson(int begin, int end, const Item& item, const StatedOffice& stated) const {
    uint32_t person = item.people[0];
    Resolved resolved = directory_.OfPerson(person, article_.day, stated);
    for (uint32_t other : item.people) {
      Resolved candidate = directory_.OfPerson(other, article_.day, stated);
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
      absl::StrAppend(&why, resolved.standing == Standing::kFormer ? ", out of office on " : ", not yet in office on ",
                      article_.day);
    } else {
      absl::StrAppend(&why, ", office held on ", article_.day);
    }
    Mention mention = Make(begin, end, item.tokens.end - 1, MentionKind::kPerson, std::move(resolved.actor), certainty);
    return {std::move(mention), std::move(why)};
  }

  // A person of the text alone.
  Mention MakeUnlisted(int begin, int name_begin, int end, const RolePhrase& phrase, std::optional<uint32_t> body,
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

  // The only state or place that stands after 'in', 'at' or 'near'.
  std::optional<uint32_t> PlaceInSentence() const {
    std::optional<uint32_t> place;
    for (const Item& item : items_) {
      const int before = lower(item.tokens.begin - 1) == "the" ? item.tokens.begin - 2 : item.tokens.begin - 1;
      if (!IsBodyItem(item) || IsAdjectiveItem(item) || !tables_.bodies[item.body].is_state || !IsLocative(lower(before))) continue;
      if (place && *place != item.body) return std::nullopt;
      place = item.body;
    }
    return place;
  }

  // 'pro-Beijing', 'anti-Russian', in one token or three.
  bool IsAttitude(int token) const {
    const auto is_prefix = [](std::string_view word) { return word == "pro" || word == "anti" || word == "non"; };
    const size_t hyphen = lower(token).find('-');
    return (hyphen != std::string_view::npos && is_prefix(lower(token).substr(0, hyphen))) ||
           (lower(token - 1) == "-" && is_prefix(lower(token - 2)));
  }

  // 'SUVA (Reuters) -', 'Suva, 3 May -'
  bool IsDateline(const Item& item) const {
    if (item.tokens.begin != 0 || item.tokens.end >= size()) return false;
    const std::string_view next = text(item.tokens.end);
    const bool capitals =
        text(0) != lower(0) && std::none_of(text(0).begin(), text(0).end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return next == "(" || next == "-" || next == "--" || next == "\xE2\x80\x94" || next == "\xE2\x80\x93" ||
           (capitals && next == ",") ||
           (next == "," && (IsMonthOrDay(lower(item.tokens.end + 1)) || IsMonthOrDay(lower(item.tokens.end + 2))));
  }

  StatedOffice Stated(const RolePhrase& phrase, std::optional<uint32_t> body, int begin) const {
    StatedOffice stated{phrase.role, body, {}, FormerBefore(begin) || FormerBefore(phrase.begin)};
    if (phrase.role->role.empty() || phrase.role->role == "counterpart" || phrase.role->role == "leader") {
      if (phrase.role->role != "leader" || !body) stated.role = nullptr;
      if (phrase.role->role.empty()) stated.body = std::nullopt;
    }
    std::string title = Words(phrase.begin, phrase.end);
    stated.text = body ? directory_.OfficeText(title, *body) : std::move(title);
    return stated;
  }

  // Finishes a role phrase: a name after it ('President X', 'the president, X,') belongs to it. Returns the end.
  int FinishRole(int begin, const RolePhrase& phrase, std::optional<uint32_t> body, double certainty, std::string_view why,
                 bool is_region = false);
  // ', the Estonian prime minister,' after a person. Returns the end of the apposition or `end`.
  int ReadApposition(int end, size_t next, StatedOffice& stated) const;
  void SpreadRole(size_t role_mention);

  Article& article_;
  const Directory& directory_;
  const Tables& tables_;
  const Sentence& sentence_;
  const uint32_t index_;
  const std::vector<Item>& items_;
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
  if (is_seat && IsDateline(item)) certainty = std::min(certainty, kDateline);
  const Body& body = tables_.bodies[item.body];
  const MentionKind kind = body.is_state               ? MentionKind::kState
                           : body.country_code.empty() ? MentionKind::kOrganization
                                                       : MentionKind::kGroup;
  Mention mention = Make(begin, end, end - 1, kind, std::move(actor), certainty);
  // 'the French agreed' names a party, 'French gas' does not.
  const bool noun_follows = !EndsAt(end) && !IsFunctionWord(lower(end)) && !IsPossessiveMark(text(end));
  const bool coordinated = (lower(end) == "and" || lower(end) == "," || lower(end) == "-") && index + 1 < items_.size() &&
                           items_[index + 1].tokens.begin <= end + 2 && IsAdjectiveItem(items_[index + 1]);
  mention.is_adjective = tied || (IsAdjectiveItem(item) && (noun_follows || coordinated));
  Add(std::move(mention), is_seat ? "seat or place of the state" : "name");
  return end;
}

int Composer::ReadApposition(int end, size_t next, StatedOffice& stated) const {
  if (lower(end) != ",") return end;
  int token = end + 1;
  while (lower(token) == "the" || lower(token) == "a" || lower(token) == "an" || IsFormer(lower(token))) ++token;
  if (!ItemAt(next, token)) return end;
  const Item& item = items_[next];
  std::optional<RolePhrase> phrase;
  std::optional<uint32_t> body;
  int done = 0;
  if (IsBodyItem(item)) {
    phrase = ReadRoleAfter(item.tokens.end, next + 1);
    body = item.body;
    if (phrase) done = phrase->end;
  } else if ((phrase = ReadRole(next))) {
    done = phrase->end;
    if (lower(done) == "of" || lower(done) == "for") {
      const int of = lower(done + 1) == "the" ? done + 2 : done + 1;
      if (ItemAt(phrase->next, of) && IsBodyItem(items_[phrase->next])) {
        body = items_[phrase->next].body;
        done = items_[phrase->next].tokens.end;
      }
    }
  }
  if (!phrase || phrase->is_plural || !EndsAt(done)) return end;
  stated = Stated(*phrase, body, token);
  return done;
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
  const int done = ReadApposition(end, index + 1, stated);
  stated.is_former |= FormerBefore(begin);
  auto [mention, why] = MakePerson(begin, done, item, stated);
  Add(std::move(mention), why);
  return done;
}

// A role noun with no party before it.
int Composer::ComposeNoun(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin;
  const std::string_view before = lower(begin - 1);
  const bool definite = before == "the" || before == "this" || before == "that" || before == "its" || before == "their";
  if (!item.nouns.empty() && (before == "the" || before == "this")) {
    if (auto found = LastOf(article_, item.nouns)) {
      const Body* body = &tables_.bodies[*directory_.BodyOf("UN")];
      for (uint32_t noun : item.nouns) body = tables_.bodies[noun].id == found->actor.entity_id() ? &tables_.bodies[noun] : body;
      const MentionKind kind = body->country_code.empty() ? MentionKind::kOrganization : MentionKind::kGroup;
      Add(Make(begin, item.tokens.end, item.tokens.end - 1, kind, std::move(found->actor), found->certainty),
          "description of one named before");
      return item.tokens.end;
    }
  }
  if (item.kind != NameKind::kRole) return item.tokens.end;
  RolePhrase phrase = *ReadRole(index);
  int after = phrase.end;
  // 'its ambassador', 'his government'
  const int name_at = lower(phrase.end) == "," ? phrase.end + 1 : phrase.end;
  const bool listed_follows = ItemAt(phrase.next, name_at) && items_[phrase.next].kind == NameKind::kPerson;
  if (IsPronoun(before) && !listed_follows) {
    const std::vector<Antecedent> owners = OfPronoun(article_, index_, before);
    if (owners.size() == 1) {
      const std::string& code =
          owners[0].actor.organization_code().empty() ? owners[0].actor.country_code() : owners[0].actor.organization_code();
      if (const auto body = directory_.BodyOf(code); body && phrase.role->role != "counterpart") {
        return FinishRole(begin, phrase, body, owners[0].certainty, "role noun of one named before");
      }
    }
  }
  // 'the army of Chad', 'the foreign ministry in Tehran', 'police in Kenya'
  if (lower(after) == "of" || lower(after) == "in" || lower(after) == "from" || lower(after) == "for") {
    const int name = lower(after + 1) == "the" ? after + 2 : after + 1;
    if (ItemAt(phrase.next, name) && IsBodyItem(items_[phrase.next]) && !IsAdjectiveItem(items_[phrase.next]) &&
        (lower(after) != "for" || phrase.role->role != "")) {
      const Item& place = items_[phrase.next];
      const bool inside = lower(after) != "of";
      const bool takes_part = !inside || phrase.role->may_be_bare || place.kind != NameKind::kOrganization;
      if (takes_part) {
        RolePhrase whole = phrase;
        if (!inside) whole.end = place.tokens.end, whole.next = phrase.next + 1;
        const double certainty = std::min(kRoleNoun, inside ? kNearby : kRoleNoun);
        const size_t first = article_.mentions.size();
        const int done =
            FinishRole(begin, whole, place.body, certainty, "role noun with its state after it", place.name->is_region);
        if (article_.mentions.size() > first && article_.mentions.back().kind == MentionKind::kRole)
          article_.mentions.back().head = phrase.end - 1;
        return done;
      }
    }
  }
  const int named = FinishRole(begin, phrase, std::nullopt, kGuessed, "");
  if (named != begin) return named;
  if (!phrase.role->may_be_bare && phrase.role->body.empty()) return phrase.end;
  if (!phrase.is_plural && definite) {
    if (auto holder = LastHolder(article_, *phrase.role)) {
      Add(Make(begin, phrase.end, phrase.end - 1, MentionKind::kRole, std::move(holder->actor), holder->certainty),
          "holder of the office named before");
      return phrase.end;
    }
  }
  if (const auto body = directory_.BodyOf(phrase.role->body); body && !phrase.role->body.empty()) {
    Add(MakeRole(begin, phrase, *body, kDefault), "office of this state alone");
    return phrase.end;
  }
  if (phrase.is_plural && !phrase.role->role.empty()) return phrase.end;  // 'foreign ministers' of whom?
  if (const auto place = PlaceInSentence()) {
    Add(MakeRole(begin, phrase, *place, kGuessed), "state where the sentence is set");
    return phrase.end;
  }
  if (const auto state = MainState(article_)) Add(MakeRole(begin, phrase, *state, kGuessed), "state of the article");
  return phrase.end;
}

int Composer::Compose(size_t item) {
  switch (items_[item].kind) {
    case NameKind::kNothing:
      return items_[item].tokens.end;
    case NameKind::kPerson:
      return ComposePerson(item);
    case NameKind::kRole:
    case NameKind::kOrganizationNoun:
      return ComposeNoun(item);
    default:
      return ComposeBody(item);
  }
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
    if (noun != PairNoun::kNone || verb_follows) found = LastTwo(article_, index_, noun == PairNoun::kStates);
    if (noun != PairNoun::kNone) end = token + 2;
  } else if (Capitalized(token) && !article_.unlisted.empty()) {
    if (const auto known = article_.unlisted.find(Fold(text(token))); known != article_.unlisted.end()) {
      Mention mention = Make(token, end, token, MentionKind::kPerson, known->second, kUnlisted);
      Add(std::move(mention), "named before");
    }
    return end;
  }
  for (Antecedent& antecedent : found) {
    Add(Make(token, end, end - 1, MentionKind::kPronoun, std::move(antecedent.actor), antecedent.certainty), "refers back");
  }
  return end;
}

}  // namespace

void AddMentions(Article& article, uint32_t sentence, const std::vector<Item>& items) { Composer(article, sentence, items).Run(); }

}  // namespace demarche::actors
