#include "client/cpp/position_store.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"

namespace demarche::client {
namespace {

using ::testing::HasSubstr;

TEST(FilePositionStore, KeepsTheLastPosition) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "position";
  FilePositionStore store(path);
  EXPECT_EQ(store.Load().value(), "");
  EXPECT_TRUE(store.Save("first").ok());
  EXPECT_TRUE(store.Save("second").ok());
  EXPECT_EQ(FilePositionStore(path).Load().value(), "second");
}

TEST(FilePositionStore, NamesTheFileThatIsWrong) {
  const support::TemporaryDirectory directory;
  const std::string path = directory / "position";
  std::ofstream(path) << "\n";
  EXPECT_THAT(FilePositionStore(path).Load().status().message(), HasSubstr(path));
  EXPECT_THAT(FilePositionStore(directory / "no/position").Save("p").message(), HasSubstr("No such file"));
  EXPECT_THAT(FilePositionStore("/dev/full/position").Save("p").message(), HasSubstr("/dev/full"));
}

}  // namespace
}  // namespace demarche::client
