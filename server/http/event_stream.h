#ifndef DEMARCHE_SERVER_HTTP_EVENT_STREAM_H_
#define DEMARCHE_SERVER_HTTP_EVENT_STREAM_H_

#include <memory>
#include <string>

#include "demarche/v1/event_service.grpc.pb.h"
#include "google/rpc/status.pb.h"
#include "httplib.h"

namespace demarche::http {

// A watch as server-sent events. Each message of the watch is one event: `event` (a revision, its id is its position), and by the
// names of WatchEventsResponse `started`, `progress`, `caught_up`, `fell_behind`, `slow_consumer_warning`, `gap`, `draining`;
// `error` with a google.rpc.Status before the end. Those that name a position reached have it as id, so that a browser resumes from
// there. One thread uses it.
class EventStream {
 public:
  EventStream(v1::EventService::Stub& stub, std::unique_ptr<grpc::ClientContext> context, const v1::WatchEventsRequest& request);
  // Cancels the watch.
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Waits for the first message. False when the watch was refused.
  bool Open();
  // How the watch ended.
  google::rpc::Status Finish();

  // Writes the next message; waits for it. False when the client has gone.
  bool Send(httplib::DataSink& sink);

 private:
  const std::unique_ptr<grpc::ClientContext> context_;
  const std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> reader_;
  v1::WatchEventsResponse message_;
  bool has_message_ = false;
  bool is_finished_ = false;
};

// The text of one message of a watch.
std::string ToServerSentEvents(const v1::WatchEventsResponse& message);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_EVENT_STREAM_H_
