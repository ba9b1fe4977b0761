#ifndef DEMARCHE_PIPELINE_ACTORS_COMPOSER_H_
#define DEMARCHE_PIPELINE_ACTORS_COMPOSER_H_

#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/actors/article.h"
#include "pipeline/actors/coreference.h"
#include "pipeline/actors/mention_maker.h"

namespace demarche::actors {

// Certainties that several ways of reading share.
inline constexpr double kRoleNounCertainty = 0.85, kUnlisted = 0.8, kNearby = 0.75, kGuessed = 0.45;

// Reads the items of one sentence from left to right and makes mentions of them: a state, a role noun and a name that belong
// together are one. Lives for one sentence.
class Composer : public MentionMaker {
 public:
  Composer(Article& article, uint32_t sentence, const std::vector<Item>& items)
      : MentionMaker(article, sentence, items), article_(article) {}

  void Run();

 private:
  int Compose(size_t index);
  int ComposeWord(int token);
  int ComposeName(int token);  // of somebody no table knows
  int ComposeBody(size_t index);
  int ComposePerson(size_t index);
  int ComposeNoun(size_t index);
  // Whether the text has the noun of 'the pact' of its own: 'a pact that Chad signed'.
  bool IsIntroduced(int noun) const;
  // The state of who was named just before with the same noun.
  std::optional<uint32_t> BodyOfNamesake(int noun) const;
  // Ways to read a role noun with no party before it: each gives the end of what it read, or nothing when it does not apply.
  std::optional<int> DescribeNamed(size_t index);
  std::optional<int> RoleOfPronoun(int begin, const RolePhrase& phrase);
  std::optional<int> RoleWithStateAfter(int begin, const RolePhrase& phrase);
  int RoleAlone(int begin, const RolePhrase& phrase);
  // Whether 'them' stands for what is several and no party.
  bool MeansThings(int pronoun) const;
  // The parties that are the subject of a verb, or of the verb that it is joined to.
  std::vector<const document::Mention*> SubjectsOf(int verb) const;
  // The same for the verb whose object stands at `object`; of a relative clause also whom it tells of.
  std::vector<const document::Mention*> SubjectsBefore(int object) const;
  // 'the town of Batken and its airport', 'Chad and its allies': what the noun of 'its' is joined to; null when to nothing.
  const document::Mention* JoinedTo(int pronoun) const;
  int Summons(int pronoun) const;
  // The object before that 'it', an object itself, repeats: 'praised China's law, called it a model'; -1 when there is none.
  int RepeatedObject(int pronoun) const;
  std::vector<Antecedent> OfObject(int noun) const;
  // Pronouns that mean what the main clause behind them names.
  void ResolveForward();
  // Whom the pronoun at `token` means; 'whose' means the party before it.
  std::vector<Antecedent> AntecedentsOf(int token) const;
  std::vector<Antecedent> OwnerBefore(int token) const;
  // The parties that are the subject of the clause above that of the pronoun.
  std::vector<const document::Mention*> SubjectsAbove(int token) const;
  // The last mention of the sentence that holds the token; null when there is none.
  const document::Mention* MentionAt(int token) const;
  bool RefersBack(int token) const { return IsPronoun(lower(token)) || lower(token) == "whose"; }
  std::optional<uint32_t> OwnerOf(const Role& role, int noun) const;
  std::optional<uint32_t> StateAbove(int noun) const;
  // The state that 's makes the owner of what stands at the token; nothing when there is none.
  std::optional<uint32_t> OwnerRightBefore(int token) const;
  std::optional<uint32_t> BodyBefore(int begin) const;
  std::optional<uint32_t> BodyShared(int begin) const;
  std::optional<uint32_t> BodyOf(const v1::Actor& actor) const {
    return directory_.BodyOf(actor.organization_code().empty() ? actor.country_code() : actor.organization_code());
  }
  static document::MentionKind KindOf(const Body& body) {
    if (body.is_state) return document::MentionKind::kState;
    return body.country_code.empty() ? document::MentionKind::kOrganization : document::MentionKind::kGroup;
  }
  bool IsDefinite(int begin) const {
    const std::string_view before = lower(begin - 1);
    return before == "the" || before == "this" || before == "that" || before == "its" || before == "their";
  }

  void Add(document::Mention mention, std::string_view why);
  // Finishes a role phrase: a name after it ('President X', 'the president, X,') belongs to it. Returns the end.
  int FinishRole(int begin, const RolePhrase& phrase, std::optional<uint32_t> body, double certainty, std::string_view why,
                 bool is_region = false);
  // 'Russian and Ukrainian officials': the role noun of the last adjective holds for those coordinated with it.
  void SpreadRole(size_t role_mention);
  void AddMembers(const document::Mention& group, const Body& body);

  Article& article_;
  std::vector<int> open_pronouns_;  // that nothing before them was found for
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_COMPOSER_H_
