#ifndef DEMARCHE_CLIENT_BENCH_SCHEDULE_H_
#define DEMARCHE_CLIENT_BENCH_SCHEDULE_H_

#include <cmath>
#include <cstdint>

#include "absl/time/time.h"

namespace demarche::bench {

// When each request of an open loop is meant to be sent: absolute, whatever became of the ones before. The rate rises evenly from 0
// during the warm-up, then stays.
class Schedule {
 public:
  Schedule(double rate, absl::Duration warm_up, absl::Duration duration)
      : rate_(rate), warm_up_s_(absl::ToDoubleSeconds(warm_up)), duration_s_(absl::ToDoubleSeconds(duration)) {}

  // How many in all, and of them in the warm-up.
  uint64_t count() const { return warm_up_count() + static_cast<uint64_t>(rate_ * duration_s_); }
  uint64_t warm_up_count() const { return static_cast<uint64_t>(rate_ * warm_up_s_ / 2); }
  // Of request `number`, from 0, since the start.
  absl::Duration At(uint64_t number) const {
    const double n = static_cast<double>(number);
    const double ramp = rate_ * warm_up_s_ / 2;
    if (n < ramp) return absl::Seconds(std::sqrt(2 * n * warm_up_s_ / rate_));
    return absl::Seconds(warm_up_s_ + (n - ramp) / rate_);
  }
  absl::Duration length() const { return absl::Seconds(warm_up_s_ + duration_s_); }

 private:
  const double rate_;
  const double warm_up_s_;
  const double duration_s_;
};

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_SCHEDULE_H_
