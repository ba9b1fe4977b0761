#ifndef DEMARCHE_PIPELINE_ACTORS_COREFERENCE_H_
#define DEMARCHE_PIPELINE_ACTORS_COREFERENCE_H_

#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/actors/article.h"

namespace demarche::actors {

// An earlier party that a later phrase means, and how far that is to be trusted.
struct Antecedent {
  v1::Actor actor;
  double certainty = 0;
};

// Who a pronoun means: of the sentence's mentions before `token`, else of the nearest of the three sentences before. Nobody on
// a tie. 'they' may mean several. `subjects` are those of the pronoun's own verb: 'thanked him' means somebody else. With
// `is_subject_itself` the subject of the sentence before is preferred.
std::vector<Antecedent> OfPronoun(const Article& article, uint32_t sentence, std::string_view pronoun,
                                  const std::vector<const document::Mention*>& subjects = {}, bool is_subject_itself = false);

// The same where the tree tells who is meant, as in 'Moscow said it would answer': those subjects that the pronoun fits, for 'they'
// all or none.
std::vector<Antecedent> OfSubjects(const std::vector<const document::Mention*>& subjects, std::string_view pronoun);

// The parties of 'the two leaders', 'both sides': the last two that were named side by side ('A and B'), else the only two of
// the sentences in reach, or the only two that are no organisations, else nobody. With `states` both are states and stand for
// themselves, whoever spoke for them. `subjects` are those that meet them, or urge them.
std::vector<Antecedent> LastTwo(const Article& article, uint32_t sentence, bool states,
                                const std::vector<const document::Mention*>& subjects);

// The last person who holds, by table or text, an office that the role noun means.
std::optional<Antecedent> LastHolder(const Article& article, const Role& role);

// The one other state or body of the nearest sentence that names any: 'its neighbour', 'his counterpart'. Nobody on a tie.
std::optional<uint32_t> OtherBody(const Article& article, uint32_t sentence, uint32_t own);

// The organisation that was named last, near enough for 'the secretary-general' to be its own; nothing when there is none.
std::optional<uint32_t> LastOrganization(const Article& article, uint32_t sentence);

// The last of these organisations that the article has mentioned, or names anywhere.
std::optional<Antecedent> LastOf(const Article& article, const std::vector<uint32_t>& organizations);

// The state where the text is set: that of its dateline, but where the text does not open with it and names another far more often,
// or without a dateline, the one that it names most often; nobody on a tie.
std::optional<uint32_t> Setting(const Article& article);

bool IsPronoun(std::string_view word);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_COREFERENCE_H_
