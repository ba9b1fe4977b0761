#include "server/listen/connection_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "server/listen/descriptor.h"

namespace demarche::listen {
namespace {

Descriptor Socket() { return Descriptor(socket(AF_INET, SOCK_STREAM, 0)); }

TEST(ConnectionTable, CapsAllAndEachPeer) {
  ConnectionTable table({.total = 4, .per_address = 2});
  std::vector<Descriptor> sockets;
  const auto add = [&](const std::string& peer) { table.Add(sockets.emplace_back(Socket()).get(), peer, ""); };
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
    table.Add(sockets.emplace_back(Socket()).get(), "", "");
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
    table.Add(number, "a", "");
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
  for (int i = 0; i < 32; ++i) table.Add(sockets.emplace_back(Socket()).get(), "a", "");
  rlimit limit = before;
  limit.rlim_cur = 66;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(table.Check("b"), std::nullopt);
  limit.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(table.Check("b"), Refusal::kDescriptors);
  setrlimit(RLIMIT_NOFILE, &before);
}

// Both ends of a connection over loopback.
struct Pair {
  Descriptor client;
  Descriptor server;

  Pair() {
    const Descriptor listener = Socket();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener.get(), any, size), 0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    EXPECT_EQ(getsockname(listener.get(), any, &size), 0);
    client = Socket();
    EXPECT_EQ(connect(client.get(), any, size), 0);
    server = Descriptor(accept(listener.get(), nullptr, nullptr));
  }

  // So many bytes, which have arrived when it returns.
  void Send(size_t count) const {
    const std::string sent(count, 'a');
    std::string received(count, ' ');
    EXPECT_EQ(send(client.get(), sent.data(), count, 0), static_cast<ssize_t>(count));
    EXPECT_EQ(recv(server.get(), received.data(), count, MSG_WAITALL), static_cast<ssize_t>(count));
  }

  bool IsClosed() const {
    char byte = 0;
    return recv(client.get(), &byte, 1, MSG_DONTWAIT) == 0;
  }
};

constexpr uint64_t kForgiven = 1000;  // at most, in a moment

TEST(ConnectionTable, WhatNoCallHasReadIsUnread) {
  ConnectionTable table({.total = 10, .per_address = 10});
  const Pair pair;
  table.Add(pair.server.get(), "a", "ipv4:a:1");
  const ReadsPtr reads = table.reads().Find("ipv4:a:1");
  ASSERT_NE(reads, nullptr);
  EXPECT_EQ(table.reads().Find("ipv4:a:2"), nullptr);
  pair.Send(100'000);
  table.Sweep();
  EXPECT_LE(table.unread_bytes(), 100'000);
  EXPECT_GE(table.unread_bytes(), 100'000 - kForgiven);
  reads->message_bytes += 60'000;
  table.Sweep();
  EXPECT_LE(table.unread_bytes(), 40'000);
  EXPECT_GE(table.unread_bytes(), 40'000 - 60'000 / 64 - kForgiven);
}

TEST(ConnectionTable, SmallMessagesDoNotAddUp) {
  ConnectionTable table({.total = 10, .per_address = 10});
  const Pair pair;
  table.Add(pair.server.get(), "a", "ipv4:a:1");
  const ReadsPtr reads = table.reads().Find("ipv4:a:1");
  pair.Send(100 * (200 + 14 + 1));  // headers, heads, a byte
  reads->calls += 100;
  reads->messages += 100;
  reads->message_bytes += 100;
  table.Sweep();
  EXPECT_EQ(table.unread_bytes(), 0);
}

TEST(ConnectionTable, NothingIsSavedUp) {
  ConnectionTable table({.total = 10, .per_address = 10});
  const Pair pair;
  table.Add(pair.server.get(), "a", "ipv4:a:1");
  table.reads().Find("ipv4:a:1")->message_bytes += 1'000'000;
  table.Sweep();
  pair.Send(100'000);
  table.Sweep();
  EXPECT_GE(table.unread_bytes(), 100'000 - kForgiven);
}

TEST(ConnectionTable, ClosesTheOneWithTheMostUnread) {
  ConnectionTable table({.total = 10, .per_address = 10});
  const Pair small;
  const Pair large;
  table.Add(small.server.get(), "small", "ipv4:a:1");
  table.Add(large.server.get(), "large", "ipv4:a:2");
  small.Send(20'000);
  large.Send(100'000);
  table.Sweep();
  EXPECT_EQ(table.LargestPeer(), "large");
  table.CloseLargest();
  EXPECT_TRUE(large.IsClosed());
  EXPECT_FALSE(small.IsClosed());
  EXPECT_LE(table.unread_bytes(), 20'000);
  EXPECT_EQ(table.LargestPeer(), "small");
}

TEST(ReadsByPeer, AConnectionThatIsOverDoesNotTakeAwayThoseOfItsSuccessor) {
  ReadsByPeer reads;
  const ReadsPtr first = reads.Add("ipv4:a:1");
  const ReadsPtr second = reads.Add("ipv4:a:1");
  reads.Remove("ipv4:a:1", first);
  EXPECT_EQ(reads.Find("ipv4:a:1"), second);
  reads.Remove("ipv4:a:1", second);
  EXPECT_EQ(reads.Find("ipv4:a:1"), nullptr);
}

}  // namespace
}  // namespace demarche::listen
