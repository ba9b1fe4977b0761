#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/actors/antecedent.h"
#include "pipeline/actors/coreference.h"

namespace demarche::actors {
namespace {

using document::Mention;
using document::MentionKind;

// The first two parties that stand side by side in the sentence that the text opens with: 'The government and the rebels agreed'.
std::pair<const Mention*, const Mention*> OpeningTwo(const Article& article) {
  const Mention* before = nullptr;
  for (const Mention& mention : article.mentions) {
    const bool is_dateline = mention.tokens.end <= article.document.sentences[mention.sentence].dateline;
    if (mention.is_adjective || is_dateline || !IsKnown(mention.actor)) continue;
    if (before != nullptr && before->sentence != mention.sentence) break;
    if (before != nullptr && Coordinated(article, *before, mention)) return {before, &mention};
    before = &mention;
  }
  return {nullptr, nullptr};
}

using Backwards = std::vector<Mention>::const_reverse_iterator;

// 'the two presidents ... both men': the other of two that the words of a mention stand for; null when they stand for one or more.
const Mention* FirstOfPair(const Article& article, Backwards mention) {
  const auto is_same = [&](const Backwards& other) {
    return other != article.mentions.rend() && other->sentence == mention->sentence && other->tokens == mention->tokens;
  };
  const auto first = std::next(mention);
  if (mention->kind != MentionKind::kPronoun || !is_same(first) || is_same(std::next(first))) return nullptr;
  return &*first;
}

// The two states of the sentence that the text opens with, where it names just two.
std::vector<const Mention*> OpeningPair(const Article& article) {
  std::vector<const Mention*> states;
  uint32_t opening = 0;
  for (const Mention& mention : article.mentions) {
    if (mention.is_adjective || mention.actor.country_code().empty() || !mention.actor.organization_code().empty()) continue;
    if (mention.tokens.end <= article.document.sentences[mention.sentence].dateline) continue;
    if (states.empty()) opening = mention.sentence;
    if (mention.sentence != opening) break;
    const auto is_same = [&](const Mention* other) { return other->actor.country_code() == mention.actor.country_code(); };
    if (std::none_of(states.begin(), states.end(), is_same)) states.push_back(&mention);
  }
  return states.size() == 2 ? states : std::vector<const Mention*>{};
}

}  // namespace

std::vector<Antecedent> LastTwo(const Article& article, uint32_t sentence, bool states,
                                const std::vector<const Mention*>& subjects) {
  std::vector<const Mention*> parties;  // distinct, the last first
  const Mention* later = nullptr;
  const auto same = [](const Mention& a, const Mention& b) {
    const bool has_code = !a.actor.organization_code().empty() || !a.actor.country_code().empty();
    return a.actor.organization_code() == b.actor.organization_code() && a.actor.country_code() == b.actor.country_code() &&
           (has_code || KeyOf(a.actor) == KeyOf(b.actor));
  };
  const auto give = [&](const Mention& mention) {
    Antecedent antecedent = From(mention, kPair);
    const auto body = article.directory.BodyOf(mention.actor.country_code());
    if (states && body) {
      antecedent.actor = article.directory.OfBody(*body);
      antecedent.actor.set_resolution(v1::ACTOR_RESOLUTION_COREFERENCE);
    }
    return antecedent;
  };
  for (auto mention = article.mentions.rbegin(); mention != article.mentions.rend() && mention->sentence + kReach >= sentence;
       ++mention) {
    if (parties.empty()) {
      if (const Mention* first = FirstOfPair(article, mention)) return {give(*first), give(*mention)};
    }
    if (mention->is_adjective || IsPlace(*mention) || mention->kind == MentionKind::kPronoun || !IsKnown(mention->actor)) continue;
    if (std::find(subjects.begin(), subjects.end(), &*mention) != subjects.end()) continue;
    if (states && mention->actor.country_code().empty()) continue;
    // 'A spoke with B and the two agreed ...'
    if (mention->sentence != sentence && parties.size() == 2 && later->sentence == sentence) break;
    if (later != nullptr && later->sentence == mention->sentence && !same(*mention, *later) &&
        Coordinated(article, *mention, *later)) {
      return {give(*mention), give(*later)};
    }
    later = &*mention;
    if (std::none_of(parties.begin(), parties.end(), [&](const Mention* other) { return same(*other, *mention); }))
      parties.push_back(later);
  }
  // Where three are named, the two that are states are the ones with a quarrel.
  if (parties.size() > 2) {
    parties.erase(std::remove_if(parties.begin(), parties.end(),
                                 [](const Mention* party) { return party->kind == MentionKind::kOrganization; }),
                  parties.end());
  }
  if (const auto two = OpeningTwo(article); two.first != nullptr && !states) {
    const auto is_of_them = [&](const Mention* party) { return same(*party, *two.first) || same(*party, *two.second); };
    if (parties.size() > 2 || std::count_if(parties.begin(), parties.end(), is_of_them) == 1)
      return {give(*two.first), give(*two.second)};
  }
  if (parties.size() == 2) return {give(*parties[1]), give(*parties[0])};
  const std::vector<const Mention*> opening = OpeningPair(article);
  if (opening.empty()) return {};
  return {give(*opening[0]), give(*opening[1])};
}

}  // namespace demarche::actors
