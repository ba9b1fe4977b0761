// Links the mentions of tests/accuracy/mentions/mentions.tsv and prints the shares that are right and wrong; their README says how
// the rows are written and which are held back.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pipeline/actors/actors_stage.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace demarche::actors {
namespace {

constexpr int kHeldBackEvery = 3;  // the row with a number that can be divided by this is held back
constexpr int kMinMentions = 400;
constexpr double kMinRight = 0.93, kMaxWrong = 0.03;

struct Expected {
  size_t begin = 0, end = 0;    // in the text without marks
  std::set<std::string> codes;  // empty: no party
  std::string sector;
};

struct Case {
  int number = 0;
  std::string date, text;
  std::vector<Expected> mentions;
};

// '{words=CODE,CODE/SECTOR}' in the text; '-' for no party.
Case ReadCase(int number, const std::string& line) {
  const std::vector<std::string> cells = absl::StrSplit(line, '\t');
  Case read{number, cells.at(0), "", {}};
  const std::string& marked = cells.at(2);
  for (size_t at = 0; at < marked.size(); ++at) {
    if (marked[at] != '{') {
      read.text.push_back(marked[at]);
      continue;
    }
    const size_t equals = marked.find('=', at), close = marked.find('}', at);
    Expected expected;
    expected.begin = read.text.size();
    read.text += marked.substr(at + 1, equals - at - 1);
    expected.end = read.text.size();
    const std::vector<std::string> parts = absl::StrSplit(marked.substr(equals + 1, close - equals - 1), '/');
    if (parts[0] != "-") expected.codes = absl::StrSplit(parts[0], ',');
    if (parts.size() > 1) expected.sector = parts[1];
    read.mentions.push_back(expected);
    at = close;
  }
  return read;
}

std::vector<Case> ReadCases() {
  std::ifstream in(std::string(DEMARCHE_SOURCE_DIR) + "/tests/accuracy/mentions/mentions.tsv");
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') cases.push_back(ReadCase(static_cast<int>(cases.size()) + 1, line));
  }
  return cases;
}

struct Tally {
  int all = 0, right = 0, wrong = 0;

  std::string Text(const char* name) const {
    return absl::StrCat(name, ": ", all, " mentions, right ", right, " (", 100.0 * right / all, " %), wrong ", wrong, " (",
                        100.0 * wrong / all, " %)");
  }
};

void Judge(const Expected& expected, const document::Document& document, const Case& test, Tally& tally, bool is_shown) {
  std::set<std::string> codes, sectors;
  for (const document::Mention& mention : document.mentions) {
    const document::Span span = SpanOf(document.sentences[mention.sentence], mention.tokens);
    if (span.begin >= expected.end || span.end <= expected.begin) continue;
    const v1::Actor& actor = mention.actor;
    const std::string& code = actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
    if (!code.empty()) codes.insert(code);
    sectors.insert(actor.sector());
  }
  const bool sector_fits = expected.sector.empty() || codes.empty() || sectors.contains(expected.sector);
  ++tally.all;
  if (codes == expected.codes && sector_fits) {
    ++tally.right;
    return;
  }
  const bool abstains = std::includes(expected.codes.begin(), expected.codes.end(), codes.begin(), codes.end()) && sector_fits;
  if (!abstains) ++tally.wrong;
  if (is_shown) {
    std::printf("  row %d: '%s' is {%s} %s, linked to {%s} %s\n", test.number,
                test.text.substr(expected.begin, expected.end - expected.begin).c_str(), absl::StrJoin(expected.codes, ",").c_str(),
                expected.sector.c_str(), absl::StrJoin(codes, ",").c_str(), absl::StrJoin(sectors, ",").c_str());
  }
}

TEST(Mentions, AreLinkedToTheRightParty) {
  std::vector<std::unique_ptr<const stage::Stage>> stages;
  stages.push_back(*normalize::MakeNormalize());
  stages.push_back(*segment::MakeSegment());
  stages.push_back(*syntax::MakeSyntax());
  stages.push_back(*MakeActors());
  Tally open, held_back;
  for (const Case& test : ReadCases()) {
    v1::NewsItem item;
    item.set_body(test.text);
    item.set_language_code("en");
    absl::Time time;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%d", test.date, &time, nullptr)) << test.number;
    item.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(time));
    document::Document document(item);
    for (const auto& stage : stages) ASSERT_TRUE(stage->Process(document).ok());
    const bool is_held_back = test.number % kHeldBackEvery == 0;
    for (const Expected& expected : test.mentions) Judge(expected, document, test, is_held_back ? held_back : open, !is_held_back);
  }
  EXPECT_GE(open.all + held_back.all, kMinMentions);
  std::printf("%s\n%s\n", open.Text("open").c_str(), held_back.Text("held back").c_str());
  for (const Tally& tally : {open, held_back}) {
    EXPECT_GE(tally.right, kMinRight * tally.all);
    EXPECT_LE(tally.wrong, kMaxWrong * tally.all);
  }
}

}  // namespace
}  // namespace demarche::actors
