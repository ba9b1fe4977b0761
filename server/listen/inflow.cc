#include "server/listen/inflow.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

namespace demarche::listen {
namespace {

// What is not held. Generous for what clients do, so that nothing adds up over months.
constexpr double kCallBytes = 256;          // headers
constexpr double kMessageBytes = 64;        // the heads of message, frame and TLS record
constexpr double kMessageShare = 1.0 / 64;  // those within a long message
constexpr double kSentShare = 1.0 / 64;     // of what was sent and acknowledged: windows, pings that measure
constexpr double kIdleBytesPerSecond = 16;  // pings

double AccountedBytes(const Reads& reads) {
  return static_cast<double>(reads.message_bytes) * (1 + kMessageShare) + static_cast<double>(reads.messages) * kMessageBytes +
         static_cast<double>(reads.calls) * kCallBytes;
}

}  // namespace

ReadsPtr ReadsByPeer::Add(const std::string& peer_uri) {
  auto reads = std::make_shared<Reads>();
  const absl::MutexLock lock(&mutex_);
  by_uri_[peer_uri] = reads;
  return reads;
}

void ReadsByPeer::Remove(const std::string& peer_uri, const ReadsPtr& reads) {
  const absl::MutexLock lock(&mutex_);
  const auto found = by_uri_.find(peer_uri);
  if (found != by_uri_.end() && found->second == reads) by_uri_.erase(found);
}

ReadsPtr ReadsByPeer::Find(const std::string& peer_uri) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = by_uri_.find(peer_uri);
  return found == by_uri_.end() ? nullptr : found->second;
}

void Inflow::Measure(int socket, std::chrono::duration<double> elapsed) {
  const double accounted = AccountedBytes(*reads_);  // before the socket is asked: what was read meanwhile had come
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return;
  unread_bytes_ += static_cast<double>(info.tcpi_bytes_received - received_bytes_);
  unread_bytes_ -= accounted - accounted_bytes_ + static_cast<double>(info.tcpi_bytes_acked - sent_bytes_) * kSentShare +
                   elapsed.count() * kIdleBytesPerSecond;
  unread_bytes_ = std::max(unread_bytes_, 0.0);  // nothing is saved up
  accounted_bytes_ = accounted;
  received_bytes_ = info.tcpi_bytes_received;
  sent_bytes_ = info.tcpi_bytes_acked;
}

}  // namespace demarche::listen
