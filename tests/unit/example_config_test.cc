#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/config/config.h"

namespace demarche::config {
namespace {

using ::testing::HasSubstr;

const char kPath[] = DEMARCHE_SOURCE_DIR "/deploy/config/demarched.toml";

TEST(ExampleConfigTest, HoldsEverySettingWithItsDefault) {
  const auto loaded = Load({.file = kPath});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const auto defaults = Settings();
  ASSERT_EQ(loaded->settings.size(), defaults.size());
  for (size_t i = 0; i < defaults.size(); ++i) {
    EXPECT_EQ(loaded->settings[i].origin, "file") << defaults[i].key << " is missing";
    EXPECT_EQ(loaded->settings[i].value, defaults[i].value) << defaults[i].key;
  }
}

TEST(ExampleConfigTest, NamesFlagAndVariableOfEverySetting) {
  std::ifstream file(kPath);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (const Setting& setting : Settings()) {
    EXPECT_THAT(text, HasSubstr(setting.flag));
    EXPECT_THAT(text, HasSubstr(setting.environment));
  }
}

}  // namespace
}  // namespace demarche::config
