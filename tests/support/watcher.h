#ifndef DEMARCHE_TESTS_SUPPORT_WATCHER_H_
#define DEMARCHE_TESTS_SUPPORT_WATCHER_H_

#include <memory>
#include <string>
#include <vector>

#include "demarche/v1/event_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"

namespace demarche::testing_support {

// A watch that is read message by message.
class Watcher {
 public:
  Watcher(v1::EventService::Stub& stub, const v1::WatchEventsRequest& request) : reader_(stub.WatchEvents(&context_, request)) {}
  ~Watcher() {
    context_.TryCancel();
    if (!is_finished_) reader_->Finish();
  }

  // The next message; an empty one at the end.
  v1::WatchEventsResponse Next() {
    v1::WatchEventsResponse message;
    if (!reader_->Read(&message)) return {};
    return message;
  }
  // Ids of the next events; passes over other messages.
  std::vector<std::string> NextIds(size_t count) {
    std::vector<std::string> ids;
    while (ids.size() < count) {
      const v1::WatchEventsResponse message = Next();
      if (message.response_case() == v1::WatchEventsResponse::RESPONSE_NOT_SET) break;
      for (const auto& event : message.event_batch().events()) ids.push_back(event.event_id());
      for (const auto& position : message.event_batch().positions()) last_position_ = position;
    }
    return ids;
  }
  void ReadUntilCaughtUp() {
    while (true) {
      const auto kind = Next().response_case();
      if (kind == v1::WatchEventsResponse::kCaughtUp || kind == v1::WatchEventsResponse::RESPONSE_NOT_SET) return;
    }
  }
  grpc::Status Finish() {
    is_finished_ = true;
    return reader_->Finish();
  }
  void Cancel() { context_.TryCancel(); }
  const std::string& last_position() const { return last_position_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> reader_;
  std::string last_position_;
  bool is_finished_ = false;
};

inline v1::WatchEventsRequest FromEarliest() {
  v1::WatchEventsRequest request;
  request.mutable_start()->set_earliest(true);
  return request;
}

inline google::rpc::ErrorInfo InfoOf(const grpc::Status& status) {
  google::rpc::Status full;
  google::rpc::ErrorInfo info;
  full.ParseFromString(status.error_details());
  for (const auto& detail : full.details()) detail.UnpackTo(&info);
  return info;
}

// The reason in a gRPC status, and a value of its metadata; empty when there is none.
inline std::string ReasonOf(const grpc::Status& status) { return InfoOf(status).reason(); }
inline std::string MetadataOf(const grpc::Status& status, const std::string& key) {
  const google::rpc::ErrorInfo info = InfoOf(status);
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_WATCHER_H_
