#include "server/listen/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "absl/strings/str_cat.h"

namespace demarche::listen {
namespace {

constexpr uint8_t kLoopbackNet = 127;
constexpr size_t kMappedPrefix = 12;  // bytes of ::ffff:0:0/96 before the IPv4 address
constexpr size_t kNetworkBytes = 8;

std::string TextOf(const in_addr& address) {
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &address, text, sizeof(text));
}

std::string TextOf(const in6_addr& address) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &address, text, sizeof(text));
}

// The IPv4 address that an IPv6 address stands for.
std::optional<in_addr> Mapped(const in6_addr& address) {
  if (!IN6_IS_ADDR_V4MAPPED(&address)) return std::nullopt;
  in_addr mapped{};
  std::memcpy(&mapped, address.s6_addr + kMappedPrefix, sizeof(mapped));
  return mapped;
}

std::string NameV4(const in_addr& address) {
  return reinterpret_cast<const uint8_t*>(&address)[0] == kLoopbackNet ? "" : TextOf(address);
}

std::string NameV6(in6_addr address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return "";
  if (const auto mapped = Mapped(address)) return NameV4(*mapped);
  std::fill(std::begin(address.s6_addr) + kNetworkBytes, std::end(address.s6_addr), 0);
  return TextOf(address) + "/64";
}

std::string UriV4(const in_addr& address, in_port_t port) { return absl::StrCat("ipv4:", TextOf(address), ":", ntohs(port)); }

std::string UriV6(const sockaddr_in6& address) {
  if (const auto mapped = Mapped(address.sin6_addr)) return UriV4(*mapped, address.sin6_port);
  const std::string scope = address.sin6_scope_id == 0 ? "" : absl::StrCat("%25", address.sin6_scope_id);
  return absl::StrCat("ipv6:%5B", TextOf(address.sin6_addr), scope, "%5D:", ntohs(address.sin6_port));
}

}  // namespace

std::string PeerName(const sockaddr_storage& address) {
  return address.ss_family == AF_INET6 ? NameV6(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                                       : NameV4(reinterpret_cast<const sockaddr_in&>(address).sin_addr);
}

std::string PeerUri(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) return UriV6(reinterpret_cast<const sockaddr_in6&>(address));
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  return UriV4(v4.sin_addr, v4.sin_port);
}

}  // namespace demarche::listen
