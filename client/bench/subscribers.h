#ifndef DEMARCHE_CLIENT_BENCH_SUBSCRIBERS_H_
#define DEMARCHE_CLIENT_BENCH_SUBSCRIBERS_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/bench/load.h"
#include "client/cpp/watcher.h"

namespace demarche::bench {

enum class Pace { kFast, kSlow, kReconnecting };

// One subscriber on a thread of its own, which remembers the positions it was sent. Lives for one load.
class Subscriber {
 public:
  // `on_event` is called on its thread.
  Subscriber(std::shared_ptr<grpc::Channel> channel, const std::string& start, Pace pace,
             std::function<void(const client::Event&)> on_event);
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  // Waits until `count` events came, or none for the settling time.
  void Await(size_t count);
  // Ends it.
  void Stop();
  // Once stopped.
  const std::vector<std::string>& positions() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return positions_; }

 private:
  void Run();

  const std::shared_ptr<grpc::Channel> channel_;
  const std::string start_;
  const Pace pace_;
  const std::function<void(const client::Event&)> on_event_;

  absl::Mutex mutex_;
  std::vector<std::string> positions_ ABSL_GUARDED_BY(mutex_);
  client::Watcher* watcher_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

// Compares what a subscriber was sent with what the log holds, and adds to the counts.
void Verify(const std::vector<std::string>& log, const std::vector<std::string>& sent, LoadResult* result);

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_SUBSCRIBERS_H_
