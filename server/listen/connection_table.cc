#include "server/listen/connection_table.h"

#include <sys/resource.h>

#include <utility>

namespace demarche::listen {
namespace {

constexpr size_t kDescriptorShare = 2;  // one of so many descriptors may be a connection; the rest is for the log, HTTP, files

// 0 when the descriptor is no socket.
ino_t SocketInode(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

// The operator may change it while the server runs.
size_t MaxDescriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : SIZE_MAX;
}

}  // namespace

const char* RefusalName(Refusal refusal) {
  switch (refusal) {
    case Refusal::kTotal:
      return "total";
    case Refusal::kAddress:
      return "address";
    case Refusal::kDescriptors:
      return "descriptors";
  }
  return "";
}

std::optional<Refusal> ConnectionTable::Check(const std::string& peer) const {
  if (size() >= caps_.total) return Refusal::kTotal;
  if (size() >= MaxDescriptors() / kDescriptorShare) return Refusal::kDescriptors;
  const auto found = by_peer_.find(peer);
  if (found != by_peer_.end() && found->second >= caps_.per_address) return Refusal::kAddress;
  return std::nullopt;
}

void ConnectionTable::Add(int descriptor, std::string peer) {
  if (!peer.empty()) ++by_peer_[peer];
  connections_.push_back({descriptor, SocketInode(descriptor), std::move(peer)});
}

void ConnectionTable::Sweep() {
  for (size_t at = 0; at < connections_.size();) {
    if (SocketInode(connections_[at].descriptor) == connections_[at].inode) {
      ++at;
      continue;
    }
    Forget(connections_[at].peer);
    std::swap(connections_[at], connections_.back());
    connections_.pop_back();
  }
}

void ConnectionTable::Forget(const std::string& peer) {
  const auto found = by_peer_.find(peer);
  if (found != by_peer_.end() && --found->second == 0) by_peer_.erase(found);
}

}  // namespace demarche::listen
