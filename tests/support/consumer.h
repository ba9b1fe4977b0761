#ifndef DEMARCHE_TESTS_SUPPORT_CONSUMER_H_
#define DEMARCHE_TESTS_SUPPORT_CONSUMER_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "demarche/v1/subscription_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace demarche::testing_support {

// A consumer that is moved step by step.
class Consumer {
 public:
  Consumer(v1::SubscriptionService::Stub& stub, const std::string& name, uint64_t credit) : stream_(stub.Consume(&context_)) {
    v1::ConsumeRequest request;
    request.set_subscription(name);
    stream_->Write(request);
    if (credit > 0) Grant(credit);
  }
  ~Consumer() {
    if (!is_finished_) Kill();
  }

  void Grant(uint64_t events, uint64_t bytes = 0) {
    v1::ConsumeRequest request;
    request.mutable_grant()->set_events(events);
    request.mutable_grant()->set_bytes(bytes);
    stream_->Write(request);
  }
  void Ack(const std::string& first, const std::string& last) {
    v1::ConsumeRequest request;
    v1::PositionRange& range = *request.mutable_ack()->add_ranges();
    range.set_first_position(first);
    range.set_last_position(last);
    stream_->Write(request);
  }
  void Nack(const std::string& position, int64_t delay_s = 0) {
    v1::ConsumeRequest request;
    v1::PositionRange& range = *request.mutable_nack()->add_ranges();
    range.set_first_position(position);
    range.set_last_position(position);
    request.mutable_nack()->mutable_delay()->set_seconds(delay_s);
    stream_->Write(request);
  }
  void WritesDone() { stream_->WritesDone(); }

  // The next message; an empty one at the end.
  v1::ConsumeResponse Next() {
    v1::ConsumeResponse response;
    if (!stream_->Read(&response)) return {};
    return response;
  }
  // Reads until there were so many events; gives their ids and keeps positions and counts.
  std::vector<std::string> NextIds(size_t count) {
    std::vector<std::string> ids;
    positions.clear();
    counts.clear();
    while (ids.size() < count) {
      const v1::ConsumeResponse response = Next();
      if (response.response_case() == v1::ConsumeResponse::RESPONSE_NOT_SET) break;
      const v1::EventBatch& batch = response.message().event_batch();
      for (const auto& event : batch.events()) ids.push_back(event.event_id());
      positions.insert(positions.end(), batch.positions().begin(), batch.positions().end());
      counts.insert(counts.end(), batch.delivery_counts().begin(), batch.delivery_counts().end());
    }
    return ids;
  }
  // Reads until acknowledgements are confirmed.
  v1::AckResult NextResult() {
    while (true) {
      v1::ConsumeResponse response = Next();
      if (response.has_ack_result()) return response.ack_result();
      if (response.response_case() == v1::ConsumeResponse::RESPONSE_NOT_SET) return {};
    }
  }
  grpc::Status Finish() {
    is_finished_ = true;
    for (v1::ConsumeResponse response; stream_->Read(&response);) continue;
    return stream_->Finish();
  }
  // As when its process ends.
  void Kill() {
    context_.TryCancel();
    Finish();
  }

  std::vector<std::string> positions;
  std::vector<uint32_t> counts;

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConsumeRequest, v1::ConsumeResponse>> stream_;
  bool is_finished_ = false;
};

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_CONSUMER_H_
