#include "pipeline/actors/coreference.h"

#include <algorithm>
#include <array>
#include <string>

#include "pipeline/actors/antecedent.h"
#include "pipeline/actors/lexicon.h"
#include "pipeline/actors/subject.h"
#include "pipeline/document/relation.h"

namespace demarche::actors {
namespace {

using document::Mention;
using document::MentionKind;

constexpr int kFarOftener = 3;  // a state that is named so many times as often as that of the dateline is where the text is set
constexpr double kOne = 0.65, kHolder = 0.7, kNoun = 0.8;

enum class Gender { kPerson, kThing, kCountry, kPlural, kAny };

std::optional<Gender> GenderOf(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kPersons = {"he", "she", "him", "his", "her"};
  static constexpr std::array<std::string_view, 2> kThings = {"it", "its"};
  static constexpr std::array<std::string_view, 3> kPlurals = {"they", "them", "their"};
  const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), word) != list.end(); };
  if (in(kPersons)) return Gender::kPerson;
  if (in(kThings)) return Gender::kThing;
  if (in(kPlurals)) return Gender::kPlural;
  return std::nullopt;
}

bool Fits(const Mention& mention, Gender gender) {
  const bool modifies_several = gender == Gender::kPlural && mention.is_plural;  // 'Ukrainian boats'
  if ((mention.is_adjective && !modifies_several) || IsPlace(mention) || !IsKnown(mention.actor)) return false;
  switch (gender) {
    case Gender::kPerson:
      return mention.kind == MentionKind::kPerson ||
             (mention.kind == MentionKind::kRole && !mention.is_institution && !mention.is_plural);
    case Gender::kThing:
      return ((mention.kind == MentionKind::kState || mention.kind == MentionKind::kOrganization ||
               mention.kind == MentionKind::kGroup) &&
              !mention.is_plural) ||
             (mention.kind == MentionKind::kRole && mention.is_institution);
    case Gender::kCountry:
      return (mention.kind == MentionKind::kState || mention.is_institution) && !mention.is_plural &&
             mention.actor.organization_code().empty();
    case Gender::kPlural:  // one state alone is 'it'
      return mention.is_plural || mention.is_institution || mention.kind == MentionKind::kGroup;
    case Gender::kAny:
      return mention.kind == MentionKind::kRole || mention.kind == MentionKind::kGroup || mention.kind == MentionKind::kState ||
             mention.kind == MentionKind::kPerson;
  }
  return false;
}

// Distinct fitting mentions of one sentence in the order of the text.
std::vector<const Mention*> Candidates(const Article& article, uint32_t sentence, Gender gender) {
  std::vector<const Mention*> found;
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend() && mention->sentence >= sentence; ++mention) {
    if (mention->sentence == sentence && Fits(*mention, gender)) found.push_back(&*mention);
  }
  std::reverse(found.begin(), found.end());
  std::vector<const Mention*> distinct;
  for (const Mention* mention : found) {
    const auto same = [&](const Mention* other) { return KeyOf(other->actor) == KeyOf(mention->actor); };
    if (std::none_of(distinct.begin(), distinct.end(), same)) distinct.push_back(mention);
  }
  return distinct;
}

// 'A, B and C', the first such list among a sentence's parties, unless something that is several itself stands behind it, or before
// a list that does not open the sentence.
std::vector<Antecedent> FirstCoordination(const Article& article, const std::vector<const Mention*>& parties,
                                          const std::vector<const Mention*>& several) {
  size_t first = 0, last = 0;
  for (size_t i = 1; i < parties.size(); ++i) {
    if (Coordinated(article, *parties[i - 1], *parties[i])) {
      last = i;
    } else if (last > first) {
      break;
    } else {
      first = last = i;
    }
  }
  if (last == first) return {};
  const auto is_outside = [&](const Mention* mention) {
    const bool is_before = first > 0 && mention->tokens.begin < parties[first]->tokens.begin;
    return mention->is_plural && (is_before || mention->tokens.begin > parties[last]->tokens.end);
  };
  if (std::any_of(several.begin(), several.end(), is_outside)) return {};
  std::vector<Antecedent> joined;
  for (size_t i = first; i <= last; ++i) joined.push_back(From(*parties[i], kPair));
  return joined;
}

// The mentions that are the subject of a whole sentence.
std::vector<const Mention*> MainSubjects(const Article& article, uint32_t at) {
  const document::Sentence& sentence = article.document.sentences[at];
  const int subject = SubjectOf(sentence, RootOf(sentence));
  std::vector<const Mention*> found;
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend() && mention->sentence >= at; ++mention) {
    const document::Token& head = sentence.tokens[mention->head];
    const bool is_part = mention->head == subject || (head.head == subject && head.label == document::relation::kConj);
    if (mention->sentence == at && (is_part || mention->tokens.contains(subject))) found.push_back(&*mention);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

// 'It recalled its envoy. It also shut the border': a pronoun that is a subject means the subject of the sentence before.
std::vector<Antecedent> SameSubject(const Article& article, uint32_t before, Gender gender) {
  const std::vector<const Mention*> subjects = MainSubjects(article, before);
  const auto& tokens = article.document.sentences[before].tokens;
  std::vector<Antecedent> found;
  for (const Mention* subject : subjects) {
    const bool is_pronoun = subject->kind == MentionKind::kPronoun;
    const bool fits = is_pronoun ? GenderOf(tokens[subject->tokens.begin].lower) == gender
                                 : Fits(*subject, gender) || (gender == Gender::kPlural && subjects.size() > 1);
    if (!fits || !IsKnown(subject->actor)) return {};
    found.push_back(From(*subject, kOne));
  }
  return gender != Gender::kPlural && found.size() > 1 ? std::vector<Antecedent>{} : found;
}

// Whether the sentence that the text opens with names the state, beside the dateline.
bool OpensWith(const Article& article, uint32_t body) {
  std::optional<uint32_t> opening;
  for (const Mention& mention : article.mentions) {
    if (mention.tokens.end <= article.document.sentences[mention.sentence].dateline) continue;
    if (!opening) opening = mention.sentence;
    if (mention.sentence != *opening) return false;
    if (article.directory.BodyOf(mention.actor.country_code()) == body) return true;
  }
  return false;
}

}  // namespace

bool IsPronoun(std::string_view word) { return GenderOf(word).has_value(); }

std::vector<Antecedent> OfPronoun(const Article& article, uint32_t sentence, std::string_view pronoun,
                                  const std::vector<const Mention*>& subjects, bool is_subject_itself) {
  const Gender gender = IsCountryNoun(pronoun) ? Gender::kCountry : *GenderOf(pronoun);
  const document::Field field = article.document.sentences[sentence].field;
  for (uint32_t back = 0; back <= kReach && back <= sentence; ++back) {
    const uint32_t at = sentence - back;
    if (article.document.sentences[at].field != field) break;
    if (back == 1 && is_subject_itself) {
      if (auto same = SameSubject(article, at, gender); !same.empty()) return same;
    }
    std::vector<const Mention*> found = Candidates(article, at, gender);
    const auto is_subject = [&](const Mention* mention) {
      return std::any_of(subjects.begin(), subjects.end(),
                         [&](const Mention* subject) { return KeyOf(subject->actor) == KeyOf(mention->actor); });
    };
    found.erase(std::remove_if(found.begin(), found.end(), is_subject), found.end());
    if (gender == Gender::kPlural) {
      std::vector<Antecedent> joined = FirstCoordination(article, Candidates(article, at, Gender::kAny), found);
      if (joined.size() >= 2) return joined;
      // An institution only where nothing else is several.
      if (std::any_of(found.begin(), found.end(), [](const Mention* m) { return m->is_plural; })) {
        found.erase(std::remove_if(found.begin(), found.end(), [](const Mention* m) { return !m->is_plural; }), found.end());
      }
    }
    if (found.empty()) continue;
    if (found.size() == 1) return {From(*found[0], kOne)};
    if (Coordinated(article, *found[0], *found[1])) return {};
    // The first of a sentence is mostly its subject.
    return found[0]->tokens.begin <= 2 || back == 0 ? std::vector<Antecedent>{From(*found[0], kSubject)}
                                                    : std::vector<Antecedent>{};
  }
  return {};
}

std::vector<Antecedent> OfSubjects(const std::vector<const Mention*>& subjects, std::string_view pronoun) {
  const Gender gender = *GenderOf(pronoun);
  std::vector<Antecedent> found;
  for (const Mention* subject : subjects) {
    const bool is_seat = IsPlace(*subject) && !subject->is_adjective;  // a subject is no mere place
    const bool fits = gender == Gender::kPlural ? subjects.size() > 1 || Fits(*subject, gender)
                                                : (is_seat && gender == Gender::kThing) || Fits(*subject, gender);
    if (fits && IsKnown(subject->actor)) found.push_back(From(*subject, kOne));
  }
  const bool one_only = gender != Gender::kPlural && found.size() > 1;
  return one_only ? std::vector<Antecedent>{} : found;
}

std::optional<Antecedent> LastHolder(const Article& article, const Role& role) {
  if (role.role.empty()) return std::nullopt;
  const Tables& tables = article.directory.tables();
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend(); ++mention) {
    if (mention->kind != MentionKind::kPerson) continue;
    const auto index = article.directory.PersonOf(mention->actor.entity_id());
    if (!index) continue;
    const Person& person = tables.people[*index];
    for (uint32_t t = person.first_tenure; t < person.last_tenure; ++t) {
      const Tenure& tenure = tables.tenures[t];
      if (tenure.holds_on(article.day) && MeansRole(role.role, tenure.role, tables.bodies[tenure.body].is_state))
        return From(*mention, kHolder);
    }
  }
  return std::nullopt;
}

std::optional<uint32_t> OtherBody(const Article& article, uint32_t sentence, uint32_t own) {
  std::optional<uint32_t> other;
  uint32_t at = 0;
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend() && mention->sentence + kReach >= sentence;
       ++mention) {
    if (other && mention->sentence != at) break;
    if (mention->actor.country_code().empty() || !mention->actor.organization_code().empty()) continue;
    const auto body = article.directory.BodyOf(mention->actor.country_code());
    if (!body || *body == own || other == body) continue;
    if (other) return std::nullopt;
    other = body;
    at = mention->sentence;
  }
  return other;
}

std::optional<uint32_t> LastOrganization(const Article& article, uint32_t sentence) {
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend() && mention->sentence + kReach >= sentence;
       ++mention) {
    if (mention->kind != MentionKind::kOrganization || mention->is_adjective) continue;
    if (const auto body = article.directory.BodyOf(mention->actor.organization_code())) return body;
  }
  return std::nullopt;
}

std::optional<Antecedent> LastOf(const Article& article, const std::vector<uint32_t>& organizations) {
  const Tables& tables = article.directory.tables();
  const auto give = [&](uint32_t body, double certainty) {
    Antecedent antecedent{article.directory.OfBody(body), certainty};
    antecedent.actor.set_resolution(v1::ACTOR_RESOLUTION_COREFERENCE);
    return antecedent;
  };
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend(); ++mention) {
    if (mention->kind == MentionKind::kPronoun) continue;
    for (uint32_t body : organizations) {
      if (tables.bodies[body].id == mention->actor.entity_id()) return give(body, std::clamp(mention->certainty, kHolder, kNoun));
    }
    // Somebody who speaks for it, or one of its organs.
    for (uint32_t body : organizations) {
      const Body& listed = tables.bodies[body];
      const std::string& code = listed.is_state && mention->actor.organization_code().empty() ? mention->actor.country_code()
                                                                                              : mention->actor.organization_code();
      if (!listed.code.empty() && listed.code == code && listed.code != kCivilNgo) return give(body, kHolder);
    }
  }
  for (uint32_t body : organizations) {
    if (!tables.bodies[body].is_state && article.names_body(body)) return give(body, kPair);
  }
  return std::nullopt;
}

std::optional<uint32_t> Setting(const Article& article) {
  std::optional<uint32_t> main;
  int most = 0;
  bool tie = false;
  for (const auto& [body, count] : article.body_counts) {
    if (!article.directory.tables().bodies[body].is_state || count < most) continue;
    tie = count == most;
    most = count;
    main = body;
  }
  if (article.dateline) {
    if (OpensWith(article, *article.dateline)) return article.dateline;
    const auto home = article.body_counts.find(*article.dateline);
    if (home == article.body_counts.end() || home->second * kFarOftener >= most) return article.dateline;
  }
  return tie ? std::nullopt : main;
}

}  // namespace demarche::actors
