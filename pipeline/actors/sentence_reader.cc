#include "pipeline/actors/sentence_reader.h"

#include <algorithm>

namespace demarche::actors {
namespace {

constexpr int kMaxModifiers = 3;  // words between a state and its role noun
constexpr int kMaxNameWords = 5;  // of a person no table knows

}  // namespace

bool SentenceReader::IsModifierAt(int token) const {
  if (token < 0 || token >= size()) return false;
  const document::Upos upos = sentence_.tokens[token].upos;
  if (IsModifier(lower(token))) return true;
  return !Capitalized(token) && (upos == document::Upos::kAdj || upos == document::Upos::kNum) && !IsFunctionWord(lower(token));
}

std::string SentenceReader::Words(int begin, int end) const {
  const document::Span span = SpanOf(sentence_, {static_cast<uint16_t>(begin), static_cast<uint16_t>(end)});
  return clean_.substr(span.begin, span.size());
}

std::optional<RolePhrase> SentenceReader::ReadRole(size_t item) const {
  if (item >= items_.size() || items_[item].kind != NameKind::kRole) return std::nullopt;
  if (sentence_.tokens[items_[item].tokens.end - 1].xpos == "VB") return std::nullopt;  // 'that Tehran ship its stockpile'
  RolePhrase phrase;
  phrase.begin = items_[item].tokens.begin;
  for (;; ++item) {
    phrase.role = &tables_.roles[items_[item].name->index];
    phrase.is_plural = items_[item].name->is_plural;
    phrase.end = items_[item].tokens.end;
    phrase.next = item + 1;
    int after = phrase.end;
    while (item + 1 < items_.size() && after < items_[item + 1].tokens.begin && after < phrase.end + 2 &&
           (IsModifierAt(after) || IsPossessiveMark(text(after)))) {
      ++after;
    }
    if (!ItemAt(item + 1, after) || items_[item + 1].kind != NameKind::kRole) return phrase;
  }
}

std::optional<RolePhrase> SentenceReader::ReadRoleAfter(int end, size_t next) const {
  int token = end;
  const bool owns = IsPossessiveMark(text(token));
  if (owns) ++token;
  for (int skipped = 0; skipped <= kMaxModifiers; ++skipped, ++token) {
    if (ItemAt(next, token)) {
      if (items_[next].kind == NameKind::kRole) return ReadRole(next);
      // 'Israel's defence ministry' may begin with a word that is a name of its own kind.
      return std::nullopt;
    }
    if (lower(token) == "-" && token > end && IsModifierAt(token - 1)) continue;
    if (token >= size() || !IsModifierAt(token)) return std::nullopt;
    if (!owns && sentence_.tokens[token].upos == document::Upos::kNum) return std::nullopt;  // 'gave Ukraine twenty officers'
  }
  return std::nullopt;
}

int SentenceReader::UnlistedNameEnd(int token) const {
  int end = token, words = 0;
  for (; end < size() && words < kMaxNameWords; ++end) {
    if (text(end) == "-" && words > 0 && Capitalized(end + 1) &&
        sentence_.tokens[end].span.begin == sentence_.tokens[end - 1].span.end)
      continue;
    const bool taken = std::any_of(items_.begin(), items_.end(),
                                   [&](const Item& item) { return item.tokens.contains(end) && item.kind != NameKind::kPerson; });
    if (taken || IsMonthOrDay(lower(end)) || (Capitalized(end) && IsFunctionWord(lower(end)))) break;
    if (Capitalized(end)) {
      ++words;
    } else if (words == 0 || !IsNameParticle(lower(end)) || !(Capitalized(end + 1) || text(end + 1) == "-")) {
      break;
    }
  }
  while (end > token && !Capitalized(end - 1)) --end;
  return end;
}

std::optional<uint32_t> SentenceReader::PlaceInSentence() const {
  std::optional<uint32_t> place;
  for (const Item& item : items_) {
    const int before = lower(item.tokens.begin - 1) == "the" ? item.tokens.begin - 2 : item.tokens.begin - 1;
    if (!IsBodyItem(item) || IsAdjectiveItem(item) || !tables_.bodies[item.body].is_state || !IsLocative(lower(before))) continue;
    if (place && *place != item.body) return std::nullopt;
    place = item.body;
  }
  return place;
}

std::string_view SentenceReader::PrefixOf(int token) const {
  const size_t hyphen = lower(token).find('-');
  return hyphen != std::string_view::npos ? lower(token).substr(0, hyphen) : lower(token - 1) == "-" ? lower(token - 2) : "";
}

bool SentenceReader::IsAttitude(int token) const { return PrefixOf(token) == "anti" || IsNotOf(token); }

bool SentenceReader::IsNotOf(int token) const {
  const std::string_view prefix = PrefixOf(token);
  return prefix == "pro" || prefix == "non" || prefix == "pan";
}

bool SentenceReader::IsDateline(const Item& item) const { return item.tokens.end <= sentence_.dateline; }

}  // namespace demarche::actors
