#ifndef DEMARCHE_SERVER_LISTEN_PEER_H_
#define DEMARCHE_SERVER_LISTEN_PEER_H_

#include <sys/socket.h>

#include <string>

namespace demarche::listen {

// Whom a connection is counted with: the peer's IPv4 address, or the network of 64 bits of its IPv6 address, of which one machine
// may use any. Empty for loopback.
std::string PeerName(const sockaddr_storage& address);

// The peer of a connection as gRPC names it in its calls: `ipv4:192.0.2.7:4711`, `ipv6:%5B2001:db8::1%5D:4711`.
std::string PeerUri(const sockaddr_storage& address);

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_PEER_H_
