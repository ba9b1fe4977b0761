#include "server/listen/accept_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/listen/listener.h"
#include "server/listen/peer.h"

namespace demarche::listen {
namespace {

constexpr std::chrono::milliseconds kTick{100};     // between looks at the connections: which are over, what came in
constexpr int kRestFactor = 20;                     // but rests so many times as long as a look takes
constexpr std::chrono::milliseconds kMinSweep{50};  // between them while connections are refused
constexpr std::chrono::milliseconds kBackOff{100};  // before another try when accept fails
constexpr std::chrono::seconds kReportInterval{10};
constexpr int kMaxAcceptedAtOnce = 64;  // of one listener, before others and Stop have their turn

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

// The connection is gone, or a packet filter forbids it; the next may be taken.
bool IsOfOneConnection(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPERM || error == EPROTO || error == ENETDOWN ||
         error == ENETUNREACH || error == EHOSTDOWN || error == EHOSTUNREACH || error == ENOPROTOOPT || error == ENONET;
}

}  // namespace

AcceptLoop::AcceptLoop(AcceptOptions options)
    : options_(std::move(options)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      table_({options_.max_connections, options_.max_per_address}),
      spare_(OpenSpare()) {}

absl::StatusOr<std::string> AcceptLoop::Listen(const std::string& host_and_port) {
  auto listener = listen::Listen(host_and_port, options_.send_timeout);
  if (!listener.ok()) return listener.status();
  listeners_ = std::move(listener->sockets);
  return listener->address;
}

void AcceptLoop::Start(HandOver hand_over) {
  hand_over_ = std::move(hand_over);
  thread_ = std::thread([this] { Run(); });
}

void AcceptLoop::Stop() {
  if (thread_.joinable()) {
    eventfd_write(wake_.get(), 1);
    thread_.join();
  }
  listeners_.clear();
}

void AcceptLoop::Run() {
  Next next = Next::kGoOn;
  while (Await(next)) {
    if (Clock::now() - swept_ >= rest_) Sweep();
    KeepSpare();
    next = Next::kGoOn;
    for (const Descriptor& listener : listeners_) {
      if (AcceptFrom(listener.get()) == Next::kBackOff) next = Next::kBackOff;
    }
    ReportRefusals();
  }
}

bool AcceptLoop::Await(Next next) const {
  std::vector<pollfd> awaited{{wake_.get(), POLLIN, 0}};
  if (next == Next::kGoOn) {
    for (const Descriptor& listener : listeners_) awaited.push_back({listener.get(), POLLIN, 0});
  }
  poll(awaited.data(), awaited.size(), static_cast<int>((next == Next::kGoOn ? kTick : kBackOff).count()));
  return awaited.front().revents == 0;
}

AcceptLoop::Next AcceptLoop::AcceptFrom(int listener) {
  for (int accepted = 0; accepted < kMaxAcceptedAtOnce; ++accepted) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    Descriptor connection(accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection.is_open()) {
      Take(listener, std::move(connection), address);
      continue;
    }
    if (errno == EAGAIN) return Next::kGoOn;
    if (Recover(listener, errno) == Next::kBackOff) return Next::kBackOff;
  }
  return Next::kGoOn;
}

AcceptLoop::Next AcceptLoop::Recover(int listener, int error) {
  if (IsOfOneConnection(error)) return Next::kGoOn;
  if (error != EMFILE && error != ENFILE) return Next::kBackOff;
  spare_.Close();
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  Descriptor connection(accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC));
  const bool was_one = connection.is_open();  // without descriptors none is told from nobody waits
  if (was_one) Refuse(Refusal::kDescriptors, PeerName(address));
  connection.Close();
  KeepSpare();
  return was_one ? Next::kGoOn : Next::kBackOff;
}

void AcceptLoop::Take(int listener, Descriptor connection, const sockaddr_storage& address) {
  const std::string peer = PeerName(address);
  std::optional<Refusal> refusal = table_.Check(peer);
  if (refusal && Clock::now() - swept_ >= kMinSweep) {
    Sweep();
    refusal = table_.Check(peer);
  }
  if (refusal) return Refuse(*refusal, peer);
  table_.Add(connection.get(), peer, PeerUri(address));
  open_ = table_.size();
  ++accepted_;
  hand_over_(listener, connection.Release());
}

void AcceptLoop::Refuse(Refusal refusal, const std::string& peer) {
  ++refused_[static_cast<size_t>(refusal)];
  refused_peer_ = peer.empty() ? "loopback" : peer;
}

void AcceptLoop::Sweep() {
  const Clock::time_point begun = Clock::now();
  table_.Sweep();
  CloseLargest();
  open_ = table_.size();
  unread_bytes_ = table_.unread_bytes();
  swept_ = Clock::now();
  rest_ = std::max<Clock::duration>(kTick, kRestFactor * (swept_ - begun));
}

void AcceptLoop::CloseLargest() {
  while (table_.unread_bytes() > options_.max_unread_bytes) {
    Refuse(Refusal::kUnread, table_.LargestPeer());  // counted before the peer can know of it
    table_.CloseLargest();
  }
}

void AcceptLoop::KeepSpare() {
  if (!spare_.is_open()) spare_ = OpenSpare();
}

void AcceptLoop::ReportRefusals() {
  if (Clock::now() - reported_ < kReportInterval) return;
  std::string line;
  for (const Refusal refusal : kRefusals) {
    uint64_t& reported = reported_counts_[static_cast<size_t>(refusal)];
    const uint64_t count = refused_count(refusal) - reported;
    if (count > 0) absl::StrAppend(&line, line.empty() ? "" : ", ", RefusalName(refusal), " ", count);
    reported += count;
  }
  if (line.empty()) return;
  reported_ = Clock::now();
  options_.on_refusals(absl::StrCat("connections closed: ", line, "; ", table_.size(), " open, the latest from ", refused_peer_));
}

}  // namespace demarche::listen
