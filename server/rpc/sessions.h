#ifndef DEMARCHE_SERVER_RPC_SESSIONS_H_
#define DEMARCHE_SERVER_RPC_SESSIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace demarche::rpc {

// A streaming call that is open.
struct OpenSession {
  std::string principal;
  std::string peer;
  std::string method;
  absl::Time start_time;
};

// The streaming calls that are open, by a number that counts up. Any thread.
class Sessions {
 public:
  uint64_t Add(OpenSession session) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    sessions_.emplace(++last_, std::move(session));
    return last_;
  }
  void Remove(uint64_t number) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    sessions_.erase(number);
  }
  // The oldest `count` after a number, each with its own.
  std::vector<std::pair<uint64_t, OpenSession>> List(uint64_t after, size_t count) const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    std::vector<std::pair<uint64_t, OpenSession>> listed;
    for (auto at = sessions_.upper_bound(after); at != sessions_.end() && listed.size() < count; ++at) listed.emplace_back(*at);
    return listed;
  }
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return sessions_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  uint64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, OpenSession> sessions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_SESSIONS_H_
