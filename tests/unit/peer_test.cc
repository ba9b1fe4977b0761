#include "server/listen/peer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace demarche::listen {
namespace {

sockaddr_storage AddressOf(const std::string& text) {
  sockaddr_storage address{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  const bool is_v4 = inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1;
  EXPECT_TRUE(is_v4 || inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) << text;
  address.ss_family = is_v4 ? AF_INET : AF_INET6;
  return address;
}

TEST(PeerName, IsTheAddressOrItsNetworkOrEmptyForLoopback) {
  const struct {
    const char* address;
    const char* name;
  } cases[] = {
      {"192.0.2.7", "192.0.2.7"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
      {"2001:db8:1:2::1", "2001:db8:1:2::/64"},
      {"2001:db8:1:3::1", "2001:db8:1:3::/64"},
      {"127.0.0.1", ""},
      {"127.200.3.4", ""},
      {"::ffff:127.0.0.1", ""},
      {"::1", ""},
  };
  for (const auto& [address, name] : cases) EXPECT_EQ(PeerName(AddressOf(address)), name) << address;
}

TEST(PeerUri, IsAsGrpcNamesThePeer) {
  const struct {
    const char* address;
    const char* uri;
  } cases[] = {
      {"192.0.2.7", "ipv4:192.0.2.7:4711"},
      {"::ffff:192.0.2.7", "ipv4:192.0.2.7:4711"},
      {"2001:db8::1", "ipv6:%5B2001:db8::1%5D:4711"},
      {"::1", "ipv6:%5B::1%5D:4711"},
  };
  for (const auto& [text, uri] : cases) {
    sockaddr_storage address = AddressOf(text);
    reinterpret_cast<sockaddr_in&>(address).sin_port = htons(4711);  // where it stands in either family
    EXPECT_EQ(PeerUri(address), uri) << text;
  }
  sockaddr_storage scoped = AddressOf("fe80::1");
  reinterpret_cast<sockaddr_in6&>(scoped).sin6_scope_id = 2;
  EXPECT_EQ(PeerUri(scoped), "ipv6:%5Bfe80::1%252%5D:0");
}

}  // namespace
}  // namespace demarche::listen
