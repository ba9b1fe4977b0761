#ifndef DEMARCHE_SERVER_HTTP_EVENT_STREAM_H_
#define DEMARCHE_SERVER_HTTP_EVENT_STREAM_H_

#include <memory>
#include <string>

#include "demarche/v1/event_service.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "httplib.h"
#include "server/http/call.h"

namespace demarche::http {

// A watch as server-sent events. Each message of the watch is one event: `event` (a revision, its id is its position), and by the
// names of WatchEventsResponse `started`, `progress`, `caught_up`, `fell_behind`, `slow_consumer_warning`, `gap`, `draining`;
// `error` with a google.rpc.Status before the end. Those that name a position reached have it as id, so that a browser resumes from
// there. One thread uses it.
class EventStream {
 public:
  // The stub outlives it. Its end cancels the watch.
  EventStream(grpc::GenericStub& stub, std::unique_ptr<grpc::ClientContext> context, const v1::WatchEventsRequest& request);

  // Waits for the first message. False when the watch was refused.
  bool Open();
  // How the watch ended.
  google::rpc::Status Finish() { return call_.Finish(); }

  // Writes the next message; waits for it a while. False when the client has gone.
  bool Send(httplib::DataSink& sink);

 private:
  Call call_;
  std::string first_;
  bool has_first_ = false;
};

// The text of one message of a watch.
std::string ToServerSentEvents(const v1::WatchEventsResponse& message);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_EVENT_STREAM_H_
