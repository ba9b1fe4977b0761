#include "server/listen/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace demarche::listen {
namespace {

constexpr uint8_t kLoopbackNet = 127;
constexpr size_t kMappedPrefix = 12;  // bytes of ::ffff:0:0/96 before the IPv4 address
constexpr size_t kNetworkBytes = 8;

std::string NameV4(const in_addr& address) {
  if (reinterpret_cast<const uint8_t*>(&address)[0] == kLoopbackNet) return "";
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &address, text, sizeof(text));
}

std::string NameV6(in6_addr address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return "";
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    in_addr mapped{};
    std::memcpy(&mapped, address.s6_addr + kMappedPrefix, sizeof(mapped));
    return NameV4(mapped);
  }
  std::fill(std::begin(address.s6_addr) + kNetworkBytes, std::end(address.s6_addr), 0);
  char text[INET6_ADDRSTRLEN];
  return std::string(inet_ntop(AF_INET6, &address, text, sizeof(text))) + "/64";
}

}  // namespace

std::string PeerName(const sockaddr_storage& address) {
  return address.ss_family == AF_INET6 ? NameV6(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                                       : NameV4(reinterpret_cast<const sockaddr_in&>(address).sin_addr);
}

}  // namespace demarche::listen
