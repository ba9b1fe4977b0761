#include "server/query/filter/filter.h"

#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "demarche/v1/event.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/limits/limits.h"

namespace demarche::query {
namespace {

using stored::v1::FilterHeader;
using ::testing::HasSubstr;

// The lines of a golden file that say something, with their numbers.
std::vector<std::pair<int, std::string>> ReadLines(const std::string& name) {
  std::ifstream file(absl::StrCat(DEMARCHE_SOURCE_DIR "/tests/golden/filter/", name));
  EXPECT_TRUE(file.is_open()) << name;
  std::vector<std::pair<int, std::string>> lines;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line[0] != '#') lines.emplace_back(number, line);
  }
  return lines;
}

std::vector<std::string> Words(const std::string& text) { return absl::StrSplit(text, ' '); }

int32_t DateNumber(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  int32_t number = 0;
  for (size_t i = 0; i < 3; ++i) number = number * 100 + (i < parts.size() ? std::stoi(parts[i]) : 0);
  return number;
}

// The number of an enum's value or of a date.
int32_t Int32Of(const std::string& field, const std::string& value) {
  static const auto* const enums = new std::map<std::string, std::pair<const google::protobuf::EnumDescriptor*, std::string>>{
      {"state", {v1::EventState_descriptor(), "EVENT_STATE_"}},    {"type", {v1::EventType_descriptor(), "EVENT_TYPE_"}},
      {"mode", {v1::EventMode_descriptor(), "EVENT_MODE_"}},       {"factuality", {v1::Factuality_descriptor(), "FACTUALITY_"}},
      {"time_frame", {v1::TimeFrame_descriptor(), "TIME_FRAME_"}}, {"quad_class", {v1::QuadClass_descriptor(), "QUAD_CLASS_"}}};
  if (field == "event_date") return DateNumber(value);
  const auto& [values, prefix] = enums->at(field);
  const auto* found = values->FindValueByName(prefix + value);
  EXPECT_NE(found, nullptr) << value;
  return found == nullptr ? 0 : found->number();
}

// Sets or adds to the field of a line `name value`; a party is written as `name part=value part=value`.
void SetField(const std::string& line, google::protobuf::Message* message) {
  const std::pair<std::string, std::string> pair = absl::StrSplit(line, absl::MaxSplits(' ', 1));
  const auto& [name, value] = pair;
  const auto* field = message->GetDescriptor()->FindFieldByName(name);
  ASSERT_NE(field, nullptr) << "no field of an event: " << name;
  const auto* reflection = message->GetReflection();
  using Type = google::protobuf::FieldDescriptor::CppType;
  if (field->cpp_type() == Type::CPPTYPE_MESSAGE) {
    auto* party = reflection->AddMessage(message, field);
    for (const std::string& part : Words(value)) SetField(absl::StrReplaceAll(part, {{"=", " "}}), party);
  } else if (field->is_repeated()) {
    for (const std::string& word : Words(value)) reflection->AddString(message, field, word);
  } else if (field->cpp_type() == Type::CPPTYPE_STRING) {
    reflection->SetString(message, field, value);
  } else if (field->cpp_type() == Type::CPPTYPE_DOUBLE) {
    reflection->SetDouble(message, field, std::stod(value));
  } else if (field->cpp_type() == Type::CPPTYPE_UINT32) {
    reflection->SetUInt32(message, field, static_cast<uint32_t>(std::stoul(value)));
  } else if (field->cpp_type() == Type::CPPTYPE_BOOL) {
    reflection->SetBool(message, field, value == "true");
  } else {
    reflection->SetInt32(message, field, Int32Of(name, value));
  }
}

TEST(FilterTest, MatchesAsTheGoldenFileSays) {
  FilterHeader header;
  int case_count = 0;
  for (const auto& [number, line] : ReadLines("matches.txt")) {
    SCOPED_TRACE(absl::StrCat("matches.txt:", number, ": ", line));
    if (line == "event") {
      header.Clear();
    } else if (line.rfind("  ", 0) == 0) {
      SetField(line.substr(2), &header);
    } else {
      ASSERT_THAT(line[0], ::testing::AnyOf('+', '-'));
      const auto filter = Filter::Compile(std::string_view(line).substr(1));
      ASSERT_TRUE(filter.ok()) << filter.status();
      EXPECT_EQ(filter->Matches(header), line[0] == '+');
      ++case_count;
    }
  }
  EXPECT_GE(case_count, 100);
}

TEST(FilterTest, FailsAsTheGoldenFileSays) {
  const auto lines = ReadLines("errors.txt");
  ASSERT_GE(lines.size(), 40u);
  for (size_t i = 0; i + 1 < lines.size(); i += 2) {
    const std::string& text = lines[i].second;
    SCOPED_TRACE(absl::StrCat("errors.txt:", lines[i].first, ": ", text));
    const std::string& expected = lines[i + 1].second;
    const size_t caret = expected.find_first_not_of(' ');
    ASSERT_EQ(expected[caret], '^');
    FilterError error;
    const auto filter = Filter::Compile(text, &error);
    ASSERT_FALSE(filter.ok());
    EXPECT_EQ(std::string(error.column - 1, ' ') + "^ " + error.message, expected);
    EXPECT_EQ(filter.status(), absl::InvalidArgumentError(absl::StrCat("filter, column ", error.column, ": ", error.message)));
  }
}

// Compiles and gives the error's message; empty when there is none.
std::string ErrorOf(const std::string& text, size_t* column = nullptr) {
  FilterError error;
  const bool is_ok = Filter::Compile(text, &error).ok();
  if (column != nullptr) *column = error.column;
  return is_ok ? "" : error.message;
}

TEST(FilterLimitsTest, Bytes) {
  const std::string filter = "publisher = ";
  EXPECT_EQ(ErrorOf(filter + std::string(limits::kMaxFilterBytes - filter.size(), 'a')), "");
  size_t column = 0;
  EXPECT_EQ(ErrorOf(filter + std::string(limits::kMaxFilterBytes + 1 - filter.size(), 'a'), &column),
            "the filter has 4097 bytes; at most 4096 are allowed");
  EXPECT_EQ(column, limits::kMaxFilterBytes + 1);
}

TEST(FilterLimitsTest, Depth) {
  const auto nested = [](size_t depth) { return std::string(depth, '(') + "type = AID" + std::string(depth, ')'); };
  EXPECT_EQ(ErrorOf(nested(limits::kMaxFilterDepth)), "");
  size_t column = 0;
  EXPECT_EQ(ErrorOf(nested(limits::kMaxFilterDepth + 1), &column), "parentheses are nested 9 deep; at most 8 are allowed");
  EXPECT_EQ(column, limits::kMaxFilterDepth + 1);
  const std::string beside = nested(limits::kMaxFilterDepth) + " OR " + nested(limits::kMaxFilterDepth);
  EXPECT_EQ(ErrorOf(beside), "") << "depth counts nesting, not parentheses";
}

TEST(FilterLimitsTest, Terms) {
  const auto list = [](size_t count) { return absl::StrJoin(std::vector<std::string>(count, "type = AID"), " OR "); };
  EXPECT_EQ(ErrorOf(list(limits::kMaxFilterTerms)), "");
  size_t column = 0;
  EXPECT_EQ(ErrorOf(list(limits::kMaxFilterTerms + 1), &column), "more than 64 comparisons; at most 64 are allowed");
  EXPECT_EQ(column, limits::kMaxFilterTerms * std::string("type = AID OR ").size() + 1);
}

TEST(FilterTest, RefusesBytesThatAreNotText) {
  size_t column = 0;
  EXPECT_THAT(ErrorOf("publisher = \"\xff\"", &column), HasSubstr("not UTF-8"));
  EXPECT_EQ(column, 14u);
  EXPECT_THAT(ErrorOf(std::string("type\0= AID", 10), &column), HasSubstr("control character"));
  EXPECT_EQ(column, 5u);
}

TEST(FilterTest, ShortensQuotedTextAtACharacter) {
  std::string text = "intensity = a";
  for (int i = 0; i < 30; ++i) text += "\xc3\xa9";
  std::string kept = "a";
  for (int i = 0; i < 19; ++i) kept += "\xc3\xa9";
  EXPECT_EQ(ErrorOf(text), "intensity is a number, and '" + kept + "...' is none");
}

TEST(FilterTest, ACopyIsIndependent) {
  FilterHeader header;
  header.set_type(v1::EVENT_TYPE_AID);
  auto original = Filter::Compile("type = AID AND NOT kind = leader_call");
  ASSERT_TRUE(original.ok());
  const Filter copy = *original;
  original = Filter::Compile("type = AGREE");
  EXPECT_TRUE(copy.Matches(header));
  EXPECT_FALSE(original->Matches(header));
}

}  // namespace
}  // namespace demarche::query
