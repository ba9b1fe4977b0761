#ifndef DEMARCHE_SERVER_LISTEN_INFLOW_H_
#define DEMARCHE_SERVER_LISTEN_INFLOW_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace demarche::listen {

// What the calls of one connection have had of it. They count up; any thread.
struct Reads {
  std::atomic<uint64_t> calls{0};  // admitted, and not as everybody may
  std::atomic<uint64_t> messages{0};
  std::atomic<uint64_t> message_bytes{0};
};
using ReadsPtr = std::shared_ptr<Reads>;

// The reads of each connection, by its peer as gRPC names it. Any thread.
class ReadsByPeer {
 public:
  ReadsPtr Add(const std::string& peer_uri) ABSL_LOCKS_EXCLUDED(mutex_);
  // Unless another connection of the same peer has come since.
  void Remove(const std::string& peer_uri, const ReadsPtr& reads) ABSL_LOCKS_EXCLUDED(mutex_);
  // Null when there is no such connection.
  ReadsPtr Find(const std::string& peer_uri) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, ReadsPtr> by_uri_ ABSL_GUARDED_BY(mutex_);
};

// What came in through one connection and no call has read, which gRPC holds: parts of messages. It is told from outside, as the
// bytes that the socket received beyond those that calls had of it, less what goes with messages and is not held: frames, headers,
// windows, pings. Used by one thread.
class Inflow {
 public:
  explicit Inflow(ReadsPtr reads) : reads_(std::move(reads)) {}

  // Looks again, so long after it did so before.
  void Measure(int socket, std::chrono::duration<double> elapsed);
  uint64_t unread_bytes() const { return static_cast<uint64_t>(unread_bytes_); }
  // They are as good as gone.
  void Forgive() { unread_bytes_ = 0; }
  const ReadsPtr& reads() const { return reads_; }

 private:
  ReadsPtr reads_;
  double accounted_bytes_ = 0;  // by what calls had, in all
  uint64_t received_bytes_ = 0;
  uint64_t sent_bytes_ = 0;
  double unread_bytes_ = 0;
};

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_INFLOW_H_
