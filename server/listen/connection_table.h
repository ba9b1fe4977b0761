#ifndef DEMARCHE_SERVER_LISTEN_CONNECTION_TABLE_H_
#define DEMARCHE_SERVER_LISTEN_CONNECTION_TABLE_H_

#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace demarche::listen {

// Why a connection is not taken.
enum class Refusal {
  kTotal,        // there are as many as there may be
  kAddress,      // as many as one address may have
  kDescriptors,  // as many as the descriptors of the process allow
};
inline constexpr std::array kRefusals{Refusal::kTotal, Refusal::kAddress, Refusal::kDescriptors};

// The word for it in metrics and logs.
const char* RefusalName(Refusal refusal);

// The connections that were handed over to gRPC, in all and by peer. gRPC owns their descriptors and does not say when it closes
// one: a connection is over when its descriptor is no longer the socket that it was, by the socket's inode. Used by one thread.
class ConnectionTable {
 public:
  struct Caps {
    size_t total;
    size_t per_address;
  };

  explicit ConnectionTable(Caps caps) : caps_(caps) {}

  // Why one more connection of the peer would be too many. A peer without a name counts in all only.
  std::optional<Refusal> Check(const std::string& peer) const;
  // To be called before the descriptor is handed over: afterwards it may be another's.
  void Add(int descriptor, std::string peer);
  // Forgets those that are over.
  void Sweep();

  size_t size() const { return connections_.size(); }

 private:
  struct Connection {
    int descriptor;
    ino_t inode;
    std::string peer;
  };

  void Forget(const std::string& peer);

  const Caps caps_;
  std::vector<Connection> connections_;
  absl::flat_hash_map<std::string, size_t> by_peer_;
};

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_CONNECTION_TABLE_H_
