#ifndef DEMARCHE_PIPELINE_ACTORS_SENTENCE_READER_H_
#define DEMARCHE_PIPELINE_ACTORS_SENTENCE_READER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/actors/article.h"
#include "pipeline/actors/lexicon.h"

namespace demarche::actors {

// A role noun with its words and the item after it.
struct RolePhrase {
  const Role* role = nullptr;
  bool is_plural = false;
  int begin = 0;
  int end = 0;
  size_t next = 0;
};

// The words and items of one sentence, and what may be read off them. Tokens outside the sentence are empty words.
// Lives for one sentence; changes nothing.
class SentenceReader {
 public:
  SentenceReader(const Article& article, uint32_t sentence, const std::vector<Item>& items)
      : tables_(article.directory.tables()),
        sentence_(article.document.sentences[sentence]),
        index_(sentence),
        items_(items),
        clean_(article.document.text(sentence_.field).text) {}

  int size() const { return static_cast<int>(sentence_.tokens.size()); }
  std::string_view lower(int token) const {
    return token >= 0 && token < size() ? sentence_.tokens[token].lower : std::string_view();
  }
  std::string_view text(int token) const {
    return token >= 0 && token < size() ? sentence_.tokens[token].text : std::string_view();
  }
  bool Capitalized(int token) const { return !text(token).empty() && text(token)[0] >= 'A' && text(token)[0] <= 'Z'; }
  bool EndsAt(int token) const { return token >= size() || EndsPhrase(text(token)); }
  bool IsBodyItem(const Item& item) const {
    return item.kind != NameKind::kPerson && item.kind != NameKind::kRole && item.kind != NameKind::kNothing &&
           item.kind != NameKind::kOrganizationNoun;
  }
  bool IsAdjectiveItem(const Item& item) const {
    return item.kind == NameKind::kAdjective || item.kind == NameKind::kOrganizationAdjective;
  }
  bool ItemAt(size_t item, int token) const { return item < items_.size() && items_[item].tokens.begin == token; }
  bool FormerBefore(int token) const {
    return IsFormer(lower(token - 1)) || (lower(token - 1) == "-" && IsFormer(lower(token - 2))) || lower(token).starts_with("ex-");
  }

  // A word that may stand between a state and its role noun.
  bool IsModifierAt(int token) const;
  std::string Words(int begin, int end) const;
  // The role noun that begins with `item`; its head is the last of several ('foreign ministry spokeswoman').
  std::optional<RolePhrase> ReadRole(size_t item) const;
  // The role noun that belongs to the party before it, which ends at token `end`: 'Russian [naval] forces'.
  std::optional<RolePhrase> ReadRoleAfter(int end, size_t next) const;
  // The words of a name that no table knows, from `token`; returns its end.
  int UnlistedNameEnd(int token) const;
  // The only state or place that stands after 'in', 'at' or 'near'.
  std::optional<uint32_t> PlaceInSentence() const;
  // 'pro-Beijing', 'anti-Russian', in one token or three.
  bool IsAttitude(int token) const;
  // Likewise, but against nobody: 'pro-Beijing parties', 'the Pan-American highway' name no party.
  bool IsNotOf(int token) const;
  // 'SUVA (Reuters) -', 'Suva, 3 May -'
  bool IsDateline(const Item& item) const;

 protected:
  const Tables& tables_;
  const document::Sentence& sentence_;
  const uint32_t index_;
  const std::vector<Item>& items_;

 private:
  // What stands before the hyphen of a word, or before the word and a hyphen.
  std::string_view PrefixOf(int token) const;

  const std::string& clean_;  // text of the field
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_SENTENCE_READER_H_
