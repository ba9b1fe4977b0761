#ifndef DEMARCHE_CLIENT_CPP_PUBLISH_STREAM_H_
#define DEMARCHE_CLIENT_CPP_PUBLISH_STREAM_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/error.h"
#include "demarche/v1/ingest_service.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace demarche::client {

// The server's limit for one item, serialised. A message far above it would end the stream for all items, so it is refused here.
inline constexpr size_t kMaxItemBytes = 1 << 20;

// What became of one item.
struct ItemOutcome {
  uint64_t number = 0;  // of the item, from 1 in the order of publishing
  v1::PublishResult result;
  Error error;  // why it was rejected, or why no answer came (the outcome is then unspecified: publish it again, that is safe)
};

// Publishes many items over one stream, within the window that the server grants, and hands out one outcome an item in the order of
// publishing. Items that cannot be sent (not UTF-8, too large) are rejected here without harm to the others. It ends when the
// stream breaks: Publisher stands on it and goes on. One thread calls Publish, Reject and Finish; Cancel may be called from any.
// `on_outcome` is called by one thread at a time, under no lock, and must not call back. Lives for one stream.
class PublishStream {
 public:
  // `on_end`, when given, is told once, on a thread of this object, that the stream has ended and Finish will not wait.
  PublishStream(const std::shared_ptr<grpc::ChannelInterface>& channel, std::function<void(const ItemOutcome&)> on_outcome,
                std::function<void()> on_end = {});
  // Cancels the stream when Finish was not called.
  ~PublishStream();
  PublishStream(const PublishStream&) = delete;
  PublishStream& operator=(const PublishStream&) = delete;

  // Sends the item; blocks while the window is full. False when the stream has ended: call Finish. The item gets its outcome all
  // the same.
  bool Publish(const v1::NewsItem& item);
  // Counts an item that its reader found bad, so that its outcome comes in order.
  void Reject(Error error);
  // Waits for the outcomes of all items; afterwards every item has had one. Returns how the stream ended.
  Error Finish();
  void Cancel() { context_.TryCancel(); }

 private:
  struct Pending {
    size_t bytes = 0;
    std::optional<ItemOutcome> outcome;  // set: waits for its turn
  };

  void ReadOutcomes();
  bool TakeOutcome(const v1::ItemResult& item);
  void Deliver();
  void Add(Pending pending);
  bool MayWrite() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const std::function<void(const ItemOutcome&)> on_outcome_;
  const std::function<void()> on_end_;
  const std::unique_ptr<v1::IngestService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::PublishNewsItemsRequest, v1::PublishNewsItemsResponse>> stream_;
  v1::PublishNewsItemsRequest request_;  // reused
  bool finished_ = false;

  absl::Mutex mutex_;
  std::optional<v1::PublishWindow> window_ ABSL_GUARDED_BY(mutex_);
  std::deque<Pending> pending_ ABSL_GUARDED_BY(mutex_);
  uint64_t delivered_ ABSL_GUARDED_BY(mutex_) = 0;   // items whose outcome was handed out
  uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;    // by the server
  uint64_t unanswered_ ABSL_GUARDED_BY(mutex_) = 0;  // sent, not answered
  size_t unanswered_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t next_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of the item that waits for room
  bool delivering_ ABSL_GUARDED_BY(mutex_) = false;
  bool stream_ended_ ABSL_GUARDED_BY(mutex_) = false;
  Error protocol_error_ ABSL_GUARDED_BY(mutex_);

  std::thread reader_;  // last: starts when all else is there
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_PUBLISH_STREAM_H_
