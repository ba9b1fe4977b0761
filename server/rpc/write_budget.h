#ifndef DEMARCHE_SERVER_RPC_WRITE_BUDGET_H_
#define DEMARCHE_SERVER_RPC_WRITE_BUDGET_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "demarche/v1/event_service.pb.h"

namespace demarche::rpc {

using TimePoint = std::chrono::steady_clock::time_point;

// A stream that has one write under way at a time.
class BufferedStream {
 public:
  virtual ~BufferedStream() = default;
  // In the write under way.
  virtual uint64_t buffered_bytes() const = 0;
  // Ends with SLOW_CONSUMER. False when nothing was buffered any more.
  virtual bool Cut(const std::string& why) = 0;
};

// The bytes in the incomplete writes of all streams, and their bound. Any thread; outlives the streams.
class WriteBudget {
 public:
  // The one of some streams that has the most buffered; null when there is none.
  using Largest = std::function<std::shared_ptr<BufferedStream>()>;

  explicit WriteBudget(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // Streams that may be cut. Before the first of them begins.
  void AddStreams(Largest largest) { streams_.push_back(std::move(largest)); }

  // Whether that is more than may be: then CutLargest is called, under no lock of a stream.
  bool Take(uint64_t bytes) { return bytes_.fetch_add(bytes) + bytes > max_bytes_; }
  void Return(uint64_t bytes) { bytes_.fetch_sub(bytes); }
  // Cuts those with the most buffered, until what is left fits.
  void CutLargest();
  // Of a stream that was too slow, for whatever reason.
  void NoteCut() { cut_count_.fetch_add(1); }

  uint64_t bytes() const { return bytes_.load(); }
  uint64_t max_bytes() const { return max_bytes_; }
  uint64_t cut_count() const { return cut_count_.load(); }

 private:
  const uint64_t max_bytes_;
  std::vector<Largest> streams_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> cut_count_{0};
};

// The write under way of one stream, and what the client is to be told of its speed: a warning when a write took 75% of the time
// after which it is cut, or stalled while all together held 75% of the budget; the end of it at 50% of both. Guarded by the stream,
// but for bytes().
class WriteMeter {
 public:
  WriteMeter(WriteBudget& budget, std::chrono::milliseconds max_time) : budget_(budget), max_time_(max_time) {}

  // As WriteBudget::Take.
  bool Begin(uint64_t bytes, TimePoint now);
  // It is complete. Only one with content tells how fast the client is.
  void End(TimePoint now, bool has_content);
  // It will not be waited for.
  void Abandon();
  // It is incomplete for too long.
  bool IsOverdue(TimePoint now) const { return now - began_ >= max_time_; }

  std::optional<v1::SlowConsumerWarning> TakeWarning() { return std::exchange(warning_, std::nullopt); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  WriteBudget& budget_;
  const std::chrono::milliseconds max_time_;
  std::atomic<uint64_t> bytes_{0};
  TimePoint began_;
  bool is_slow_ = false;  // the client was told
  std::optional<v1::SlowConsumerWarning> warning_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_WRITE_BUDGET_H_
