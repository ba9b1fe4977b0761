#include "pipeline/stories/matter.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "pipeline/document/hash.h"

namespace demarche::stories {
namespace {

constexpr size_t kShortestWord = 4;  // words in letters; figures count from one digit on
constexpr size_t kFewestWords = 4;   // that an overlap is measured against
constexpr size_t kNameLetters = 4;   // that 'Ghana' and 'Ghanaian' share
constexpr size_t kLongestStem = 6;   // 'negotiations' and 'negotiated' are one

// Words of any report, and words that tell an act rather than what it is about.
constexpr std::string_view kCommonWords =
    "about accord after again against also amid among announce another answer april asked august because been "
    "before being between both calm capital cited citing confirmed could country counterpart course day days "
    "december declared details during earlier february first following foreign friday from going gone government "
    "have having head heads home hours into january july june last late later leader leaders made make march matter "
    "minister ministers ministry monday month morning most more news november october official officials only other "
    "over pointing press president prime reaction reported response representative return said saturday saying "
    "second secretary september should since some speak spokesman spokeswoman state states statement such sunday "
    "than that their them then there these they this those through thursday time today told took toward towards "
    "tuesday under until unwelcome wednesday week went were what when where which while will with within without "
    "would year yesterday "
    "accept accuse agree agreed agreement aid allege allow ambassador ambassadors anger apologise apologize apology "
    "appeal approve army arrest arrive arrived arms attack award ban blame block border bring call called cancel "
    "ceasefire chief close complain condemn condemnation consul contact conversation cooperate covering criticise "
    "criticize cut deal deliver delivery demand denounce deny denied deploy diplomat diplomats discuss discussed "
    "discussion dispatch draw drew duties dialogue embassy end envoy envoys exchange expel expelled expulsion "
    "expressed fire force forces free friendly give given goods grant halt held help hold host impose imposed "
    "invite join kick kicked launch leave lift measure measures meet meeting met military mission money mutual "
    "negotiate negotiations offer open order ordered pact paid peace penalties permit phone place placed plan "
    "pledge pledged praise present promise promised propose protest provide pull punish ratify recall recalled "
    "receive received reject relations release request restrict restore resume rule sanction sanctions seize send "
    "sent sharply sign signed signing slap slapped speaking spoke stop strike summit summon summoned supply support "
    "suspend suspended talk talked talking talks tariff tariffs telephone telephoned tension threaten threw ties "
    "travel travelled treaty trip troops truce urge videoconference violate visit visited visiting vote warn "
    "welcome withdraw withdrew withdrawn ";

bool IsLetter(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80 || (value >= 'a' && value <= 'z') || (value >= '0' && value <= '9');
}

void CutToStem(std::string& word) {
  for (const std::string_view ending : {"ing", "ed", "es", "s", "e"}) {
    if (word.size() >= ending.size() + kShortestWord && word.ends_with(ending)) {
      word.resize(word.size() - ending.size());
      break;
    }
  }
  if (word.size() > kLongestStem) word.resize(kLongestStem);
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
    if (is_figure || word.size() >= kShortestWord) {
      CutToStem(word);
      visit(std::string_view(word));
    }
    word.clear();
  }
}

using Digests = absl::flat_hash_set<uint64_t>;

const Digests& CommonStems() {
  static const auto& stems = *[] {
    auto* set = new Digests;
    VisitStems(kCommonWords, [&](std::string_view stem) { set->insert(Digest64(stem)); });
    return set;
  }();
  return stems;
}

std::vector<uint64_t> NamesOf(const v1::DiplomaticEvent& event) {
  std::vector<uint64_t> names;
  for (const auto* side : {&event.actors(), &event.recipients()}) {
    for (const v1::Actor& actor : *side) {
      for (const std::string* name : {&actor.display_name(), &actor.mention(), &actor.office()}) {
        VisitStems(*name, [&](std::string_view stem) { names.push_back(Digest64(stem.substr(0, kNameLetters))); });
      }
    }
  }
  return names;
}

}  // namespace

std::vector<uint32_t> MatterOf(const v1::DiplomaticEvent& event) {
  const std::vector<uint64_t> names = NamesOf(event);
  std::vector<uint32_t> digests;
  for (const v1::Evidence& evidence : event.evidence()) {
    VisitStems(evidence.sentence(), [&](std::string_view stem) {
      const uint64_t digest = Digest64(stem);
      if (CommonStems().contains(digest)) return;
      if (std::find(names.begin(), names.end(), Digest64(stem.substr(0, kNameLetters))) != names.end()) return;
      digests.push_back(static_cast<uint32_t>(digest));
    });
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  return digests;
}

template <typename Digest>
double MatterOverlap(std::span<const Digest> a, std::span<const Digest> b, const Weights& weights) {
  uint64_t common = 0, all_a = 0, all_b = 0;
  for (const Digest word : a) all_a += weights.Of(static_cast<uint16_t>(word));
  for (const Digest word : b) all_b += weights.Of(static_cast<uint16_t>(word));
  for (size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    if (a[i] == b[k]) common += weights.Of(static_cast<uint16_t>(a[i]));
    const bool takes_a = a[i] <= b[k], takes_b = b[k] <= a[i];
    i += takes_a;
    k += takes_b;
  }
  const uint64_t shorter = std::max<uint64_t>(kFewestWords * weights.OfRare() / 2, std::min(all_a, all_b));
  return static_cast<double>(common) / static_cast<double>(shorter);
}
template double MatterOverlap(std::span<const uint32_t>, std::span<const uint32_t>, const Weights&);
template double MatterOverlap(std::span<const uint16_t>, std::span<const uint16_t>, const Weights&);

}  // namespace demarche::stories
