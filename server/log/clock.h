#ifndef DEMARCHE_SERVER_LOG_CLOCK_H_
#define DEMARCHE_SERVER_LOG_CLOCK_H_

#include <chrono>
#include <cstdint>
#include <functional>

namespace demarche::log {

// Microseconds since 1970 UTC. Called by the appending thread only.
using Clock = std::function<int64_t()>;

inline int64_t SystemTimeUs() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_CLOCK_H_
