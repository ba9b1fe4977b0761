#include "pipeline/assembly/attribution.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "pipeline/assembly/draft.h"

namespace demarche::assembly {
namespace {

using clause::Link;
using document::Document;
using document::Frame;
using document::Mention;
using document::Sentence;
using document::TokenRange;

constexpr size_t kLongestSource = 10;  // tokens of a source after 'according to'

constexpr std::string_view kOutlets[] = {"agency", "newspaper", "daily",   "media",    "broadcaster", "television", "tv",
                                         "paper",  "radio",     "reuters", "axios",    "bloomberg",   "bbc",        "cnn",
                                         "afp",    "xinhua",    "tass",    "interfax", "post",        "times",      "journal",
                                         "outlet", "magazine",  "ansa",    "politico", "guardian",    "reporters"};

const Mention* MentionIn(const Document& document, uint32_t sentence, TokenRange range) {
  const auto mentions = document.MentionsIn(sentence);
  const auto found =
      std::find_if(mentions.begin(), mentions.end(), [&](const Mention& mention) { return mention.tokens.overlaps(range); });
  return found == mentions.end() ? nullptr : &*found;
}

v1::Attribution Make(const Document& document, uint32_t sentence_index, TokenRange range) {
  const Sentence& sentence = document.sentences[sentence_index];
  v1::Attribution attribution;
  const document::Span span = document::SpanOf(sentence, range);
  attribution.set_mention(document.text(sentence.field).text.substr(span.begin, span.size()));
  bool is_outlet = false;
  for (int t = range.begin; t < range.end; ++t) {
    is_outlet |= std::find(std::begin(kOutlets), std::end(kOutlets), sentence.tokens[t].lower) != std::end(kOutlets);
  }
  const Mention* mention = MentionIn(document, sentence_index, range);
  if (mention != nullptr) *attribution.mutable_actor() = mention->actor;
  attribution.set_kind(is_outlet            ? v1::ATTRIBUTION_KIND_OUTLET
                       : mention != nullptr ? v1::ATTRIBUTION_KIND_NAMED
                                            : v1::ATTRIBUTION_KIND_ANONYMOUS);
  return attribution;
}

// The noun phrase after 'according to'; empty when there is none.
TokenRange AccordingTo(const Sentence& sentence) {
  for (size_t t = 0; t + 2 < sentence.tokens.size(); ++t) {
    if (sentence.tokens[t].lower != "according" || sentence.tokens[t + 1].lower != "to") continue;
    size_t end = t + 2;
    while (end < sentence.tokens.size() && end < t + 2 + kLongestSource && sentence.tokens[end].lower != "," &&
           sentence.tokens[end].lower != "." && !clause::IsHardBoundary(sentence.tokens, end)) {
      ++end;
    }
    return {static_cast<uint16_t>(t + 2), static_cast<uint16_t>(end)};
  }
  return {};
}

int SpeechGroup(const Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar, int group) {
  for (int steps = 0; group >= 0 && steps < clause::kDeepestChain; ++steps) {
    const clause::VerbGroup& verb = clauses.groups[group];
    if ((verb.link == Link::kContent || verb.link == Link::kQuoted) && verb.parent >= 0 &&
        grammar.speech.contains(sentence.tokens[clauses.groups[verb.parent].head].lemma)) {
      return verb.parent;
    }
    group = verb.parent;
  }
  return -1;
}

bool ActsIn(const Document& document, const Frame& frame, const v1::Attribution& attribution) {
  const std::string& code = CodeOf(attribution.actor());
  if (code.empty()) return false;
  return std::any_of(frame.actors.begin(), frame.actors.end(),
                     [&](uint32_t actor) { return CodeOf(document.mentions[actor].actor) == code; });
}

}  // namespace

std::optional<v1::Attribution> FindAttribution(const Document& document, const Frame& frame, const clause::Clauses& clauses,
                                               const clause::Grammar& grammar) {
  const Sentence& sentence = document.sentences[frame.sentence];
  TokenRange source = AccordingTo(sentence);
  if (source.empty()) {
    const int speech = clauses.SubjectGroup(SpeechGroup(sentence, clauses, grammar, clauses.At(frame.head)));
    if (speech < 0) return std::nullopt;
    source = clauses.groups[speech].subject;
  }
  v1::Attribution attribution = Make(document, frame.sentence, source);
  if (ActsIn(document, frame, attribution)) return std::nullopt;
  return attribution;
}

}  // namespace demarche::assembly
