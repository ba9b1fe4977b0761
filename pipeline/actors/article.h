#ifndef DEMARCHE_PIPELINE_ACTORS_ARTICLE_H_
#define DEMARCHE_PIPELINE_ACTORS_ARTICLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "pipeline/actors/directory.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::actors {

// A run of tokens that is a name of the tables, with all readings.
struct Hit {
  document::TokenRange tokens;
  std::vector<const Name*> names;
};

// A hit that was decided.
struct Item {
  document::TokenRange tokens;
  NameKind kind = NameKind::kNothing;
  const Name* name = nullptr;
  uint32_t body = 0;             // of states, organisations, seats and places
  std::vector<uint32_t> people;  // of a person: who it may be
  std::vector<uint32_t> nouns;   // organisations that 'the <words>' means once they were named
  bool is_weak = false;          // a name that needs support and has none: only after a title
  double certainty = 1;
};

// What the stage remembers of one article while it reads it: which parties are named anywhere in it, and the mentions so
// far. Made for one document, owned by one worker.
struct Article {
  Article(const Directory& tables, document::Document& text, Day published) : directory(tables), document(text), day(published) {}

  bool names_body(uint32_t body) const { return body_counts.contains(body); }

  const Directory& directory;
  document::Document& document;
  const Day day;
  StringSet words;                                 // those with a capital, folded; only when is_ambiguous
  bool is_ambiguous = false;                       // some name needs choices.tsv
  absl::flat_hash_map<uint32_t, int> body_counts;  // bodies named without doubt, how often
  absl::flat_hash_set<uint32_t> full_names;        // people whose full name occurs
  std::optional<uint32_t> dateline;                // the state where the article was written
  StringMap<v1::Actor> unlisted;                   // people of the text alone, by folded surname
  std::vector<document::Mention> mentions;         // of all sentences so far, in the order of the text
  WordCutter cutter;                               // scratch
};

// The hits of a sentence, longest first from the left; notes in the article what they name without doubt.
std::vector<Hit> FindHits(Article& article, const document::Sentence& sentence);

// Notes the words of an ambiguous article. After the hits were found.
void NoteWords(Article& article);

// Decides the readings of the hits. What stays ambiguous is left out.
std::vector<Item> Decide(const Article& article, const document::Sentence& sentence, const std::vector<Hit>& hits);

// Appends the sentence's mentions to the article.
void AddMentions(Article& article, uint32_t sentence, const std::vector<Item>& items);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_ARTICLE_H_
