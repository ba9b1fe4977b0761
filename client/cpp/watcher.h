#ifndef DEMARCHE_CLIENT_CPP_WATCHER_H_
#define DEMARCHE_CLIENT_CPP_WATCHER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/backoff.h"
#include "client/cpp/error.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace demarche::client {

// How to watch.
struct WatchOptions {
  v1::WatchEventsRequest request = {};
  // Connects again when the connection breaks or the server goes away, from the position reached.
  bool reconnect = false;
  BackoffOptions backoff = {};
  // Told before each wait: why the stream ended, and for how long will be waited.
  std::function<void(const Error&, absl::Duration)> on_reconnect = {};
};

// Reads one watch. One thread calls Read; Cancel may be called from any. Lives for one watch, over as many connections as it takes.
class Watcher {
 public:
  Watcher(const std::shared_ptr<grpc::Channel>& channel, WatchOptions options);
  // Cancels.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Waits for the next message. False when the watch has ended: see error().
  bool Read(v1::WatchEventsResponse* response);
  // Why Read returned false. A stream that the server ended without being asked is an error too (UNAVAILABLE).
  const Error& error() const { return error_; }
  // Where a later watch goes on after the messages read so far; empty before the first one.
  const std::string& position() const { return position_; }
  void Cancel();

 private:
  bool Open();
  Error Close();
  bool WaitToReconnect();
  void Note(const v1::WatchEventsResponse& response);

  const WatchOptions options_;
  const std::unique_ptr<v1::EventService::Stub> stub_;
  Backoff backoff_;
  std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> stream_;
  std::string position_;
  Error error_;

  absl::Mutex mutex_;
  std::unique_ptr<grpc::ClientContext> context_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_WATCHER_H_
