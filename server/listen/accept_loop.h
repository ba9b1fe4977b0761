#ifndef DEMARCHE_SERVER_LISTEN_ACCEPT_LOOP_H_
#define DEMARCHE_SERVER_LISTEN_ACCEPT_LOOP_H_

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "server/limits/limits.h"
#include "server/listen/connection_table.h"
#include "server/listen/descriptor.h"

namespace demarche::listen {

struct AcceptOptions {
  size_t max_connections = limits::kMaxConnections;
  size_t max_per_address = limits::kMaxConnectionsPerAddress;
  uint64_t max_unread_bytes = limits::kMaxUnreadBytes;
  std::chrono::milliseconds send_timeout{0};  // of each connection, see Listen; 0 for the system's
  // Told in one line which connections were closed lately; called from the loop's thread, not more often than every 10 s.
  std::function<void(const std::string&)> on_refusals = [](const std::string&) {};
};

// Accepts connections, closes at once those that are too many, and hands the others over; of these it closes the largest when they
// hold too much that no call has read. It goes on when the process has run out of descriptors: who comes then is refused, and who
// comes after is taken. A thread of its own; Listen, Start and Stop are called
// from one other thread, the counts from any.
class AcceptLoop {
 public:
  // Takes over the connection, whose descriptor does not block, and returns without delay.
  using HandOver = std::function<void(int listener, int connection)>;

  explicit AcceptLoop(AcceptOptions options);
  ~AcceptLoop() { Stop(); }
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

  // Who connects from now on waits for Start. Gives the address with the port that was taken; errors as Listen.
  absl::StatusOr<std::string> Listen(const std::string& host_and_port);
  void Start(HandOver hand_over);
  // No connection is accepted or handed over any more once it returns.
  void Stop();

  // Where the calls of a connection count what they have read of it; null when there is none of the peer. Any thread.
  ReadsPtr ReadsOf(const std::string& peer_uri) const { return table_.reads().Find(peer_uri); }

  size_t open_count() const { return open_; }
  uint64_t unread_bytes() const { return unread_bytes_; }
  uint64_t accepted_count() const { return accepted_; }
  uint64_t refused_count(Refusal refusal) const { return refused_[static_cast<size_t>(refusal)]; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Next { kGoOn, kBackOff };

  void Run();
  // Waits until there may be something to do; false when it is to stop.
  bool Await(Next next) const;
  Next AcceptFrom(int listener);
  // After accept failed with this error.
  Next Recover(int listener, int error);
  void Take(int listener, Descriptor connection, const sockaddr_storage& address);
  void Refuse(Refusal refusal, const std::string& peer);
  void Sweep();
  void CloseLargest();
  void KeepSpare();
  void ReportRefusals();

  const AcceptOptions options_;
  const Descriptor wake_;
  std::vector<Descriptor> listeners_;
  HandOver hand_over_;

  // Of the loop's thread.
  ConnectionTable table_;  // but for its reads
  Descriptor spare_;       // given up to accept, and close, a connection when there is no other descriptor left
  Clock::time_point swept_{};
  Clock::duration rest_{};  // after a sweep, before the next
  Clock::time_point reported_{};
  std::array<uint64_t, kRefusals.size()> reported_counts_{};
  std::string refused_peer_;

  std::atomic<size_t> open_{0};
  std::atomic<uint64_t> unread_bytes_{0};
  std::atomic<uint64_t> accepted_{0};
  std::array<std::atomic<uint64_t>, kRefusals.size()> refused_{};
  std::thread thread_;
};

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_ACCEPT_LOOP_H_
