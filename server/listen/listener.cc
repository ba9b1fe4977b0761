#include "server/listen/listener.h"

#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace demarche::listen {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::Status CannotListen(const std::string& host_and_port, const char* why) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", host_and_port, ": ", why));
}

absl::StatusOr<Addresses> Resolve(const std::string& host_and_port) {
  const size_t colon = host_and_port.rfind(':');
  std::string host = host_and_port.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : host_and_port.substr(colon + 1);
  uint32_t number = 0;
  if (host.empty() || !absl::SimpleAtoi(port, &number) || number > UINT16_MAX) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on '", host_and_port, "': it is not HOST:PORT"));
  }
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return CannotListen(host_and_port, gai_strerror(error));
  return Addresses(found, freeaddrinfo);
}

template <typename Value>
void SetOption(const Descriptor& descriptor, int level, int name, Value value) {
  setsockopt(descriptor.get(), level, name, &value, sizeof(value));
}

// As gRPC does it; the connections inherit these.
void SetOptions(const Descriptor& listener, int family, std::chrono::milliseconds send_timeout) {
  SetOption(listener, SOL_SOCKET, SO_REUSEADDR, 1);
  SetOption(listener, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(listener, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<unsigned>(send_timeout.count()));
  if (family == AF_INET6) SetOption(listener, IPPROTO_IPV6, IPV6_V6ONLY, 0);
}

// A socket that listens there; none, and errno, when it cannot.
Descriptor ListenOn(const addrinfo& at, std::chrono::milliseconds send_timeout) {
  Descriptor listener(socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) return {};
  SetOptions(listener, at.ai_family, send_timeout);
  if (bind(listener.get(), at.ai_addr, at.ai_addrlen) != 0 || ::listen(listener.get(), SOMAXCONN) != 0) return {};
  return listener;
}

in_port_t& PortOf(sockaddr* address) {
  return address->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(address)->sin6_port
                                        : reinterpret_cast<sockaddr_in*>(address)->sin_port;
}

in_port_t PortOf(const Descriptor& listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return PortOf(reinterpret_cast<sockaddr*>(&address));
}

// A host may have addresses of a family that the machine does not use.
bool IsElsewhere(int error) { return error == EAFNOSUPPORT || error == EADDRNOTAVAIL; }

}  // namespace

absl::StatusOr<Listener> Listen(const std::string& host_and_port, std::chrono::milliseconds send_timeout) {
  const auto addresses = Resolve(host_and_port);
  if (!addresses.ok()) return addresses.status();
  Listener listener;
  std::vector<std::string> seen;  // a name may have an address twice
  in_port_t port = 0;             // in the order of the network
  int failure = EADDRNOTAVAIL;
  for (addrinfo* at = addresses->get(); at != nullptr; at = at->ai_next) {
    std::string bytes(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen);
    if (std::find(seen.begin(), seen.end(), bytes) != seen.end()) continue;
    seen.push_back(std::move(bytes));
    if (port != 0) PortOf(at->ai_addr) = port;
    Descriptor here = ListenOn(*at, send_timeout);
    if (here.is_open()) {
      port = PortOf(here);
      listener.sockets.push_back(std::move(here));
    } else if (failure = errno; !IsElsewhere(failure)) {
      break;
    }
  }
  if (listener.sockets.empty() || !IsElsewhere(failure)) return CannotListen(host_and_port, strerror(failure));
  listener.address = absl::StrCat(host_and_port.substr(0, host_and_port.rfind(':')), ":", ntohs(port));
  return listener;
}

}  // namespace demarche::listen
