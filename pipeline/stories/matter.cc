#include "pipeline/stories/matter.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "pipeline/document/hash.h"
#include "pipeline/document/strings.h"

namespace demarche::stories {
namespace {

constexpr size_t kShortestWord = 4;     // words in letters; figures count from one digit on
constexpr size_t kFewestWords = 4;      // that an overlap is measured against
constexpr size_t kLongestStem = 6;      // 'negotiations' and 'negotiated' are one

// Words of any report, as stems.
const StringSet& CommonStems() {
  static const auto& stems = *new StringSet{
      "about", "accord", "after", "again", "against", "also", "amid", "among", "announ", "anothe", "april", "august", "because",
      "becaus", "been", "before", "being", "betwee", "both", "called", "capita", "confir", "could", "countr", "course", "day", "days",
      "decemb", "declar", "during", "earlie", "februa", "first", "follow", "foreig", "friday", "from", "gover", "govern", "have",
      "having", "his", "into", "januar", "july", "june", "last", "later", "leader", "made", "march", "minist", "monday", "month",
      "morning", "mornin", "more", "most", "news", "novemb", "octobe", "offici", "only", "other", "over", "presid", "prime", "report",
      "repres", "said", "saturd", "saying", "second", "secret", "septem", "should", "since", "some", "spokes", "state", "statem",
      "such", "sunday", "talk", "than", "that", "their", "them", "then", "there", "these", "they", "this", "those", "through",
      "throug", "thursd", "time", "today", "told", "toward", "tuesda", "under", "until", "wednes", "week", "were", "what", "when",
      "where", "which", "while", "will", "with", "withou", "would", "year", "yester"};
  return stems;
}

bool IsLetter(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80 || (value >= 'a' && value <= 'z') || (value >= '0' && value <= '9');
}

std::string Stem(std::string word) {
  for (const std::string_view ending : {"ing", "ed", "es", "s", "e"}) {
    if (word.size() >= ending.size() + kShortestWord && word.ends_with(ending)) {
      word.resize(word.size() - ending.size());
      break;
    }
  }
  if (word.size() > kLongestStem) word.resize(kLongestStem);
  return word;
}

template <typename Visit>
void VisitStems(std::string_view text, const Visit& visit) {
  std::string word;
  for (size_t at = 0; at <= text.size(); ++at) {
    const char byte = at < text.size() ? text[at] : ' ';
    const char lower = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    if (IsLetter(lower)) {
      word.push_back(lower);
      continue;
    }
    const bool is_figure = !word.empty() && word[0] >= '0' && word[0] <= '9';
    if (is_figure || word.size() >= kShortestWord) visit(Stem(word));
    word.clear();
  }
}

}  // namespace

std::vector<uint32_t> MatterOf(const v1::DiplomaticEvent& event) {
  StringSet names;
  const auto leave_out = [&](const auto& actors) {
    for (const v1::Actor& actor : actors) {
      for (const std::string* name : {&actor.display_name(), &actor.mention(), &actor.office()}) {
        VisitStems(*name, [&](std::string stem) { names.insert(std::move(stem)); });
      }
    }
  };
  leave_out(event.actors());
  leave_out(event.recipients());
  std::set<uint32_t> digests;
  for (const v1::Evidence& evidence : event.evidence()) {
    VisitStems(evidence.sentence(), [&](const std::string& stem) {
      if (!names.contains(stem) && !CommonStems().contains(stem)) digests.insert(static_cast<uint32_t>(Digest64(stem)));
    });
  }
  return {digests.begin(), digests.end()};
}

double MatterOverlap(const google::protobuf::RepeatedField<uint32_t>& a, const std::vector<uint32_t>& b) {
  const auto common = std::count_if(b.begin(), b.end(), [&](uint32_t word) { return std::binary_search(a.begin(), a.end(), word); });
  const size_t shorter = std::max(kFewestWords, std::min(static_cast<size_t>(a.size()), b.size()));
  return static_cast<double>(common) / static_cast<double>(shorter);
}

}  // namespace demarche::stories
