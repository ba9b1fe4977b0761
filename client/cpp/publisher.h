#ifndef DEMARCHE_CLIENT_CPP_PUBLISHER_H_
#define DEMARCHE_CLIENT_CPP_PUBLISHER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/cpp/backoff.h"
#include "client/cpp/item_sink.h"
#include "client/cpp/publish_stream.h"

namespace demarche::client {

struct PublisherOptions {
  // What may be unanswered; Publish blocks beyond it. One item larger than the bytes still passes.
  size_t max_items = 1000;
  size_t max_bytes = size_t{8} << 20;
  BackoffOptions backoff = {};
  // Without an answer for so long, in spite of attempts, what is unanswered fails.
  absl::Duration give_up_after = absl::Minutes(5);
  // Told before each wait, on the publisher's thread: why the stream ended, and for how long will be waited.
  std::function<void(const Error&, absl::Duration)> on_reconnect = {};
};

// Publishes items over as many streams as it takes. When a stream breaks, or the server asks to come again, all that is unanswered
// is sent again, in order: the server knows each by its id, so that none is stored twice; an item stored before the break is
// answered DUPLICATE then. Outcomes come in the order of publishing. All methods may be called from any thread. `done` is called by
// one thread at a time and must not call back.
class Publisher : public ItemSink {
 public:
  Publisher(std::shared_ptr<grpc::ChannelInterface> channel, PublisherOptions options);
  // What is unanswered fails as CANCELLED: call Flush before.
  ~Publisher() override;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  std::future<ItemOutcome> Publish(v1::NewsItem item) override;
  void Publish(v1::NewsItem item, std::function<void(const ItemOutcome&)> done);
  // Waits until all that was published has had its outcome.
  void Flush();
  // Fails all that is unanswered and all that follows as CANCELLED.
  void Cancel();

 private:
  struct Pending {
    v1::NewsItem item;
    size_t bytes = 0;
    std::function<void(const ItemOutcome&)> done;
  };

  void Run();
  Error SendAll();
  void SendUnsent(PublishStream& stream);
  void Take(const ItemOutcome& outcome);
  void Answer(ItemOutcome outcome);
  void FailAll(const Error& error);
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<grpc::ChannelInterface> channel_;
  const PublisherOptions options_;
  Backoff backoff_;  // of the thread

  absl::Mutex mutex_;
  std::deque<Pending> pending_ ABSL_GUARDED_BY(mutex_);  // without an outcome, in order
  size_t sent_ ABSL_GUARDED_BY(mutex_) = 0;              // of them, over the present stream
  size_t pending_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t delivering_ ABSL_GUARDED_BY(mutex_) = 0;  // callbacks that run
  absl::Time last_answer_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;       // the present stream has ended
  bool sends_again_ ABSL_GUARDED_BY(mutex_) = false;  // its further outcomes do not count
  Error cause_ ABSL_GUARDED_BY(mutex_);               // of that, where an item told it
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // last: starts when all else is there
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_PUBLISHER_H_
