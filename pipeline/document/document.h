#ifndef DEMARCHE_PIPELINE_DOCUMENT_DOCUMENT_H_
#define DEMARCHE_PIPELINE_DOCUMENT_DOCUMENT_H_

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demarche/v1/classifier_service.pb.h"
#include "demarche/v1/event.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/document/clean_text.h"
#include "pipeline/document/span.h"

namespace demarche::document {

// Universal parts of speech.
enum class Upos : uint8_t {
  kUnknown,
  kAdj,
  kAdp,
  kAdv,
  kAux,
  kCconj,
  kDet,
  kIntj,
  kNoun,
  kNum,
  kPart,
  kPron,
  kPropn,
  kPunct,
  kSconj,
  kSym,
  kVerb,
  kX
};

inline constexpr int16_t kNoHead = -2;  // not parsed
inline constexpr int16_t kRoot = -1;

// A token as the UD English treebanks cut it ("don't" is "do" + "n't"). Views point into the Document.
struct Token {
  Span span;               // in the clean text of the sentence's field
  std::string_view text;   // as written
  std::string_view lower;  // ASCII lower case
  std::string_view lemma;  // dictionary form, lower case; `lower` until the syntax stage ran
  Upos upos = Upos::kUnknown;
  std::string_view xpos;   // Penn tag: VBD, VBN ...; empty until the syntax stage ran
  int16_t head = kNoHead;  // index of the head in the sentence, kRoot, or kNoHead when not parsed
  std::string_view label;  // UD relation to the head; empty when not parsed
};

// Whom a sentence speaks of, as far as its words alone tell.
enum class PartyCue : uint8_t {
  kNone,
  kRefersBack,  // a pronoun, a role noun: somebody, if the text names a party
  kNamed,
};

// Tokens [begin, end) of a sentence.
struct TokenRange {
  uint16_t begin = 0;
  uint16_t end = 0;

  bool contains(int token) const { return begin <= token && token < end; }
  bool overlaps(const TokenRange& other) const { return begin < other.end && other.begin < end; }
  bool empty() const { return begin == end; }
  friend bool operator==(const TokenRange&, const TokenRange&) = default;
};

struct Sentence {
  Field field = Field::kBody;
  Span span;               // in the clean text
  uint32_t paragraph = 0;  // counted through the field
  std::vector<Token> tokens;
  uint16_t dateline = 0;     // tokens at its beginning that say where it was written: 'HANOI, July 16 -'
  bool is_headline = false;  // the title, a heading: present tense for past, no auxiliaries
  bool is_gated = true;      // passed the gate: later stages look at it
};

// What sort of thing a mention names.
enum class MentionKind : uint8_t { kState, kOrganization, kPerson, kRole, kGroup, kPronoun };

// A party named in the text, resolved at the publication date.
struct Mention {
  uint32_t sentence = 0;
  TokenRange tokens;  // the whole phrase: 'Estonian Prime Minister Kaja Kallas' is one mention
  uint16_t head = 0;  // its head token
  MentionKind kind = MentionKind::kState;
  v1::Actor actor;              // who it is; `mention` holds the words
  bool is_adjective = false;    // a demonym used as a modifier: 'Russian' in 'Russian gas'
  bool is_possessive = false;   // followed by 's
  bool is_plural = false;       // several people: 'troops', 'Russians'; 'they' may mean them
  bool is_institution = false;  // a role noun that is no person: 'the army', 'the ministry'; 'it' may mean it
  double certainty = 1;         // 1 for an unambiguous name, less for ambiguous ones and coreference
};

// A reading of a trigger with its arguments; several may compete for the same words.
struct Frame {
  uint32_t sentence = 0;
  TokenRange trigger;                               // the words that name the event
  uint16_t head = 0;                                // the verb or noun that carries tense and negation
  std::string kind;                                 // of the ontology
  v1::EventType type = v1::EVENT_TYPE_UNSPECIFIED;  // where the reading overrides the kind's type; else unspecified
  std::vector<uint32_t> actors;                     // indices into Document::mentions
  std::vector<uint32_t> recipients;                 // indices into Document::mentions
  bool reciprocal = false;
  bool is_domestic = false;  // the text names one side: the other is taken to be the same country
  double score = 0;          // higher is better; comparable inside a document
};

// What tells copies of a text from others: digests of its words.
struct Print {
  uint64_t exact = 0;               // of title and body as received
  std::vector<uint32_t> sketch;     // the smallest digests of word sequences of the body, ascending, no two equal
  std::vector<uint64_t> sentences;  // of each sentence, ascending, no two equal
};

// One item on its way through the stages: each stage adds its part and leaves the others' alone.
// Lifetime: made for one item, owned by one worker, neither copied nor moved (tokens hold views into it).
struct Document {
  explicit Document(const v1::NewsItem& news_item) : item(news_item) {}
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const CleanText& text(Field field) const { return texts[static_cast<int>(field)]; }
  // Keeps a string for as long as the document lives and returns a view of it.
  std::string_view Keep(std::string value) { return kept.emplace_back(std::move(value)); }
  // Of one sentence.
  std::span<const Mention> MentionsIn(uint32_t sentence) const;
  // A decision for `explain`; does nothing unless a trace was asked for.
  void Note(const Sentence& sentence, Span clean, std::string text);
  void Note(std::string text);

  const v1::NewsItem& item;                  // as received
  std::array<CleanText, kFieldCount> texts;  // normalize
  std::string language_code;                 // normalize: BCP 47; empty when unknown
  bool is_supported_language = true;         // normalize: when false nothing after it runs
  std::vector<Sentence> sentences;           // segment; is_gated: gate; lemma, upos, head, label: syntax
  Print print;                               // prints
  std::vector<Mention> mentions;             // actors, in the order of the text
  std::vector<Frame> frames;                 // frames, in the order of the text
  std::vector<v1::DiplomaticEvent> events;   // assembly, in the order of the text
  std::deque<std::string> kept;
  v1::StageTrace* trace = nullptr;  // the stage that runs now; null unless `explain`
};

// Offsets into the field as received, for evidence.
v1::TextSpan ToReceived(const Document& document, Field field, Span clean);

// The clean span of tokens.
Span SpanOf(const Sentence& sentence, TokenRange tokens);

}  // namespace demarche::document

#endif  // DEMARCHE_PIPELINE_DOCUMENT_DOCUMENT_H_
