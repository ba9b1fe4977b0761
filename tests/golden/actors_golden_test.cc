// Runs the cases of tests/golden/actors/*.txt; their README says how they are written.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pipeline/actors/actors_stage.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace demarche::actors {
namespace {

struct Expected {
  std::string where;
  std::string words;
  bool absent = false;
  std::vector<std::string> codes;  // of the mentions with these words; several for 'both sides'
  std::string resolution, office, stated_office, sector;
  bool is_adjective = false;
};

struct Case {
  std::string where, date, title, text;
  std::vector<Expected> expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.where; }

Expected ReadExpected(const std::string& where, const std::string& line) {
  Expected expected;
  expected.where = where;
  if (line[0] == '!') {
    expected.absent = true;
    expected.words = line.substr(2);
    return expected;
  }
  const std::vector<std::string> sides = absl::StrSplit(line, absl::MaxSplits(" = ", 1));
  expected.words = sides[0];
  if (sides.size() != 2) return expected;
  const std::vector<std::string> parts = absl::StrSplit(sides[1], " | ");
  const std::vector<std::string> first = absl::StrSplit(parts[0], ' ');
  expected.codes = absl::StrSplit(first[0], ',');
  expected.resolution = first.size() > 1 ? first[1] : "";
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view part = parts[i];
    if (absl::ConsumePrefix(&part, "office "))
      expected.office = std::string(part);
    else if (absl::ConsumePrefix(&part, "stated "))
      expected.stated_office = std::string(part);
    else if (absl::ConsumePrefix(&part, "sector "))
      expected.sector = std::string(part);
    else if (part == "adjective")
      expected.is_adjective = true;
    else
      expected.resolution = absl::StrCat("unknown part '", part, "'");
  }
  return expected;
}

std::vector<Case> ReadCases() {
  std::vector<Case> cases;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(DEMARCHE_SOURCE_DIR) + "/tests/golden/actors")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file);
    std::string line;
    bool open = false;
    for (int number = 1; std::getline(in, line); ++number) {
      const std::string where = absl::StrCat(file.stem().string(), "_", number);
      if (line.empty()) open = false;
      if (line.empty() || line[0] == '#') continue;
      if (!open) cases.push_back({where, "", "", "", {}});
      open = true;
      absl::string_view rest = line;
      if (absl::ConsumePrefix(&rest, "date "))
        cases.back().date = std::string(rest);
      else if (absl::ConsumePrefix(&rest, "title "))
        cases.back().title = std::string(rest);
      else if (absl::ConsumePrefix(&rest, "text "))
        absl::StrAppend(&cases.back().text, cases.back().text.empty() ? "" : "\n\n", rest);
      else
        cases.back().expected.push_back(ReadExpected(where, line));
    }
  }
  return cases;
}

std::string CodeOf(const v1::Actor& actor) {
  if (!actor.organization_code().empty()) return actor.organization_code();
  return actor.country_code().empty() ? "-" : actor.country_code();
}

std::string Describe(const document::Document& document) {
  std::string text;
  for (const document::Mention& mention : document.mentions) {
    absl::StrAppend(&text, "  ", mention.actor.mention(), " = ", CodeOf(mention.actor), " ",
                    v1::ActorResolution_Name(mention.actor.resolution()).substr(17), " | office ", mention.actor.office(),
                    " | stated ", mention.actor.stated_office(), " | sector ", mention.actor.sector(),
                    mention.is_adjective ? " | adjective" : "", "\n");
  }
  return text;
}

class ActorsGolden : public ::testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    stages_ = new std::vector<std::unique_ptr<const stage::Stage>>;
    stages_->push_back(*normalize::MakeNormalize());
    stages_->push_back(*segment::MakeSegment());
    stages_->push_back(*syntax::MakeSyntax());
    auto actors = MakeActors();
    ASSERT_TRUE(actors.ok()) << actors.status();
    stages_->push_back(*std::move(actors));
  }
  static void TearDownTestSuite() { delete stages_; }

  static std::vector<std::unique_ptr<const stage::Stage>>* stages_;
};
std::vector<std::unique_ptr<const stage::Stage>>* ActorsGolden::stages_ = nullptr;

TEST_P(ActorsGolden, Case) {
  const Case& test = GetParam();
  ASSERT_FALSE(test.expected.empty()) << "a case expects something";
  v1::NewsItem item;
  item.set_title(test.title);
  item.set_body(test.text);
  item.set_language_code("en");
  absl::Time time;
  std::string error;
  ASSERT_TRUE(absl::ParseTime("%Y-%m-%d", test.date, &time, &error)) << error;
  item.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(time));
  document::Document document(item);
  for (const auto& stage : *stages_) ASSERT_TRUE(stage->Process(document).ok());
  for (const Expected& expected : test.expected) {
    std::vector<std::string> codes;
    const document::Mention* first = nullptr;
    for (const document::Mention& mention : document.mentions) {
      if (mention.actor.mention() != expected.words) continue;
      if (first == nullptr) first = &mention;
      if (mention.sentence == first->sentence && mention.tokens == first->tokens) codes.push_back(CodeOf(mention.actor));
    }
    EXPECT_EQ(codes, expected.codes) << expected.where << ": " << expected.words << "\n" << Describe(document);
    if (first == nullptr || expected.absent) continue;
    EXPECT_EQ(v1::ActorResolution_Name(first->actor.resolution()).substr(17), expected.resolution) << expected.where << "\n"
                                                                                                   << Describe(document);
    EXPECT_EQ(first->actor.stated_office(), expected.stated_office) << expected.where << "\n" << Describe(document);
    EXPECT_EQ(first->is_adjective, expected.is_adjective) << expected.where << "\n" << Describe(document);
    if (!expected.office.empty()) {
      EXPECT_EQ(first->actor.office(), expected.office) << expected.where;
    }
    if (!expected.sector.empty()) {
      EXPECT_EQ(first->actor.sector(), expected.sector) << expected.where;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ActorsGolden, ::testing::ValuesIn(ReadCases()), [](const auto& test) { return test.param.where; });

}  // namespace
}  // namespace demarche::actors
