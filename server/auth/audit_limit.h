#ifndef DEMARCHE_SERVER_AUTH_AUDIT_LIMIT_H_
#define DEMARCHE_SERVER_AUTH_AUDIT_LIMIT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace demarche::auth {

// How many lines of the audit log each source may have a minute, so that no peer fills the disk; what is left out is counted. Any
// thread.
class AuditLimit {
 public:
  // Lines left out, by source.
  using LeftOut = std::vector<std::pair<std::string, uint64_t>>;

  // Zero lines means as many as come.
  explicit AuditLimit(size_t max_lines, std::function<absl::Time()> now = absl::Now)
      : max_lines_(max_lines), now_(std::move(now)) {}

  // Whether one more line of the source is written. Sources beyond kMaxAuditSources in a minute share their lines.
  bool Take(const std::string& source) ABSL_LOCKS_EXCLUDED(mutex_);
  // Of the minutes that are over, told once.
  LeftOut TakeLeftOut() ABSL_LOCKS_EXCLUDED(mutex_);
  // And of the one under way.
  LeftOut TakeAllLeftOut() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void TurnIfOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Turn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_lines_;
  const std::function<absl::Time()> now_;
  absl::Mutex mutex_;
  absl::Time minute_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // when it began
  std::map<std::string, uint64_t> lines_ ABSL_GUARDED_BY(mutex_);     // in this minute, written or not
  LeftOut left_out_ ABSL_GUARDED_BY(mutex_);                          // in minutes before
};

}  // namespace demarche::auth

#endif  // DEMARCHE_SERVER_AUTH_AUDIT_LIMIT_H_
