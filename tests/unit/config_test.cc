#include "server/config/config.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"

namespace demarche::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string WriteFile(const std::string& text) {
  static const support::TemporaryDirectory directory;
  return directory.Write("demarched.toml", text);
}

std::string ErrorOf(const Sources& sources) { return std::string(Load(sources).status().message()); }

TEST(Config, FlagsBeatEnvironmentBeatsFileBeatsDefaults) {
  Sources sources;
  sources.file = WriteFile("[server]\nlisten = \"h:1\"\n[pipeline]\nworkers = 1\n[log]\nsync = \"interval\"\nstore_text = false\n");
  sources.environment = {{"DEMARCHE_LISTEN", "h:2"}, {"DEMARCHE_WORKERS", "2"}, {"PATH", "/bin"}};
  sources.flags = {{"listen", "h:3"}};
  const auto loaded = Load(sources);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.listen, "h:3");
  EXPECT_EQ(loaded->config.workers, 2);
  EXPECT_EQ(loaded->config.sync, "interval");
  EXPECT_FALSE(loaded->config.store_text);
  EXPECT_EQ(loaded->config.ring_bytes, Config().ring_bytes);
  EXPECT_EQ(loaded->settings[0].origin, "flag");
}

TEST(Config, UnknownKeyNamesFileLineAndTheNearestKey) {
  EXPECT_THAT(ErrorOf({.file = WriteFile("[server]\n\nlistn = \"x\"\n")}),
              HasSubstr(".toml:3: unknown key 'server.listn'; did you mean 'server.listen'?"));
  EXPECT_THAT(ErrorOf({.file = WriteFile("listen = \"x\"\n")}), HasSubstr(":1: unknown key 'listen'"));
}

TEST(Config, BadValuesNameKeyAndRange) {
  EXPECT_THAT(ErrorOf({.file = WriteFile("[pipeline]\nworkers = -1\n")}),
              HasSubstr(":2: pipeline.workers must be a whole number from 0 to 1024, got '-1'"));
  EXPECT_THAT(ErrorOf({.file = WriteFile("[log]\nsync = \"never\"\n")}),
              HasSubstr("log.sync must be one of 'always' 'interval', got 'never'"));
  EXPECT_THAT(ErrorOf({.file = WriteFile("[log]\nsync = 3\nsync = 4\n")}), HasSubstr(".toml:3:"));
  EXPECT_THAT(ErrorOf({.environment = {{"DEMARCHE_STORE_TEXT", "yes"}}}),
              HasSubstr("environment variable DEMARCHE_STORE_TEXT: log.store_text must be true or false, got 'yes'"));
  EXPECT_THAT(ErrorOf({.flags = {{"drain-ms", "soon"}}}), HasSubstr("flag --drain-ms: server.drain_ms must be a whole number"));
}

TEST(Config, MissingFileIsNamed) {
  EXPECT_THAT(ErrorOf({.file = "/nowhere/x.toml"}), HasSubstr("'/nowhere/x.toml' cannot be read"));
}

TEST(Config, WarnsOfVariablesThatNothingReads) {
  const auto loaded = Load({.environment = {{"DEMARCHE_DATADIR", "x"}}});
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(loaded->warnings, ElementsAre(HasSubstr("DEMARCHE_DATADIR")));
}

TEST(Config, WhatIsPrintedCanBeReadBack) {
  const auto loaded = Load({.flags = {{"data-dir", "a \"b\" \\c"}}});
  ASSERT_TRUE(loaded.ok());
  const auto again = Load({.file = WriteFile(ToToml(loaded->settings))});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->config.data_dir, "a \"b\" \\c");
  EXPECT_EQ(again->config.min_free_bytes, Config().min_free_bytes);
}

}  // namespace
}  // namespace demarche::config
