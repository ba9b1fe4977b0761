#ifndef DEMARCHE_CLIENT_CPP_WATCHER_H_
#define DEMARCHE_CLIENT_CPP_WATCHER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/backoff.h"
#include "client/cpp/error.h"
#include "client/cpp/event_source.h"
#include "client/cpp/position_store.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"

namespace demarche::client {

// The server says something at least every 15 s. Three times in a row missed: the connection is dead, not idle.
inline constexpr absl::Duration kSilenceLimit = absl::Seconds(45);

// How to watch. The callbacks run on the thread that reads.
struct WatchOptions {
  v1::WatchEventsRequest request = {};
  // Connects again when the connection breaks, falls silent, or the server goes away, from the position reached.
  bool reconnect = true;
  BackoffOptions backoff = {};
  absl::Duration silence_limit = kSilenceLimit;
  // Next and NextBatch only: the watch begins after the position kept there, when there is one, and what was dealt with is kept
  // there. May be null; outlives the watcher.
  PositionStore* positions = nullptr;
  // Next and NextBatch only: ends the watch when all that is stored has been handed out.
  bool until_caught_up = false;
  // Told before each wait: why the stream ended, and for how long will be waited.
  std::function<void(const Error&, absl::Duration)> on_reconnect = {};
  // Next and NextBatch only: told of revisions that no longer exist. Without it a gap ends the watch (DATA_LOSS), so that none is
  // passed over unnoticed.
  std::function<void(const v1::Gap&)> on_gap = {};
};

// Reads one watch, over as many connections as it takes, without a gap or a repeat. Either Read or Next and NextBatch, by one
// thread; Cancel may be called from any. Has no thread of its own. Lives for one watch.
class Watcher : public EventSource {
 public:
  Watcher(const std::shared_ptr<grpc::ChannelInterface>& channel, WatchOptions options);
  // Cancels. What was handed out last counts as not dealt with: see Commit.
  ~Watcher() override;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  std::optional<Event> Next() override;
  std::vector<Event> NextBatch() override;
  // All that was handed out has been dealt with: keeps the position without asking for more.
  Error Commit();

  // Waits for the next message of any kind. False when the watch has ended.
  bool Read(v1::WatchEventsResponse* response);

  // Why the watch has ended. A stream that the server ended without being asked is an error too (UNAVAILABLE).
  const Error& error() const override { return error_; }
  // Where a later watch goes on after the messages read so far; empty before the first one.
  const std::string& position() const { return position_; }
  void Cancel();

 private:
  bool Open();
  bool Await(bool* ok);
  Error Close();
  bool WaitToReconnect();
  void Note(const v1::WatchEventsResponse& response);
  bool LoadPosition();
  bool Fill();
  bool Keep(const std::string& position);

  const WatchOptions options_;
  const std::unique_ptr<v1::EventService::Stub> stub_;
  Backoff backoff_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReader<v1::WatchEventsResponse>> stream_;
  bool silent_ = false;  // this stream was given up because nothing came
  std::string position_;
  Error error_;

  // Of Next and NextBatch.
  bool loaded_ = false;
  bool ended_ = false;
  std::vector<Event> batch_;
  size_t next_ = 0;         // first of batch_ not handed out
  std::string handed_out_;  // position reached by what was handed out
  std::string kept_;        // position saved last

  absl::Mutex mutex_;
  std::unique_ptr<grpc::ClientContext> context_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_WATCHER_H_
