#ifndef DEMARCHE_SERVER_LISTEN_LISTENER_H_
#define DEMARCHE_SERVER_LISTEN_LISTENER_H_

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/listen/descriptor.h"

namespace demarche::listen {

// Sockets that listen on all addresses of one host, at one port.
struct Listener {
  std::vector<Descriptor> sockets;  // do not block
  std::string address;              // HOST:PORT with the port that was taken
};

// Listens on HOST:PORT; the host is a name, an IPv4 address or an IPv6 address in brackets; `0.0.0.0` is every IPv4 address, `[::]`
// every address; port 0 takes a free one. A connection whose peer leaves what was sent unacknowledged for so long is over.
// UNAVAILABLE when the address cannot be had, INVALID_ARGUMENT when it is none.
absl::StatusOr<Listener> Listen(const std::string& host_and_port, std::chrono::milliseconds send_timeout);

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_LISTENER_H_
