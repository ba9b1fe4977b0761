#ifndef DEMARCHE_SERVER_LISTEN_CONNECTION_TABLE_H_
#define DEMARCHE_SERVER_LISTEN_CONNECTION_TABLE_H_

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/listen/inflow.h"

namespace demarche::listen {

// Why a connection is not taken, or not kept.
enum class Refusal {
  kTotal,        // there are as many as there may be
  kAddress,      // as many as one address may have
  kDescriptors,  // as many as the descriptors of the process allow
  kUnread,       // it sent the most of what all sent and no call has read, and that was too much
};
inline constexpr std::array kRefusals{Refusal::kTotal, Refusal::kAddress, Refusal::kDescriptors, Refusal::kUnread};

// The word for it in metrics and logs.
const char* RefusalName(Refusal refusal);

// The connections that were handed over to gRPC, in all and by peer. gRPC owns their descriptors and does not say when it closes
// one: a connection is over when its descriptor is no longer the socket that it was, by the socket's inode. Used by one thread, but
// for reads().
class ConnectionTable {
 public:
  struct Caps {
    size_t total;
    size_t per_address;
  };

  explicit ConnectionTable(Caps caps) : caps_(caps) {}

  // Why one more connection of the peer would be too many. A peer without a name counts in all only.
  std::optional<Refusal> Check(const std::string& peer) const;
  // To be called before the descriptor is handed over: afterwards it may be another's. The URI is the peer's as gRPC names it.
  void Add(int descriptor, std::string peer, std::string uri);
  // Forgets those that are over, and measures what came in through the others.
  void Sweep();
  // The peer of the one that has the most unread, as of the last sweep; and closes it. There is one.
  const std::string& LargestPeer() { return Largest().peer; }
  void CloseLargest();

  size_t size() const { return connections_.size(); }
  uint64_t unread_bytes() const { return unread_bytes_; }
  const ReadsByPeer& reads() const { return reads_; }

 private:
  struct Connection {
    int descriptor;
    ino_t inode;
    std::string peer;
    std::string uri;
    Inflow inflow;
  };

  Connection& Largest();
  void Forget(const Connection& connection);

  const Caps caps_;
  std::vector<Connection> connections_;
  absl::flat_hash_map<std::string, size_t> by_peer_;
  ReadsByPeer reads_;
  uint64_t unread_bytes_ = 0;  // of all
  std::chrono::steady_clock::time_point swept_ = std::chrono::steady_clock::now();
};

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_CONNECTION_TABLE_H_
