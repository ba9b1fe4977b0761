#include "server/listen/accept_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <mutex>

namespace demarche::listen {
namespace {

// Holds what the loop hands over, as gRPC would.
class AcceptLoopTest : public ::testing::Test {
 protected:
  void Start(AcceptOptions options) {
    loop_ = std::make_unique<AcceptLoop>(std::move(options));
    const auto address = loop_->Listen("127.0.0.1:0");
    ASSERT_TRUE(address.ok()) << address.status();
    port_ = static_cast<uint16_t>(std::stoi(address->substr(address->rfind(':') + 1)));
    loop_->Start([this](int, int connection) {
      const std::lock_guard lock(mutex_);
      taken_.emplace_back(connection);
    });
  }

  static Descriptor Socket() { return Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

  bool Connect(const Descriptor& client) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }

  Descriptor Connect() const {
    Descriptor client = Socket();
    EXPECT_TRUE(Connect(client));
    return client;
  }

  static bool WaitUntil(const std::function<bool()>& is_true) {
    for (int i = 0; i < 6000 && !is_true(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return is_true();
  }

  // Whether the server's end is closed.
  static bool IsClosed(const Descriptor& client) {
    char byte = 0;
    return recv(client.get(), &byte, 1, 0) <= 0;
  }

  bool WaitForAccepted(uint64_t count) const {
    return WaitUntil([&] { return loop_->accepted_count() == count; });
  }

  void CloseTaken() {
    const std::lock_guard lock(mutex_);
    taken_.clear();
  }

  std::mutex mutex_;
  std::vector<Descriptor> taken_;
  std::unique_ptr<AcceptLoop> loop_;
  uint16_t port_ = 0;
};

TEST_F(AcceptLoopTest, RefusesOneAboveTheCapAndTakesTheNextWhenOneIsOver) {
  std::mutex mutex;
  std::string told;
  Start({.max_connections = 2, .on_refusals = [&](const std::string& line) {
           const std::lock_guard lock(mutex);
           told = line;
         }});
  const Descriptor first = Connect();
  const Descriptor second = Connect();
  ASSERT_TRUE(WaitForAccepted(2));
  EXPECT_TRUE(IsClosed(Connect()));
  EXPECT_EQ(loop_->refused_count(Refusal::kTotal), 1);
  EXPECT_TRUE(WaitUntil([&] {
    const std::lock_guard lock(mutex);
    return told.find("total 1; 2 open, the latest from loopback") != std::string::npos;
  }));
  CloseTaken();
  EXPECT_TRUE(WaitUntil([&] { return loop_->open_count() == 0; }));
  const Descriptor third = Connect();
  EXPECT_TRUE(WaitForAccepted(3));
}

TEST_F(AcceptLoopTest, OutOfDescriptorsItRefusesAndAfterwardsTakes) {
  Start({});
  const Descriptor first = Connect();
  ASSERT_TRUE(WaitForAccepted(1));
  const Descriptor waiting = Socket();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit limit = before;
  limit.rlim_cur = static_cast<rlim_t>(waiting.get()) + 1;  // none is left
  std::vector<Descriptor> fill;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  for (Descriptor more(dup(0)); more.is_open(); more = Descriptor(dup(0))) fill.push_back(std::move(more));
  EXPECT_TRUE(Connect(waiting));
  EXPECT_TRUE(IsClosed(waiting));
  EXPECT_EQ(loop_->refused_count(Refusal::kDescriptors), 1);
  fill.clear();
  setrlimit(RLIMIT_NOFILE, &before);
  const Descriptor last = Connect();
  EXPECT_TRUE(WaitForAccepted(2));
}

TEST_F(AcceptLoopTest, HandsNothingOverOnceItHasStopped) {
  Start({});
  const Descriptor first = Connect();
  ASSERT_TRUE(WaitForAccepted(1));
  loop_->Stop();
  loop_->Stop();
  EXPECT_FALSE(Connect(Socket()));
  EXPECT_EQ(loop_->accepted_count(), 1);
}

}  // namespace
}  // namespace demarche::listen
