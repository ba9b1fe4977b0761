#ifndef DEMARCHE_PIPELINE_FRAMES_LEXICON_H_
#define DEMARCHE_PIPELINE_FRAMES_LEXICON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/strings.h"
#include "pipeline/frames/word_sets.h"
#include "pipeline/resources/ontology/ontology.h"

namespace demarche::frames {

// One step of a pattern.
struct Element {
  enum class Role : uint8_t {
    kHead,     // the verb, noun or adjective that carries the sense
    kWord,     // a word beside the one before
    kGap,      // up to five words inside the clause
    kObject,   // a noun in the object phrase; the subject's when passive
    kSubject,  // a noun in the subject phrase
  };
  Role role = Role::kWord;
  bool optional = false;  // a particle that may be there
  StringSet words;
};

// Where a party is looked for.
struct Slot {
  enum class Role : uint8_t {
    kSubject,
    kObject,
    kPossessor,
    kLightSubject,
    kPreposition,
    kContent,
    kAgent,
    kPlace,
    kClauseSubject,
    kSpeaker,
  };
  Role role = Role::kSubject;
  std::string preposition;  // for kPreposition
};

// Alternatives in order; the first that finds somebody fills the side.
struct Side {
  std::vector<Slot> slots;
  bool required = false;
};

enum class HeadClass : uint8_t { kVerb, kNoun, kAdjective };

// One sense of a trigger.
struct Sense {
  int line = 0;
  std::string pattern;
  std::vector<Element> elements;
  size_t head = 0;  // index of the head element
  HeadClass head_class = HeadClass::kVerb;
  std::string kind;  // empty for an operator: the kind follows from its content
  Side actors;
  Side recipients;
  bool mutual = false;        // two or more actors and nobody else: all took part alike
  bool several = false;       // only so
  bool reciprocal = false;    // always
  bool domestic = false;      // a side that the text leaves out is the other one's country
  bool factive = false;       // an operator whose content is asserted as well
  bool active = false;        // not in the passive
  bool content_only = false;  // no event of its own: only what an operator governs
  double score = 0;
  std::string content;          // an operator: its table in contents.tsv
  StringSet unless;             // lemmas that may not stand in the clause
  std::vector<uint32_t> needs;  // word sets of the elements that must be there
};

// What an operator makes of its content.
struct ContentRule {
  std::string content;  // a kind, a type, `*` for any event, `+` for a clause without one, `-` for no clause
  std::string kind;     // what the operator then is
};

// The trigger senses. Immutable after Load; shared by all threads.
class Lexicon {
 public:
  // Reads the tables of `lexicon/`, with what is laid over them. INVALID_ARGUMENT with file and line.
  static absl::StatusOr<std::shared_ptr<const Lexicon>> Load(const ontology::Ontology& ontology,
                                                             const resources::Overlay& overlay = {});

  const std::vector<Sense>& senses() const { return senses_; }
  // Indices of the senses whose head may be this word, in any form; null when none.
  const std::vector<uint32_t>* SensesOf(std::string_view form) const;
  // The kind that an operator has over this content; empty when it is no event. `content` is null for no content;
  // `has_clause`: whether it governs a clause at all.
  std::string_view KindOver(std::string_view table, const ontology::KindInfo* content, bool has_clause) const;
  // The ministerial kind beside a leaders' kind; empty when it has none.
  std::string_view MinisterialKind(std::string_view kind) const;
  const StringSet& Class(std::string_view name) const;
  // The sets of words that elements ask for.
  const WordSets& word_sets() const { return word_sets_; }
  // Every form of every head, with its senses.
  const StringMap<std::vector<uint32_t>>& heads() const { return heads_; }

 private:
  Lexicon() = default;
  absl::Status ReadIrregular(const resources::Overlay& overlay);
  absl::Status ReadClasses(const resources::Overlay& overlay);
  absl::Status ReadSenses(std::string_view table, const ontology::Ontology& ontology, const resources::Overlay& overlay);
  absl::Status ReadContents(const ontology::Ontology& ontology, const resources::Overlay& overlay);
  absl::Status ReadRanks(const ontology::Ontology& ontology, const resources::Overlay& overlay);
  absl::Status ParsePattern(std::string_view pattern, Sense& sense) const;
  absl::Status AddWords(std::string_view words, StringSet& target) const;
  // The word in all its forms: tables name lemmas, and a lemmatiser may err.
  void AddForms(std::string_view lemma, StringSet& target) const;

  StringMap<std::vector<std::string>> irregular_;  // forms by lemma
  StringMap<StringSet> classes_;
  std::vector<Sense> senses_;
  StringMap<std::vector<uint32_t>> heads_;
  StringMap<std::vector<ContentRule>> contents_;
  StringMap<std::string> ranks_;
  WordSets word_sets_;
  StringSet none_;
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_LEXICON_H_
