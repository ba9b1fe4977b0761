#include "pipeline/frames/lexicon.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "pipeline/frames/inflect.h"
#include "pipeline/resources/table.h"

namespace demarche::frames {
namespace {

using resources::RowError;
using resources::Split;

bool TakePrefix(std::string_view prefix, std::string_view& text) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Slot ReadSlot(std::string_view name) {
  if (name == "subj") return {Slot::Role::kSubject, ""};
  if (name == "obj") return {Slot::Role::kObject, ""};
  if (name == "poss") return {Slot::Role::kPossessor, ""};
  if (name == "content") return {Slot::Role::kContent, ""};
  if (name == "agent") return {Slot::Role::kAgent, ""};
  if (name == "clause") return {Slot::Role::kClauseSubject, ""};
  if (name == "speaker") return {Slot::Role::kSpeaker, ""};
  if (name == "light") return {Slot::Role::kLightSubject, ""};
  if (name == "place") return {Slot::Role::kPlace, ""};
  return {Slot::Role::kPreposition, std::string(name)};
}

Side ReadSide(std::string_view text) {
  Side side;
  if (!text.empty() && text.back() == '!') {
    side.required = true;
    text.remove_suffix(1);
  }
  for (std::string_view name : Split(text, ',')) side.slots.push_back(ReadSlot(name));
  return side;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Lexicon>> Lexicon::Load(const ontology::Ontology& ontology,
                                                             const resources::Overlay& overlay) {
  std::shared_ptr<Lexicon> lexicon(new Lexicon());
  if (auto status = lexicon->ReadIrregular(overlay); !status.ok()) return status;
  if (auto status = lexicon->ReadClasses(overlay); !status.ok()) return status;
  if (auto status = lexicon->ReadContents(ontology, overlay); !status.ok()) return status;
  for (std::string_view table : {"lexicon/verbs.tsv", "lexicon/nouns.tsv", "lexicon/operators.tsv"}) {
    if (auto status = lexicon->ReadSenses(table, ontology, overlay); !status.ok()) return status;
  }
  for (Sense& sense : lexicon->senses_) {
    for (const Element& element : sense.elements) {
      if (!element.optional && !element.words.empty()) sense.needs.push_back(lexicon->word_sets_.Add(element.words));
    }
  }
  if (auto status = lexicon->ReadRanks(ontology, overlay); !status.ok()) return status;
  return std::shared_ptr<const Lexicon>(std::move(lexicon));
}

absl::Status Lexicon::ReadIrregular(const resources::Overlay& overlay) {
  const auto rows = overlay.ReadBuiltInTable("lexicon/irregular.tsv", 2);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    std::vector<std::string>& forms = irregular_[std::string(row.cells[0])];
    for (std::string_view form : Split(row.cells[1], ' ')) forms.emplace_back(form);
  }
  return absl::OkStatus();
}

void Lexicon::AddForms(std::string_view lemma, StringSet& target) const {
  for (std::string& form : RegularForms(lemma)) target.insert(std::move(form));
  const auto found = irregular_.find(lemma);
  if (found == irregular_.end()) return;
  for (const std::string& form : found->second) target.insert(form);
}

absl::Status Lexicon::ReadClasses(const resources::Overlay& overlay) {
  const auto rows = overlay.ReadBuiltInTable("lexicon/classes.tsv", 2);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    StringSet& words = classes_[std::string(row.cells[0])];
    for (std::string_view word : Split(row.cells[1], ' ')) AddForms(word, words);
  }
  return absl::OkStatus();
}

absl::Status Lexicon::AddWords(std::string_view words, StringSet& target) const {
  for (std::string_view word : Split(words, '|')) {
    if (word.empty()) return absl::InvalidArgumentError("empty word");
    if (word.find(':') != std::string_view::npos) return absl::InvalidArgumentError("not a word: '" + std::string(word) + "'");
    if (word[0] != '@') {
      AddForms(word, target);
      continue;
    }
    const auto found = classes_.find(word.substr(1));
    if (found == classes_.end()) return absl::InvalidArgumentError("unknown class '" + std::string(word) + "'");
    for (const std::string& member : found->second) target.insert(member);
  }
  return absl::OkStatus();
}

absl::Status Lexicon::ParsePattern(std::string_view pattern, Sense& sense) const {
  bool has_head = false;
  for (std::string_view part : Split(pattern, ' ')) {
    Element element;
    if (part == "*") {
      element.role = Element::Role::kGap;
      sense.elements.push_back(std::move(element));
      continue;
    }
    const size_t slash = part.find('/');
    if (slash != std::string_view::npos) {
      if (has_head) return absl::InvalidArgumentError("second head '" + std::string(part) + "'");
      const std::string_view pos = part.substr(slash + 1);
      if (pos != "v" && pos != "n" && pos != "a")
        return absl::InvalidArgumentError("unknown part of speech '" + std::string(pos) + "'");
      sense.head_class = pos == "v" ? HeadClass::kVerb : pos == "n" ? HeadClass::kNoun : HeadClass::kAdjective;
      sense.head = sense.elements.size();
      element.role = Element::Role::kHead;
      has_head = true;
      part = part.substr(0, slash);
    } else if (TakePrefix("obj:", part)) {
      element.role = Element::Role::kObject;
    } else if (TakePrefix("subj:", part)) {
      element.role = Element::Role::kSubject;
    } else if (TakePrefix("?", part)) {
      element.optional = true;
    }
    if (auto status = AddWords(part, element.words); !status.ok()) return status;
    sense.elements.push_back(std::move(element));
  }
  return has_head ? absl::OkStatus() : absl::InvalidArgumentError("no head in '" + std::string(pattern) + "'");
}

absl::Status Lexicon::ReadSenses(std::string_view table, const ontology::Ontology& ontology, const resources::Overlay& overlay) {
  const auto rows = overlay.ReadBuiltInTable(table, 4);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    Sense sense;
    sense.line = row.line;
    sense.pattern = row.cells[0];
    if (auto status = ParsePattern(row.cells[0], sense); !status.ok()) return RowError(row, View(status.message()), row.cells[0]);
    sense.kind = row.cells[1];
    const size_t arrow = row.cells[2].find('>');
    if (arrow == std::string_view::npos) return RowError(row, "no '>' in slots", row.cells[2]);
    for (const std::string_view side : {row.cells[2].substr(0, arrow), row.cells[2].substr(arrow + 1)}) {
      const size_t mark = side.find('!');
      if (mark != std::string_view::npos && mark + 1 < side.size())
        return RowError(row, "'!' may only stand at the end of a side", side);
    }
    sense.actors = ReadSide(row.cells[2].substr(0, arrow));
    sense.recipients = ReadSide(row.cells[2].substr(arrow + 1));
    for (std::string_view option : Split(row.cells[3], ' ')) {
      if (option == "mutual") {
        sense.mutual = true;
      } else if (option == "several") {
        sense.several = sense.mutual = true;
      } else if (option == "reciprocal") {
        sense.reciprocal = sense.mutual = true;
      } else if (option == "domestic") {
        sense.domestic = true;
      } else if (option == "content_only") {
        sense.content_only = true;
      } else if (option == "active") {
        sense.active = true;
      } else if (option == "factive") {
        sense.factive = true;
      } else if (TakePrefix("content=", option)) {
        if (!contents_.contains(option)) return RowError(row, "no rows in contents.tsv for", option);
        sense.content = option;
      } else if (TakePrefix("score=", option)) {
        if (!absl::SimpleAtod(View(option), &sense.score)) return RowError(row, "not a number:", option);
      } else if (TakePrefix("unless=", option)) {
        if (auto status = AddWords(option, sense.unless); !status.ok()) return RowError(row, "bad words", option);
      } else {
        return RowError(row, "unknown option", option);
      }
    }
    if (sense.content.empty() && ontology.FindKind(sense.kind) == nullptr) return RowError(row, "unknown kind", sense.kind);
    const uint32_t index = static_cast<uint32_t>(senses_.size());
    for (const std::string& word : sense.elements[sense.head].words) heads_[word].push_back(index);
    senses_.push_back(std::move(sense));
  }
  return absl::OkStatus();
}

absl::Status Lexicon::ReadContents(const ontology::Ontology& ontology, const resources::Overlay& overlay) {
  constexpr std::string_view kTable = "lexicon/contents.tsv";
  const auto rows = overlay.ReadBuiltInTable(kTable, 3);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    for (std::string_view content : Split(row.cells[1], ',')) {
      const bool any = content == "*" || content == "-" || content == "+";
      const bool type = ontology::TypeFromName(content) != v1::EVENT_TYPE_UNSPECIFIED;
      if (!any && !type && ontology.FindKind(content) == nullptr) return RowError(row, "unknown content", content);
      if (!row.cells[2].empty() && ontology.FindKind(row.cells[2]) == nullptr) {
        return RowError(row, "unknown kind", row.cells[2]);
      }
      for (std::string_view table : Split(row.cells[0], '|')) {
        contents_[std::string(table)].push_back({std::string(content), std::string(row.cells[2])});
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Lexicon::ReadRanks(const ontology::Ontology& ontology, const resources::Overlay& overlay) {
  constexpr std::string_view kTable = "lexicon/ranks.tsv";
  const auto rows = overlay.ReadBuiltInTable(kTable, 2);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    for (std::string_view kind : row.cells) {
      if (ontology.FindKind(kind) == nullptr) return RowError(row, "unknown kind", kind);
    }
    ranks_[std::string(row.cells[0])] = std::string(row.cells[1]);
  }
  return absl::OkStatus();
}

const std::vector<uint32_t>* Lexicon::SensesOf(std::string_view form) const {
  const auto found = heads_.find(form);
  return found == heads_.end() ? nullptr : &found->second;
}

std::string_view Lexicon::KindOver(std::string_view table, const ontology::KindInfo* content, bool has_clause) const {
  const auto found = contents_.find(table);
  if (found == contents_.end()) return {};
  const std::string_view nothing = has_clause ? "+" : "-";
  const std::string_view kind = content == nullptr ? nothing : std::string_view(content->kind);
  const std::string_view type = content == nullptr ? nothing : ontology::TypeName(content->type);
  const std::string_view any = content == nullptr ? nothing : std::string_view("*");
  for (const std::string_view wanted : {kind, type, any}) {
    for (const ContentRule& rule : found->second) {
      if (rule.content == wanted) return rule.kind;
    }
  }
  return {};
}

std::string_view Lexicon::MinisterialKind(std::string_view kind) const {
  const auto found = ranks_.find(kind);
  return found == ranks_.end() ? std::string_view() : std::string_view(found->second);
}

const StringSet& Lexicon::Class(std::string_view name) const {
  const auto found = classes_.find(name);
  return found == classes_.end() ? none_ : found->second;
}

}  // namespace demarche::frames
