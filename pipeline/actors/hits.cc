#include <algorithm>
#include <string_view>
#include <utility>

#include "pipeline/actors/article.h"

namespace demarche::actors {
namespace {

using document::Sentence;

// Notes the parties that a hit names without doubt.
void NoteNamed(Article& article, const Hit& hit) {
  const Name* only = nullptr;
  for (const Name* name : hit.names) {
    if (name->kind == NameKind::kPerson && name->is_main) article.full_names.insert(name->index);
    if (!IsBody(name->kind) || name->kind == NameKind::kPlace || name->kind == NameKind::kOrganizationNoun) continue;
    if (name->needs_support || (only != nullptr && only->index != name->index)) return;
    only = name;
  }
  if (only != nullptr && !article.directory.tables().choices.contains(only->text)) ++article.body_counts[only->index];
}

// 'A U.S. official' does not begin with 'A.U.': letters that make a name touch.
bool StartsApart(std::string_view text, const std::vector<Word>& words, size_t at, size_t length) {
  const auto is_letter = [](const Word& word) { return word.end - word.begin == 1; };
  return length > 1 && is_letter(words[at]) && is_letter(words[at + 1]) && text[words[at].end] != '.';
}

}  // namespace

std::vector<Hit> FindHits(Article& article, const Sentence& sentence) {
  const NameIndex& names = article.directory.tables().names;
  const auto& choices = article.directory.tables().choices;
  const document::CleanText& text = article.document.text(sentence.field);
  WordCutter& cutter = article.cutter;
  cutter.Cut(text.text, text.lower, sentence.span.begin, sentence.span.end);
  std::vector<Word>& words = cutter.words();
  names.Number(words);
  std::vector<Hit> hits;
  std::vector<const Name*> found;
  size_t token = 0;
  for (size_t at = 0; at < words.size();) {
    size_t length = names.Longest(words, at, found);
    if (length > 0 && text.text.compare(words[at + length - 1].end, 1, "$") == 0) length = 0;  // 'US$'
    if (length == 0 || StartsApart(text.text, words, at, length)) {
      ++at;
      continue;
    }
    while (token + 1 < sentence.tokens.size() && sentence.tokens[token].span.end <= words[at].begin) ++token;
    size_t last = token;
    while (last + 1 < sentence.tokens.size() && sentence.tokens[last].span.end < words[at + length - 1].end) ++last;
    const auto has_choice = [&](const Name* name) { return choices.contains(name->text); };
    article.is_ambiguous = article.is_ambiguous || std::any_of(found.begin(), found.end(), has_choice);
    Hit hit{{static_cast<uint16_t>(token), static_cast<uint16_t>(last + 1)}, found};
    // A full stop of an abbreviation belongs to it: 'U.S.'.
    if (hits.empty() || !hits.back().tokens.overlaps(hit.tokens)) {
      NoteNamed(article, hit);
      hits.push_back(std::move(hit));
    }
    at += length;
  }
  return hits;
}

void NoteWords(Article& article) {
  if (!article.is_ambiguous) return;
  for (const Sentence& sentence : article.document.sentences) {
    const document::CleanText& text = article.document.text(sentence.field);
    article.cutter.Cut(text.text, text.lower, sentence.span.begin, sentence.span.end);
    for (const Word& word : article.cutter.words()) {
      if (word.shape != Shape::kLower) article.words.emplace(word.lower);
    }
  }
}

}  // namespace demarche::actors
