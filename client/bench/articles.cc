#include "client/bench/articles.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <span>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"

namespace demarche::bench {
namespace {

// Mid-2024 and later, a minute an article.
constexpr int64_t kFirstPublishTime = 1'718'000'000;

constexpr const char* kStates[] = {"France", "Germany", "Poland", "Turkey", "Japan",  "Brazil", "India",  "Canada", "Egypt",
                                   "Kenya",  "Norway",  "Spain",  "Italy",  "Mexico", "Chile",  "Greece", "Sweden", "Morocco"};
constexpr const char* kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr const char* kGoods[] = {"grain", "timber", "steel", "fish", "vehicles", "medicines", "fertiliser", "machinery"};
constexpr const char* kEventSentences[] = {
    "$A expelled $N diplomats of $B on $D.",
    "The foreign ministers of $A and $B met in the capital of $C on $D.",
    "$A imposed sanctions on $N companies from $B on $D.",
    "$A summoned the ambassador of $B on $D.",
    "$A and $B signed an agreement on trade in $G on $D.",
    "The president of $A telephoned the president of $B on $D.",
    "$A condemned the decision of $B to limit the export of $G.",
    "$A sent $N tonnes of $G to $B as humanitarian aid on $D.",
    "The parliament of $A ratified the treaty with $B on $D.",
    "$A recalled its ambassador from $B on $D.",
};
constexpr const char* kPlainSentences[] = {
    "Prices of $G rose by $N percent in the last quarter, the statistics office of $A said.",
    "Analysts in $C had expected a slower month for $G.",
    "The weather along the coast of $B stayed calm, and ferries ran on time.",
    "Local newspapers in $A carried the story on their front pages on $D.",
    "Shares of makers of $G closed $N points higher.",
    "A spokesperson gave no further details.",
    "Officials said that the figures would be published on $D.",
    "The fair for $G drew $N thousand visitors from $B and $C.",
};

template <size_t N>
const char* Pick(const char* const (&choices)[N], std::mt19937_64& random) {
  return choices[random() % N];
}

std::string Fill(std::string_view pattern, std::mt19937_64& random) {
  // Three different states.
  const size_t first = random() % std::size(kStates);
  const size_t second = (first + 1 + random() % 8) % std::size(kStates);
  const size_t third = (second + 9) % std::size(kStates);
  return absl::StrReplaceAll(absl::string_view(pattern.data(), pattern.size()), {{"$A", kStates[first]},
                                                                                 {"$B", kStates[second]},
                                                                                 {"$C", kStates[third]},
                                                                                 {"$D", Pick(kDays, random)},
                                                                                 {"$G", Pick(kGoods, random)},
                                                                                 {"$N", absl::StrCat(2 + random() % 97)}});
}

}  // namespace

absl::StatusOr<Articles> Articles::Read(const std::string& path) {
  Articles articles(0);
  std::ifstream file(path);
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    const auto status = google::protobuf::util::JsonStringToMessage(line, &articles.own_.emplace_back());
    if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": is not a NewsItem in JSON"));
  }
  if (articles.own_.empty()) return absl::InvalidArgumentError(absl::StrCat(path, " holds no articles"));
  return articles;
}

v1::NewsItem Articles::Make(uint64_t number) const {
  if (!own_.empty()) return own_[number % own_.size()];
  std::seed_seq seeds{static_cast<uint32_t>(seed_), static_cast<uint32_t>(seed_ >> 32), static_cast<uint32_t>(number),
                      static_cast<uint32_t>(number >> 32)};
  std::mt19937_64 random(seeds);
  v1::NewsItem item;
  item.set_publisher(absl::StrCat("Load ", random() % 20));
  item.set_language_code("en");
  item.set_title(Fill(Pick(kEventSentences, random), random));
  std::string body;
  const uint64_t sentences = 5 + random() % 11;
  for (uint64_t i = 0; i < sentences; ++i) {
    const bool event = random() % 4 == 0;
    absl::StrAppend(&body, i == 0 ? "" : (i % 3 == 0 ? "\n\n" : " "),
                    Fill(event ? Pick(kEventSentences, random) : Pick(kPlainSentences, random), random));
  }
  item.set_body(body);
  item.mutable_publish_time()->set_seconds(kFirstPublishTime + static_cast<int64_t>(number % 500'000) * 60);
  return item;
}

}  // namespace demarche::bench
