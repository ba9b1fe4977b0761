#include <algorithm>
#include <optional>
#include <utility>

#include "pipeline/actors/composer.h"
#include "pipeline/actors/coreference.h"
#include "pipeline/actors/lexicon.h"
#include "pipeline/actors/subject.h"
#include "pipeline/document/relation.h"

namespace demarche::actors {

using document::Mention;
using document::MentionKind;

namespace relation = document::relation;

const Mention* Composer::MentionAt(int token) const {
  for (auto mention = article_.mentions.rbegin(); mention != article_.mentions.rend() && mention->sentence == index_; ++mention) {
    if (mention->tokens.begin <= token && token < mention->tokens.end) return &*mention;
  }
  return nullptr;
}

std::vector<const Mention*> Composer::SubjectsAbove(int token) const {
  std::vector<const Mention*> subjects;
  const int governor = GoverningSubject(sentence_, token);
  for (int part = governor; part >= 0 && part < token; ++part) {
    const document::Token& word = sentence_.tokens[part];
    const bool is_part = part == governor || (word.label == relation::kConj && word.head == governor);
    if (const Mention* mention = is_part ? MentionAt(part) : nullptr) subjects.push_back(mention);
  }
  return subjects;
}

// 'Chad opposed the tariffs and Mali backed them': whether what is several and stands next before the pronoun's clause is no party.
bool Composer::MeansThings(int pronoun) const {
  const int subject = SubjectOf(sentence_, sentence_.tokens[pronoun].head);
  for (int t = (subject < 0 ? pronoun : subject) - 1; t >= 0; --t) {
    if (MentionAt(t) != nullptr) return false;
    const bool is_owned = t > 0 && sentence_.tokens[t - 1].label == relation::kNmodPoss;  // 'seized their ships and jailed them'
    if (sentence_.tokens[t].xpos == "NNS" && !is_owned) return true;
  }
  return false;
}

// 'summoned its ambassador': the verb of an act that nobody does to an envoy of his own; -1 when it is another.
int Composer::Summons(int pronoun) const {
  const document::Token& word = sentence_.tokens[pronoun];
  if (word.label != relation::kNmodPoss || word.head < 0) return -1;
  const document::Token& envoy = sentence_.tokens[word.head];
  if (envoy.label != relation::kObj || envoy.head < 0) return -1;
  const std::string_view lemma = sentence_.tokens[envoy.head].lemma;
  return lemma == "summon" || lemma == "expel" ? envoy.head : -1;
}

std::vector<Antecedent> Composer::OfObject(int noun) const {
  const auto is_inside = [&](int token) {
    for (int steps = 0; token >= 0 && steps < size(); ++steps, token = sentence_.tokens[token].head) {
      if (token == noun) return true;
      if (sentence_.tokens[token].upos == document::Upos::kVerb) return false;
    }
    return false;
  };
  const Mention* first = nullptr;
  for (auto mention = article_.mentions.rbegin(); mention != article_.mentions.rend() && mention->sentence == index_; ++mention) {
    if (is_inside(mention->head)) first = &*mention;
  }
  return first == nullptr ? std::vector<Antecedent>() : std::vector<Antecedent>{{first->actor, first->certainty}};
}

int Composer::RepeatedObject(int pronoun) const {
  const document::Token& word = sentence_.tokens[pronoun];
  if (word.lower != "it" || word.label != relation::kObj || word.head < 0) return -1;
  const int object = ObjectBefore(sentence_, pronoun);
  return object >= 0 && SubjectsOf(word.head) != SubjectsOf(sentence_.tokens[object].head) ? object : -1;
}

// 'Two days after it left the pact, Chad closed its border.'
void Composer::ResolveForward() {
  for (const int pronoun : open_pronouns_) {
    const Mention* subject = MentionAt(SubjectBehind(sentence_, pronoun));
    if (subject == nullptr) continue;
    std::vector<Antecedent> found = OfSubjects({subject}, lower(pronoun));
    if (found.empty()) continue;
    Add(Make(pronoun, pronoun + 1, pronoun, MentionKind::kPronoun, std::move(found[0].actor), found[0].certainty),
        "refers to what follows");
    // Mentions stand in the order of the text.
    const auto is_before = [&](const Mention& mention) {
      return mention.sentence < index_ || mention.tokens.begin <= article_.mentions.back().tokens.begin;
    };
    auto place = article_.mentions.end() - 1;
    while (place != article_.mentions.begin() && !is_before(*(place - 1))) --place;
    std::rotate(place, article_.mentions.end() - 1, article_.mentions.end());
  }
}

std::vector<Antecedent> Composer::AntecedentsOf(int token) const {
  const document::Token& word = sentence_.tokens[token];
  if (word.lower == "whose") return OwnerBefore(token);
  if (const Mention* first = JoinedTo(token)) return {{first->actor, first->certainty}};
  if (auto found = OfSubjects(SubjectsAbove(token), word.lower); !found.empty()) return found;
  if (word.lower == "them" && MeansThings(token)) return {};
  if (const int object = RepeatedObject(token); object >= 0) return OfObject(object);
  if (const int verb = Summons(token); verb >= 0) return OfPronoun(article_, index_, word.lower, SubjectsOf(verb));
  const bool is_beside_subject = word.label == relation::kObj || word.label == relation::kIobj || word.label == relation::kObl;
  const bool is_subject = relation::Base(word.label) == relation::kNsubj;
  return OfPronoun(article_, index_, word.lower, is_beside_subject ? SubjectsOf(word.head) : std::vector<const Mention*>(),
                   is_subject);
}

const Mention* Composer::JoinedTo(int pronoun) const {
  const auto& tokens = sentence_.tokens;
  const int noun = tokens[pronoun].head;
  if (tokens[pronoun].lower != "its" || tokens[pronoun].label != relation::kNmodPoss || noun != pronoun + 1) return nullptr;
  const int first = tokens[noun].head;
  if (tokens[noun].label != relation::kConj || lower(pronoun - 1) != "and" || first >= pronoun) return nullptr;
  if (const Mention* mention = MentionAt(first)) return mention;
  for (int t = first + 1; t < pronoun - 1; ++t) {
    const Mention* mention = MentionAt(t);
    if (mention != nullptr && tokens[t].head == first) return mention;
  }
  return nullptr;
}

std::vector<const Mention*> Composer::SubjectsBefore(int object) const {
  if (object >= size()) return {};
  const document::Token& word = sentence_.tokens[object];
  if (word.head < 0 || (word.label != relation::kObj && word.label != relation::kIobj && word.label != relation::kObl)) return {};
  std::vector<const Mention*> subjects = SubjectsOf(word.head);
  const document::Token& verb = sentence_.tokens[word.head];
  if (verb.label != relation::kAclRelcl) return subjects;
  for (auto mention = article_.mentions.rbegin(); mention != article_.mentions.rend() && mention->sentence == index_; ++mention) {
    const int above = sentence_.tokens[mention->head].head;
    if (mention->head == verb.head || above == verb.head) subjects.push_back(&*mention);
  }
  return subjects;
}

std::vector<const Mention*> Composer::SubjectsOf(int verb) const {
  const auto& tokens = sentence_.tokens;
  while (tokens[verb].label == relation::kConj && tokens[verb].head >= 0 && tokens[verb].head < verb) verb = tokens[verb].head;
  const auto is_of_subject = [&](int token) {
    const auto is_part = [&](std::string_view label) {
      return label == relation::kConj || label == relation::kAppos || label == relation::kFlat || label == relation::kNmodDesc;
    };
    while (tokens[token].head >= 0 && tokens[token].head != verb && is_part(tokens[token].label)) token = tokens[token].head;
    return tokens[token].head == verb && relation::Base(tokens[token].label) == relation::kNsubj;
  };
  std::vector<const Mention*> subjects;
  for (auto mention = article_.mentions.rbegin(); mention != article_.mentions.rend() && mention->sentence == index_; ++mention) {
    if (is_of_subject(mention->head)) subjects.push_back(&*mention);
  }
  return subjects;
}

std::vector<Antecedent> Composer::OwnerBefore(int token) const {
  if (article_.mentions.empty()) return {};
  const Mention& before = article_.mentions.back();
  const int end = lower(token - 1) == "," ? token - 1 : token;
  if (before.sentence != index_ || (before.tokens.end != end && before.tokens.begin != token)) return {};
  return {{before.actor, before.certainty}};
}

// Pronouns, pairs, and surnames of people of the text alone.
int Composer::ComposeWord(int token) {
  const std::string_view word = lower(token);
  std::vector<Antecedent> found;
  int end = token + 1;
  const auto refer_to = [&](uint32_t body) {
    found.push_back({directory_.OfBody(body), kNearby});
    found.back().actor.set_resolution(v1::ACTOR_RESOLUTION_COREFERENCE);
  };
  if (RefersBack(token)) {
    found = AntecedentsOf(token);
    if (found.empty()) open_pronouns_.push_back(token);
  } else if (word == "the" && IsCountryNoun(lower(token + 1))) {
    found = OfPronoun(article_, index_, lower(token + 1));
    ++token;
    end = token + 1;
  } else if (IsOpponentNoun(word) && RefersBack(token - 1)) {
    const std::vector<Antecedent> owners = AntecedentsOf(token - 1);
    const auto own = owners.size() == 1 ? BodyOf(owners[0].actor) : std::nullopt;
    if (const auto other = own ? OtherBody(article_, index_, *own) : own) refer_to(*other);
  } else if (IsBodyNoun(word) && lower(token - 1) == "the") {
    if (const auto body = LastOrganization(article_, index_)) refer_to(*body);
  } else if (word == "both" || (word == "two" && lower(token - 1) == "the")) {
    const PairNoun noun = PairNounOf(lower(token + 1));
    const bool verb_follows = token + 1 < size() && (sentence_.tokens[token + 1].upos == document::Upos::kVerb ||
                                                     sentence_.tokens[token + 1].upos == document::Upos::kAux);
    const bool alone = verb_follows || (word == "both" && EndsAt(token + 1));
    if (noun != PairNoun::kNone || alone) found = LastTwo(article_, index_, noun == PairNoun::kStates, SubjectsBefore(token + 1));
    if (noun != PairNoun::kNone) end = token + 2;
  } else if (Capitalized(token)) {
    return ComposeName(token);
  }
  for (Antecedent& antecedent : found) {
    Add(Make(token, end, end - 1, MentionKind::kPronoun, std::move(antecedent.actor), antecedent.certainty), "refers back");
  }
  return end;
}

}  // namespace demarche::actors
