#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/actors/article.h"
#include "pipeline/actors/lexicon.h"

namespace demarche::actors {
namespace {

using document::Sentence;
using document::Token;
using document::TokenRange;

constexpr size_t kShortAcronym = 3;  // letters; such an acronym is not trusted in a line of capitals
constexpr double kAlias = 0.95, kAdjective = 0.9, kSeat = 0.85, kChosen = 0.8, kPlace = 0.4, kSurname = 0.9, kSupported = 0.85;

// Of several readings of a name the one that comes first here holds.
int OrderOf(NameKind kind) {
  switch (kind) {
    case NameKind::kState:
      return 0;
    case NameKind::kOrganization:
      return 1;
    case NameKind::kAdjective:
      return 2;
    case NameKind::kPeople:
      return 3;
    case NameKind::kSeat:
      return 4;
    case NameKind::kOrganizationAdjective:
      return 5;
    case NameKind::kPerson:
      return 6;
    case NameKind::kPlace:
      return 7;
    case NameKind::kRole:
      return 8;
    case NameKind::kOrganizationNoun:
      return 9;
    case NameKind::kNothing:
      return 10;
  }
  return 11;
}

double CertaintyOf(const Name& name) {
  switch (name.kind) {
    case NameKind::kAdjective:
    case NameKind::kOrganizationAdjective:
      return kAdjective;
    case NameKind::kSeat:
      return kSeat;
    case NameKind::kPlace:
      return kPlace;
    case NameKind::kPerson:
      return name.is_main ? 1 : name.needs_support ? kSupported : kSurname;
    default:
      return name.is_main ? 1 : name.needs_support ? kSupported : kAlias;
  }
}

bool IsCapitalized(const Token& token) { return !token.text.empty() && token.text[0] >= 'A' && token.text[0] <= 'Z'; }

// A line in which nearly every word has a capital tells nothing by its capitals.
bool IsTitleCase(const Sentence& sentence) {
  if (!sentence.is_headline) return false;
  int lower = 0, upper = 0;
  for (const Token& token : sentence.tokens) {
    if (token.text.size() < 4) continue;
    (IsCapitalized(token) ? upper : lower) += 1;
  }
  return upper > 2 * lower;
}

bool IsAllCapitals(const Sentence& sentence) {
  int words = 0;
  for (const Token& token : sentence.tokens) {
    if (token.text != token.lower) ++words;
    if (token.text == token.lower && token.text[0] >= 'a' && token.text[0] <= 'z') return false;
    for (char c : token.text) {
      if (c >= 'a' && c <= 'z') return false;
    }
  }
  return words > 1;
}

// Decides one hit after the other of a sentence.
class Decider {
 public:
  Decider(const Article& article, const Sentence& sentence, const std::vector<Hit>& hits)
      : article_(article),
        tables_(article.directory.tables()),
        sentence_(sentence),
        title_case_(IsTitleCase(sentence)),
        all_capitals_(IsAllCapitals(sentence)) {
    for (const Hit& hit : hits) {
      // A surname alone may be that of somebody else.
      const bool surname =
          hit.tokens.begin + 1 == hit.tokens.end &&
          std::all_of(hit.names.begin(), hit.names.end(), [](const Name* name) { return name->kind == NameKind::kPerson; });
      if (!surname) taken_.push_back(hit.tokens);
    }
  }

  bool Decide(const Hit& hit, Item& item) const {
    item.tokens = hit.tokens;
    std::vector<const Name*> names = hit.names;
    const auto drop = [&](auto&& when) { names.erase(std::remove_if(names.begin(), names.end(), when), names.end()); };
    drop([&](const Name* name) { return all_capitals_ && IsShortAcronym(*name); });
    bool chosen = false;
    if (!Choose(names, chosen)) return false;
    const bool beside_unknown = !title_case_ && (UnknownBefore(hit.tokens, false) || UnknownAfter(hit.tokens));
    drop([&](const Name* name) { return name->is_common && (beside_unknown || all_capitals_); });
    drop([&](const Name* name) {
      return IsBody(name->kind) && name->kind != NameKind::kOrganizationNoun && name->needs_support &&
             !article_.names_body(name->index);
    });
    if (hit.tokens.end - hit.tokens.begin == 1 && !title_case_ && (UnknownBefore(hit.tokens, true) || UnknownAfter(hit.tokens))) {
      drop([](const Name* name) { return name->kind == NameKind::kPerson && !name->is_main; });
    }
    // 'He' is a pronoun, whatever surnames there are.
    if (hit.tokens.end - hit.tokens.begin == 1 && IsFunctionWord(sentence_.tokens[hit.tokens.begin].lower)) {
      drop([](const Name* name) { return name->kind == NameKind::kPerson; });
    }
    for (const Name* name : names) {
      if (name->kind == NameKind::kOrganizationNoun) item.nouns.push_back(name->index);
    }
    drop([](const Name* name) { return name->kind == NameKind::kOrganizationNoun; });
    if (names.empty()) {
      item.kind = NameKind::kOrganizationNoun;
      return !item.nouns.empty();
    }
    if (!Settle(names, item)) return false;
    item.certainty = chosen ? std::min(kChosen, CertaintyOf(*item.name)) : CertaintyOf(*item.name);
    return item.kind != NameKind::kNothing;
  }

 private:
  static bool IsShortAcronym(const Name& name) {
    return name.word_count == 1 && name.shapes == static_cast<uint64_t>(Shape::kUpper) && name.text.size() <= kShortAcronym;
  }

  // Applies the rows of choices.tsv; false when the name is to be left alone.
  bool Choose(std::vector<const Name*>& names, bool& chosen) const {
    if (names.empty()) return true;
    const auto found = tables_.choices.find(names[0]->text);
    if (found == tables_.choices.end()) return true;
    for (const Choice& choice : found->second) {
      if (!choice.with.empty() && std::none_of(choice.with.begin(), choice.with.end(),
                                               [&](std::string_view word) { return article_.words.contains(Fold(word)); })) {
        continue;
      }
      if (std::any_of(choice.without.begin(), choice.without.end(), [&](std::string_view word) { return SentenceHas(word); }))
        continue;
      chosen = found->second.size() > 1;
      if (choice.code.empty()) return false;
      const uint32_t body = *article_.directory.BodyOf(choice.code);
      const bool listed = std::any_of(names.begin(), names.end(), [&](const Name* name) { return name->index == body; });
      if (listed)
        names.erase(std::remove_if(names.begin(), names.end(), [&](const Name* name) { return name->index != body; }), names.end());
      return listed;
    }
    return false;
  }

  bool SentenceHas(std::string_view word) const {
    return std::any_of(sentence_.tokens.begin(), sentence_.tokens.end(), [&](const Token& token) { return token.text == word; });
  }

  bool IsTaken(int token) const {
    return std::any_of(taken_.begin(), taken_.end(), [&](const TokenRange& range) { return range.contains(token); });
  }

  // Whether a capitalised word that no table knows stands right before, as a first name does.
  bool UnknownBefore(TokenRange range, bool first_names_only_at_start) const {
    if (range.begin == 0) return false;
    const Token& before = sentence_.tokens[range.begin - 1];
    if (!IsCapitalized(before) || IsTaken(range.begin - 1) || IsCourtesyTitle(before.lower) || IsFunctionWord(before.lower))
      return false;
    if (range.begin == 1 || IsQuoteOrColon(sentence_.tokens[range.begin - 2].text)) {
      return first_names_only_at_start && article_.directory.IsFirstName(before.lower);
    }
    return !IsMonthOrDay(before.lower);
  }

  bool UnknownAfter(TokenRange range) const {
    if (range.end >= sentence_.tokens.size()) return false;
    const Token& after = sentence_.tokens[range.end];
    return IsCapitalized(after) && !IsTaken(range.end) && !IsMonthOrDay(after.lower) && !IsFunctionWord(after.lower);
  }

  // Picks the reading by kind; of several parties the one that the article names otherwise.
  bool Settle(const std::vector<const Name*>& names, Item& item) const {
    // 'Ersin Tatar ... Tatar': who was named in full comes first.
    const auto order = [&](const Name* name) {
      if (name->kind == NameKind::kPerson && article_.full_names.contains(name->index)) return -1;
      return 2 * OrderOf(name->kind) + !name->is_main;
    };
    const Name* first =
        *std::min_element(names.begin(), names.end(), [&](const Name* a, const Name* b) { return order(a) < order(b); });
    item.kind = first->kind;
    item.name = first;
    item.body = first->index;
    if (first->kind == NameKind::kPerson) return SettlePerson(names, item);
    if (first->kind == NameKind::kRole || first->kind == NameKind::kNothing) return true;
    std::vector<const Name*> rivals;
    for (const Name* name : names) {
      if (name->kind == first->kind &&
          std::none_of(rivals.begin(), rivals.end(), [&](const Name* r) { return IsSameParty(r->index, name->index); })) {
        rivals.push_back(name);
      }
    }
    if (rivals.size() == 1) return true;
    const Name* named = nullptr;
    for (const Name* name : rivals) {
      if (!article_.names_body(name->index)) continue;
      if (named != nullptr) return false;
      named = name;
    }
    if (named == nullptr) return false;
    item.name = named;
    item.body = named->index;
    return true;
  }

  // An organ and its parent have one code.
  bool IsSameParty(uint32_t a, uint32_t b) const {
    return a == b || (!tables_.bodies[a].code.empty() && tables_.bodies[a].code == tables_.bodies[b].code);
  }

  bool SettlePerson(const std::vector<const Name*>& names, Item& item) const {
    std::vector<uint32_t> named, listed, weak;
    for (const Name* name : names) {
      if (name->kind != NameKind::kPerson) continue;
      auto& list = article_.full_names.contains(name->index) || name->is_main ? named : name->needs_support ? weak : listed;
      if (std::find(list.begin(), list.end(), name->index) == list.end()) list.push_back(name->index);
    }
    item.people = !named.empty() ? named : !listed.empty() ? listed : weak;
    item.is_weak = named.empty() && listed.empty();
    // Of several people of one name those in office on the day.
    if (item.people.size() > 1) {
      std::vector<uint32_t> in_office;
      for (uint32_t person : item.people) {
        if (article_.directory.OfPerson(person, article_.day, {}).standing == Standing::kInOffice) in_office.push_back(person);
      }
      if (!in_office.empty()) item.people = in_office;
    }
    return true;
  }

  const Article& article_;
  const Tables& tables_;
  const Sentence& sentence_;
  const bool title_case_;
  const bool all_capitals_;
  std::vector<TokenRange> taken_;
};

}  // namespace

std::vector<Item> Decide(const Article& article, const Sentence& sentence, const std::vector<Hit>& hits) {
  const Decider decider(article, sentence, hits);
  std::vector<Item> items;
  for (const Hit& hit : hits) {
    Item item;
    if (decider.Decide(hit, item)) items.push_back(std::move(item));
  }
  // 'in Cuba, New York': a town of the second.
  const std::optional<uint32_t> usa = article.directory.BodyOf("USA");
  for (size_t i = 0; i + 1 < items.size(); ++i) {
    Item& item = items[i];
    const Item& next = items[i + 1];
    if (item.tokens.begin == 0 || item.tokens.end + 1 != next.tokens.begin || next.kind != NameKind::kPlace || next.body != usa)
      continue;
    const std::string_view before = sentence.tokens[item.tokens.begin - 1].lower;
    if (sentence.tokens[item.tokens.end].text != "," || !(IsLocative(before) || before == "of" || before == "from")) continue;
    if (item.kind != NameKind::kState && item.kind != NameKind::kSeat) continue;
    item.kind = NameKind::kPlace;
    item.body = next.body;
    item.certainty = kPlace;
  }
  return items;
}

}  // namespace demarche::actors
