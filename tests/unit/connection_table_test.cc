#include "server/listen/connection_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "server/listen/descriptor.h"

namespace demarche::listen {
namespace {

Descriptor Socket() { return Descriptor(socket(AF_INET, SOCK_STREAM, 0)); }

TEST(ConnectionTable, CapsAllAndEachPeer) {
  ConnectionTable table({.total = 4, .per_address = 2});
  std::vector<Descriptor> sockets;
  const auto add = [&](const std::string& peer) { table.Add(sockets.emplace_back(Socket()).get(), peer); };
  add("a");
  EXPECT_EQ(table.Check("a"), std::nullopt);
  add("a");
  EXPECT_EQ(table.Check("a"), Refusal::kAddress);
  EXPECT_EQ(table.Check("b"), std::nullopt);
  add("b");
  EXPECT_EQ(table.Check("b"), std::nullopt);
  add("b");
  EXPECT_EQ(table.Check("c"), Refusal::kTotal);
}

TEST(ConnectionTable, APeerWithoutANameCountsInAllOnly) {
  ConnectionTable table({.total = 3, .per_address = 1});
  std::vector<Descriptor> sockets;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(table.Check(""), std::nullopt);
    table.Add(sockets.emplace_back(Socket()).get(), "");
  }
  EXPECT_EQ(table.Check(""), Refusal::kTotal);
}

TEST(ConnectionTable, ForgetsWhatIsClosedAlsoWhenItsDescriptorIsUsedAgain) {
  ConnectionTable table({.total = 10, .per_address = 2});
  Descriptor closed = Socket();
  Descriptor replaced_by_socket = Socket();
  Descriptor replaced_by_file = Socket();
  const Descriptor open_still = Socket();
  for (const int number : {closed.get(), replaced_by_socket.get(), replaced_by_file.get(), open_still.get()})
    table.Add(number, "a");
  EXPECT_EQ(table.Check("a"), Refusal::kAddress);
  const Descriptor other_socket = Socket();
  const Descriptor file(open("/dev/null", O_RDONLY));
  closed.Close();
  ASSERT_GE(dup2(other_socket.get(), replaced_by_socket.get()), 0);
  ASSERT_GE(dup2(file.get(), replaced_by_file.get()), 0);
  table.Sweep();
  EXPECT_EQ(table.size(), 1);
  EXPECT_EQ(table.Check("a"), std::nullopt);
  table.Sweep();
  EXPECT_EQ(table.size(), 1);
}

TEST(ConnectionTable, LeavesHalfOfTheDescriptors) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  ConnectionTable table({.total = 100, .per_address = 100});
  std::vector<Descriptor> sockets;
  for (int i = 0; i < 32; ++i) table.Add(sockets.emplace_back(Socket()).get(), "a");
  rlimit limit = before;
  limit.rlim_cur = 66;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(table.Check("b"), std::nullopt);
  limit.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(table.Check("b"), Refusal::kDescriptors);
  setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace demarche::listen
