#include "server/listen/connection_table.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
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
    case Refusal::kUnread:
      return "unread";
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

void ConnectionTable::Add(int descriptor, std::string peer, std::string uri) {
  if (!peer.empty()) ++by_peer_[peer];
  ReadsPtr reads = reads_.Add(uri);
  connections_.push_back({descriptor, SocketInode(descriptor), std::move(peer), std::move(uri), Inflow(std::move(reads))});
}

void ConnectionTable::Sweep() {
  const auto now = std::chrono::steady_clock::now();
  unread_bytes_ = 0;
  for (size_t at = 0; at < connections_.size();) {
    Connection& connection = connections_[at];
    if (SocketInode(connection.descriptor) == connection.inode) {
      connection.inflow.Measure(connection.descriptor, now - swept_);
      unread_bytes_ += connection.inflow.unread_bytes();
      ++at;
      continue;
    }
    Forget(connection);
    std::swap(connection, connections_.back());
    connections_.pop_back();
  }
  swept_ = now;
}

void ConnectionTable::CloseLargest() {
  Connection& largest = Largest();
  unread_bytes_ -= largest.inflow.unread_bytes();
  largest.inflow.Forgive();
  shutdown(largest.descriptor, SHUT_RDWR);
}

ConnectionTable::Connection& ConnectionTable::Largest() {
  return *std::max_element(connections_.begin(), connections_.end(), [](const Connection& a, const Connection& b) {
    return a.inflow.unread_bytes() < b.inflow.unread_bytes();
  });
}

void ConnectionTable::Forget(const Connection& connection) {
  reads_.Remove(connection.uri, connection.inflow.reads());
  const auto found = by_peer_.find(connection.peer);
  if (found != by_peer_.end() && --found->second == 0) by_peer_.erase(found);
}

}  // namespace demarche::listen
