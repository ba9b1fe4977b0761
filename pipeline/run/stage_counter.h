#ifndef DEMARCHE_PIPELINE_RUN_STAGE_COUNTER_H_
#define DEMARCHE_PIPELINE_RUN_STAGE_COUNTER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace demarche::run {

// What passed through one stage since the start.
struct StageCount {
  std::string stage;
  uint64_t items = 0;
  uint64_t nanoseconds = 0;
};

// Counts what passes through a stage. Any thread.
class StageCounter {
 public:
  using Clock = std::chrono::steady_clock;

  // An item was at work in the stage since then. Gives the nanoseconds.
  uint64_t AddItem(Clock::time_point start) {
    items_.fetch_add(1, std::memory_order_relaxed);
    return AddTime(start);
  }
  uint64_t AddTime(Clock::time_point start) {
    const auto time = static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
    nanoseconds_.fetch_add(time, std::memory_order_relaxed);
    return time;
  }
  StageCount CountOf(std::string stage) const {
    return {std::move(stage), items_.load(std::memory_order_relaxed), nanoseconds_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<uint64_t> items_{0};
  std::atomic<uint64_t> nanoseconds_{0};
};

}  // namespace demarche::run

#endif  // DEMARCHE_PIPELINE_RUN_STAGE_COUNTER_H_
