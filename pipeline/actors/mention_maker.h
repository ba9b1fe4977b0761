#ifndef DEMARCHE_PIPELINE_ACTORS_MENTION_MAKER_H_
#define DEMARCHE_PIPELINE_ACTORS_MENTION_MAKER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/actors/sentence_reader.h"

namespace demarche::actors {

// A role noun that says who somebody is: ', the Estonian prime minister,'.
struct Apposition {
  int begin = 0;
  int end = 0;
  RolePhrase phrase;
  std::optional<uint32_t> body;
};

// Makes mentions of what a SentenceReader reads: whom a role noun or a name means on the day. Lives for one sentence.
class MentionMaker : public SentenceReader {
 public:
  MentionMaker(const Article& article, uint32_t sentence, const std::vector<Item>& items)
      : SentenceReader(article, sentence, items), directory_(article.directory), day_(article.day) {}

  // Tokens [begin, end) with their head.
  document::Mention Make(int begin, int end, int head, document::MentionKind kind, v1::Actor actor, double certainty) const;
  // The role noun of a body, without a name: 'the Ukrainian president', 'Russian troops'.
  document::Mention MakeRole(int begin, const RolePhrase& phrase, uint32_t body, double certainty, bool is_region = false) const;
  // A listed person whom the text may give an office.
  std::pair<document::Mention, std::string> MakePerson(int begin, int end, const Item& item, const StatedOffice& stated) const;
  // A person of the text alone.
  document::Mention MakeUnlisted(int begin, int name_begin, int end, const RolePhrase& phrase, std::optional<uint32_t> body,
                                 double certainty) const;
  // The office that a role noun states.
  StatedOffice Stated(const RolePhrase& phrase, std::optional<uint32_t> body, int begin) const;

  // ', the Estonian prime minister,' after a name that ends at token `end`; `next` is the item after it. With 'a' for 'the' more
  // may follow: ', a former minister wanted for graft,'.
  std::optional<Apposition> ReadApposition(int end, size_t next) const;

 protected:
  const Directory& directory_;
  const Day day_;
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_MENTION_MAKER_H_
