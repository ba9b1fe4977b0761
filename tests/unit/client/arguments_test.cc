#include "client/cli/arguments.h"

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Parsed {
  std::optional<Arguments> arguments;
  ExitCode code = kExitOk;
  std::string out;
  std::string err;
};

Parsed Parse(std::vector<const char*> argv) {
  argv.insert(argv.begin(), "demarche");
  Parsed parsed;
  std::ostringstream out;
  std::ostringstream err;
  parsed.arguments = ParseArguments(static_cast<int>(argv.size()), argv.data(), out, err, &parsed.code);
  parsed.out = out.str();
  parsed.err = err.str();
  return parsed;
}

TEST(ParseArguments, TakesTheServerBeforeAndAfterTheCommandAndFromTheEnvironment) {
  EXPECT_EQ(Parse({"doctor"}).arguments->connection.server, "127.0.0.1:7345");
  setenv("DEMARCHE_SERVER", "env:1", 1);
  EXPECT_EQ(Parse({"doctor"}).arguments->connection.server, "env:1");
  EXPECT_EQ(Parse({"--server", "a:2", "doctor"}).arguments->connection.server, "a:2");
  EXPECT_EQ(Parse({"events", "list", "--server", "[::1]:3"}).arguments->connection.server, "[::1]:3");
  unsetenv("DEMARCHE_SERVER");
}

TEST(ParseArguments, ReadsAWatch) {
  const Parsed parsed = Parse({"watch", "--after", "AAA", "--filter", "type = AID", "--filter", "confidence > 0.5", "--count", "3",
                               "-o", "jsonl", "--reconnect", "--on-expired", "earliest"});
  const auto& watch = std::get<WatchArguments>(parsed.arguments->command);
  EXPECT_EQ(watch.start.after(), "AAA");
  EXPECT_THAT(watch.filters, ElementsAre("type = AID", "confidence > 0.5"));
  EXPECT_EQ(watch.count, 3u);
  EXPECT_EQ(watch.on_expired, v1::ON_EXPIRED_EARLIEST);
  EXPECT_EQ(watch.format, EventFormat::kJsonLines);
  EXPECT_TRUE(watch.reconnect);
  EXPECT_TRUE(std::get<WatchArguments>(Parse({"watch"}).arguments->command).start.latest());
}

TEST(ParseArguments, ReadsAHistoryAndAStory) {
  EXPECT_EQ(std::get<HistoryArguments>(Parse({"events", "history", "e"}).arguments->command).event_id, "e");
  const Parsed story = Parse({"watch", "--follow-story", "story-7"});
  EXPECT_THAT(std::get<WatchArguments>(story.arguments->command).filters, ElementsAre("story_id = \"story-7\""));
  EXPECT_EQ(Parse({"watch", "--follow-story", "a\"b"}).code, kExitUsage);
  EXPECT_EQ(Parse({"watch", "--follow-story", "a", "--filter", "type = AID"}).code, kExitUsage);
}

TEST(ParseArguments, ReadsAPublish) {
  const Parsed parsed = Parse({"publish", "a.txt", "-", "--publisher", "P", "--date", "2025-02-12", "--format", "html"});
  const auto& publish = std::get<PublishArguments>(parsed.arguments->command);
  EXPECT_THAT(publish.input.paths, ElementsAre("a.txt", "-"));
  EXPECT_EQ(publish.input.publisher, "P");
  EXPECT_EQ(publish.input.format, InputFormat::kHtml);
  EXPECT_EQ(publish.input.publish_time, absl::FromUnixSeconds(1739318400));
  EXPECT_FALSE(publish.json_lines);
}

TEST(ParseArguments, ReadsARetraction) {
  const auto plain = std::get<RetractArguments>(Parse({"retract", "7", "--publisher", "P"}).arguments->command);
  EXPECT_EQ(plain.news_item_id, "7");
  EXPECT_EQ(plain.publisher, "P");
  EXPECT_FALSE(plain.purge);
  EXPECT_TRUE(std::get<RetractArguments>(Parse({"retract", "7", "--purge"}).arguments->command).purge);
  EXPECT_EQ(Parse({"retract"}).code, kExitUsage);
}

TEST(ParseArguments, ReadsAWho) {
  const Parsed parsed = Parse({"who", "foreign minister of Iran", "--on", "2019-05-01"});
  const auto& who = std::get<WhoArguments>(parsed.arguments->command);
  EXPECT_EQ(who.name, "foreign minister of Iran");
  EXPECT_EQ(who.on, absl::FromUnixSeconds(1556668800));
  EXPECT_FALSE(who.json_lines);
  const Parsed listed = Parse({"who", "--body", "IRN", "--role", "foreign_minister", "-o", "jsonl"});
  const auto& list = std::get<WhoArguments>(listed.arguments->command);
  EXPECT_EQ(list.body, "IRN");
  EXPECT_EQ(list.role, "foreign_minister");
  EXPECT_EQ(list.on, std::nullopt);
  EXPECT_TRUE(list.json_lines);
}

TEST(ParseArguments, AnswersUsageErrorsWithTheirOwnCode) {
  const std::vector<std::vector<const char*>> bad = {{},
                                                     {"unknown"},
                                                     {"publish"},
                                                     {"publish", "a", "b", "--id", "x"},
                                                     {"publish", "-", "-"},
                                                     {"publish", "a", "--date", "soon"},
                                                     {"watch", "--count", "0"},
                                                     {"watch", "--since", "2x"},
                                                     {"watch", "--earliest", "--after", "x"},
                                                     {"watch", "-o", "xml"},
                                                     {"watch", "--server", "host"},
                                                     {"watch", "--server", "host:70000"},
                                                     {"events"},
                                                     {"events", "get"},
                                                     {"who"},
                                                     {"who", "Kallas", "--on", "soon"},
                                                     {"who", "Kallas", "--body", "EU"},
                                                     {"who", "Kallas", "--role", "envoy"},
                                                     {"doctor", "--color", "blue"}};
  for (const auto& argv : bad) {
    const Parsed parsed = Parse(argv);
    EXPECT_FALSE(parsed.arguments) << ::testing::PrintToString(argv);
    EXPECT_EQ(parsed.code, kExitUsage) << ::testing::PrintToString(argv);
    EXPECT_NE(parsed.err, "");
    EXPECT_EQ(parsed.out, "");
  }
}

TEST(ParseArguments, HelpNamesTheExitCodes) {
  const Parsed parsed = Parse({"--help"});
  EXPECT_EQ(parsed.code, kExitOk);
  for (const char* word : {"Exit codes:", "130", "publish", "watch", "classify", "events", "who", "doctor", "DEMARCHE_SERVER"}) {
    EXPECT_THAT(parsed.out, HasSubstr(word));
  }
  EXPECT_EQ(Parse({"--version"}).out, "demarche " DEMARCHE_VERSION "\n");
}

}  // namespace
}  // namespace demarche::cli
