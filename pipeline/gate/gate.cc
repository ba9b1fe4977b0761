#include "pipeline/gate/gate.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"

namespace demarche::gate {
namespace {

using document::Document;
using document::Field;
using document::Sentence;
using document::Token;

// What is left of a word form without its inflection: 'threatened', 'threatens' and 'threatening' give 'threaten'.
std::string_view StemOf(std::string_view word) {
  for (std::string_view ending : {"ing", "ies", "ied", "ed", "es", "s", "e", "y"}) {
    if (word.size() >= kMinStemBytes + ending.size() && word.substr(word.size() - ending.size()) == ending) {
      return word.substr(0, word.size() - ending.size());
    }
  }
  return word;
}

// Sorted. Words that begin a sentence with a capital and are no names.
constexpr std::string_view kPlainStarters[] = {
    "a",        "about",     "above",     "according",   "across",     "additionally", "after",      "again",        "all",
    "almost",   "already",   "also",      "although",    "am",         "amid",         "among",      "an",           "and",
    "another",  "any",       "are",       "around",      "as",         "at",           "away",       "back",         "be",
    "because",  "been",      "before",    "behind",      "being",      "below",        "beside",     "besides",      "between",
    "beyond",   "both",      "but",       "by",          "can",        "could",        "currently",  "despite",      "did",
    "do",       "does",      "down",      "during",      "each",       "earlier",      "either",     "else",         "even",
    "ever",     "every",     "everybody", "everyone",    "everything", "few",          "finally",    "first",        "for",
    "four",     "from",      "further",   "furthermore", "had",        "has",          "have",       "he",           "hence",
    "her",      "here",      "hers",      "herself",     "him",        "himself",      "his",        "how",          "however",
    "i",        "if",        "in",        "indeed",      "initially",  "inside",       "instead",    "into",         "is",
    "it",       "its",       "itself",    "just",        "last",       "later",        "least",      "less",         "like",
    "many",     "may",       "maybe",     "me",          "meanwhile",  "might",        "more",       "moreover",     "most",
    "much",     "must",      "my",        "near",        "nearly",     "neither",      "never",      "nevertheless", "next",
    "no",       "nobody",    "none",      "nor",         "not",        "nothing",      "now",        "of",           "off",
    "often",    "on",        "once",      "one",         "only",       "or",           "other",      "others",       "otherwise",
    "our",      "out",       "outside",   "over",        "overall",    "own",          "perhaps",    "quite",        "rather",
    "recently", "several",   "shall",     "she",         "should",     "similarly",    "since",      "so",           "some",
    "somebody", "someone",   "something", "sometimes",   "soon",       "still",        "such",       "ten",          "than",
    "that",     "the",       "their",     "them",        "then",       "there",        "thereafter", "therefore",    "these",
    "they",     "this",      "those",     "though",      "three",      "through",      "throughout", "thus",         "to",
    "today",    "together",  "too",       "toward",      "towards",    "two",          "under",      "unless",       "unlike",
    "until",    "up",        "upon",      "us",          "very",       "was",          "we",         "were",         "what",
    "whatever", "when",      "whenever",  "where",       "whereas",    "wherever",     "whether",    "which",        "while",
    "who",      "whoever",   "whom",      "whose",       "why",        "will",         "with",       "within",       "without",
    "would",    "yesterday", "yet",       "you",         "your"};

bool IsPlainStarter(std::string_view lower) {
  return std::binary_search(std::begin(kPlainStarters), std::end(kPlainStarters), lower);
}

// A letter beyond ASCII at the start counts as a capital: names with one are frequent, other such words are rare.
bool IsCapitalized(const Token& token) {
  const auto first = static_cast<unsigned char>(token.text.front());
  return absl::ascii_isupper(first) || (first >= 0xC3 && first <= 0xDF);
}

}  // namespace

Gate::Gate(StringSet trigger_words) : words_(std::move(trigger_words)) {
  for (const std::string& word : words_) {
    const std::string_view stem = StemOf(word);
    if (stem.size() < kMinStemBytes) continue;
    stems_.emplace(stem);
    longest_stem_ = std::max(longest_stem_, stem.size());
  }
}

bool Gate::IsTrigger(std::string_view lower) const {
  if (words_.contains(lower)) return true;
  const size_t longest = std::min(lower.size(), longest_stem_);
  for (size_t size = kMinStemBytes; size <= longest; ++size) {
    if (stems_.contains(lower.substr(0, size))) return true;
  }
  return false;
}

std::string_view Gate::Cue(const Sentence& sentence) const {
  if (sentence.is_headline) return "headline";
  for (size_t i = 0; i < sentence.tokens.size(); ++i) {
    const Token& token = sentence.tokens[i];
    if (IsCapitalized(token) && (i == 0 ? !IsPlainStarter(token.lower) : token.text != "I")) return "name";
    if (IsTrigger(token.lower)) return "trigger";
  }
  return "";
}

absl::Status Gate::Process(Document& document) const {
  int lead = 0;
  for (Sentence& sentence : document.sentences) {
    std::string_view cue = Cue(sentence);
    const bool is_lead = sentence.field == Field::kBody && !sentence.is_headline && lead++ < kLeadSentences;
    if (sentence.field == Field::kTitle) cue = "title";
    if (is_lead) cue = "lead";
    sentence.is_gated = !cue.empty();
    if (document.trace != nullptr) {
      document.Note(sentence, sentence.span, sentence.is_gated ? "passes: " + std::string(cue) : "dropped: no name, no trigger");
    }
  }
  return absl::OkStatus();
}

}  // namespace demarche::gate
