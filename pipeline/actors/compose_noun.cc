#include <algorithm>
#include <optional>
#include <utility>

#include "pipeline/actors/composer.h"
#include "pipeline/actors/coreference.h"
#include "pipeline/actors/lexicon.h"
#include "pipeline/actors/subject.h"
#include "pipeline/document/relation.h"

namespace demarche::actors {
namespace {

using document::Mention;
using document::MentionKind;

namespace relation = document::relation;

constexpr double kDefault = 0.7;
constexpr uint32_t kIntroducedWithin = 5, kNamesakeWithin = 5;  // sentences

}  // namespace

// Whether 'the pact' is 'a military pact that Chad signed' of this sentence or of the few before it.
bool Composer::IsIntroduced(int noun) const {
  const auto introduces = [&](const document::Sentence& sentence, int end) {
    for (int t = 1; t < end; ++t) {
      const std::string_view determiner = sentence.tokens[t].lower;
      const int head = sentence.tokens[t].head;
      if ((determiner == "a" || determiner == "an") && head > t && head < end && sentence.tokens[head].lower == lower(noun))
        return true;
    }
    return false;
  };
  if (introduces(sentence_, noun)) return true;
  for (uint32_t back = 1; back <= kIntroducedWithin && back <= index_; ++back) {
    const document::Sentence& before = article_.document.sentences[index_ - back];
    if (introduces(before, static_cast<int>(before.tokens.size()))) return true;
  }
  return false;
}

// 'the alliance', 'the bloc', 'the alliance's secretary-general'.
std::optional<int> Composer::DescribeNamed(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin;
  if (item.nouns.empty() || (lower(begin - 1) != "the" && lower(begin - 1) != "this")) return std::nullopt;
  if (IsIntroduced(item.tokens.end - 1)) return std::nullopt;
  auto found = LastOf(article_, item.nouns);
  if (!found) return IsBodyNoun(lower(begin)) ? std::optional<int>(ComposeWord(begin)) : std::nullopt;
  const auto body = std::find_if(item.nouns.begin(), item.nouns.end(),
                                 [&](uint32_t noun) { return tables_.bodies[noun].id == found->actor.entity_id(); });
  if (const auto phrase = ReadRoleAfter(item.tokens.end, index + 1); phrase && IsPossessiveMark(text(item.tokens.end))) {
    return FinishRole(begin, *phrase, *body, found->certainty, "role noun of one described");
  }
  const MentionKind kind = KindOf(tables_.bodies[*body]);
  Add(Make(begin, item.tokens.end, item.tokens.end - 1, kind, std::move(found->actor), found->certainty),
      "description of one named before");
  return item.tokens.end;
}

// 'its ambassador', 'his government', 'whose troops'.
std::optional<int> Composer::RoleOfPronoun(int begin, const RolePhrase& phrase) {
  const int name_at = lower(phrase.end) == "," ? phrase.end + 1 : phrase.end;
  const bool listed_follows = ItemAt(phrase.next, name_at) && items_[phrase.next].kind == NameKind::kPerson;
  if (!RefersBack(begin - 1) || listed_follows) return std::nullopt;
  const std::vector<Antecedent> owners = AntecedentsOf(begin - 1);
  if (owners.size() > 1 && phrase.is_plural && phrase.role->role != "counterpart") {  // 'their foreign ministers'
    for (const Antecedent& owner : owners) {
      if (const auto body = BodyOf(owner.actor))
        Add(MakeRole(begin, phrase, *body, owner.certainty), "role noun of several named before");
    }
    return phrase.end;
  }
  if (owners.size() != 1) return std::nullopt;
  auto body = BodyOf(owners[0].actor);
  if (body && phrase.role->role == "counterpart") {
    if (lower(phrase.end) == "in" || lower(phrase.end) == "from" || lower(phrase.end) == "of") return std::nullopt;
    body = OtherBody(article_, index_, *body);
  }
  if (!body && !owners[0].actor.entity_id().empty() && owners[0].actor.country_code().empty()) {  // 'the group said its fighters'
    Add(Make(begin, phrase.end, phrase.end - 1, MentionKind::kRole, owners[0].actor, owners[0].certainty), "of one named before");
    return phrase.end;
  }
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
  const bool is_of_other = !phrase.role->body.empty();  // 'the UN envoy for Sudan'
  if (inside && (is_of_other || (!phrase.role->may_be_bare && place.kind == NameKind::kOrganization))) return std::nullopt;
  RolePhrase whole = phrase;
  if (!inside) {
    whole.end = place.tokens.end;
    whole.next = phrase.next + 1;
  }
  const size_t first = article_.mentions.size();
  const double certainty = std::min(kRoleNounCertainty, inside ? kNearby : kRoleNounCertainty);
  const int done = FinishRole(begin, whole, place.body, certainty, "role noun with its state after it", place.name->is_region);
  if (article_.mentions.size() > first && article_.mentions.back().kind == MentionKind::kRole) {
    article_.mentions.back().head = phrase.end - 1;
  }
  // 'his counterparts in Niger, Ivory Coast and Senegal'
  for (size_t item = phrase.next + 1; inside && phrase.is_plural && item < items_.size(); ++item) {
    const int joint = items_[item].tokens.begin - 1;
    const bool is_joined = items_[item - 1].tokens.end == joint && (lower(joint) == "," || lower(joint) == "and");
    if (!is_joined || !IsBodyItem(items_[item]) || IsAdjectiveItem(items_[item]) || IsPossessiveMark(text(items_[item].tokens.end)))
      break;
    Add(MakeRole(begin, whole, items_[item].body, certainty), "role noun with several states after it");
    article_.mentions.back().head = phrase.end - 1;
  }
  return done;
}

// The state of a role noun that stands alone: that of the office, of the place in the sentence, of the subject above, of where the
// text is set.
std::optional<uint32_t> Composer::OwnerOf(const Role& role, int noun) const {
  if (const auto body = directory_.BodyOf(role.body)) return body;
  if (const auto place = PlaceInSentence()) return place;
  if (const auto above = StateAbove(noun)) return above;
  return Setting(article_);
}

// 'Peru said that police ...', 'Peru freed two Chileans whom the army had arrested': the state that is the subject above.
std::optional<uint32_t> Composer::StateAbove(int noun) const {
  const int verb = sentence_.tokens[noun].head;
  const bool is_told =
      verb >= 0 && (sentence_.tokens[verb].label == relation::kCcomp || sentence_.tokens[verb].label == relation::kAclRelcl);
  if (!is_told) return std::nullopt;
  const std::vector<const Mention*> subjects = SubjectsAbove(noun);
  if (subjects.size() != 1 || !subjects[0]->actor.organization_code().empty()) return std::nullopt;
  return BodyOf(subjects[0]->actor);
}

// 'the Pakistani army, General X': for whom the mention right before the comma acts.
std::optional<uint32_t> Composer::BodyBefore(int begin) const {
  if (lower(begin - 1) != "," || article_.mentions.empty()) return std::nullopt;
  const Mention& before = article_.mentions.back();
  if (before.sentence != index_ || before.tokens.end != begin - 1 || before.is_adjective) return std::nullopt;
  return BodyOf(before.actor);
}

// 'Bolivian customs officers and soldiers': the state of what the role noun is coordinated with.
std::optional<uint32_t> Composer::BodyShared(int begin) const {
  int joint = begin - 1;
  while (joint > 0 && sentence_.tokens[joint].upos == document::Upos::kNum) --joint;  // 'a Chinese ship and four cutters'
  if ((lower(joint) != "and" && lower(joint) != "or") || article_.mentions.empty()) return std::nullopt;
  const Mention& before = article_.mentions.back();
  if (before.sentence != index_ || (!before.is_adjective && before.kind != MentionKind::kRole)) return std::nullopt;
  const auto is_nominal = [](const document::Token& token) {
    return token.upos == document::Upos::kNoun || token.upos == document::Upos::kPropn || token.upos == document::Upos::kAdj;
  };
  const auto tokens = sentence_.tokens.begin();
  if (!std::all_of(tokens + before.tokens.end, tokens + joint, is_nominal)) return std::nullopt;
  return BodyOf(before.actor);
}

// 'Niger's junta ... the junta': the state of who was named last with the same noun.
std::optional<uint32_t> Composer::BodyOfNamesake(int noun) const {
  for (auto before = article_.mentions.rbegin(); before != article_.mentions.rend(); ++before) {
    if (before->sentence + kNamesakeWithin < index_) break;
    const bool is_sure = before->kind == MentionKind::kRole && before->certainty >= kNearby;
    if (is_sure && article_.document.sentences[before->sentence].tokens[before->tokens.end - 1].lower == lower(noun))
      return BodyOf(before->actor);
  }
  return std::nullopt;
}

// 'the president', 'police': of one named before, of the state that the office means, or of where the sentence is set.
int Composer::RoleAlone(int begin, const RolePhrase& phrase) {
  const bool of_others = begin > 1 && Capitalized(begin - 1) && !IsFunctionWord(lower(begin - 1));  // 'Western forces'
  std::optional<uint32_t> namesake;
  if (IsDefinite(begin) && !PlaceInSentence()) namesake = BodyOfNamesake(phrase.end - 1);
  if ((!phrase.role->may_be_bare || of_others) && phrase.role->body.empty()) {
    // 'two Peruvian trawlers ... the trawlers'
    if (namesake && !of_others) Add(MakeRole(begin, phrase, *namesake, kNearby), "the one named before");
    return phrase.end;
  }
  const document::Token& last = sentence_.tokens[phrase.end - 1];
  if (last.upos == document::Upos::kAdj && last.label == relation::kAmod && last.head >= phrase.end)
    return phrase.end;                                                                   // 'military pact'
  const bool leads_others = phrase.role->role == "leader" && lower(phrase.end) == "of";  // 'the leader of the Islamist party'
  if (leads_others) return phrase.end;
  if (!phrase.is_plural && IsDefinite(begin)) {
    if (auto holder = LastHolder(article_, *phrase.role)) {
      Add(Make(begin, phrase.end, phrase.end - 1, MentionKind::kRole, std::move(holder->actor), holder->certainty),
          "holder of the office named before");
      return phrase.end;
    }
  }
  if (namesake) {
    Add(MakeRole(begin, phrase, *namesake, kNearby), "the one named before");
    return phrase.end;
  }
  if (const auto body = BodyShared(begin)) {
    Add(MakeRole(begin, phrase, *body, kNearby), "coordinated with one named");
    return phrase.end;
  }
  const bool is_of_organization = phrase.role->role.starts_with("org_");
  if (const auto body = is_of_organization ? LastOrganization(article_, index_) : std::nullopt) {
    Add(MakeRole(begin, phrase, *body, kNearby), "office of the organisation named last");
    return phrase.end;
  }
  if (const auto body = directory_.BodyOf(phrase.role->body)) {
    Add(MakeRole(begin, phrase, *body, kDefault), "office of this body alone");
    return phrase.end;
  }
  const bool act_at_home = phrase.role->role == "legislator" && relation::Base(last.label) == relation::kNsubj;
  const bool is_of_any = phrase.is_plural && !phrase.role->role.empty() && !act_at_home;
  if (is_of_organization || is_of_any) return phrase.end;  // 'foreign ministers' of whom?
  if (const auto state = OwnerOf(*phrase.role, phrase.end - 1))
    Add(MakeRole(begin, phrase, *state, kGuessed), "state where this is set");
  return phrase.end;
}

// A role noun with no party before it.
int Composer::ComposeNoun(size_t index) {
  const Item& item = items_[index];
  const int begin = item.tokens.begin;
  if (const auto end = DescribeNamed(index)) return *end;
  const std::optional<RolePhrase> role = ReadRole(index);
  if (!role) return item.tokens.end;
  const RolePhrase& phrase = *role;
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
  const std::optional<uint32_t> body =
      apposition->body ? apposition->body : OwnerOf(*apposition->phrase.role, apposition->phrase.end - 1);
  if (!body) return token + 1;
  Mention mention = MakeUnlisted(apposition->begin, token, end, apposition->phrase, body, apposition->body ? kUnlisted : kGuessed);
  mention.tokens = {static_cast<uint16_t>(token), static_cast<uint16_t>(apposition->end)};
  mention.actor.set_mention(Words(token, apposition->end));
  article_.unlisted[Fold(text(end - 1))] = mention.actor;
  Add(std::move(mention), "not in the tables; office as the apposition says");
  return apposition->end;
}

void AddMentions(Article& article, uint32_t sentence, const std::vector<Item>& items) { Composer(article, sentence, items).Run(); }

}  // namespace demarche::actors
