#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "client/cli/sub.h"
#include "demarche/v1/subscription_service.grpc.pb.h"

namespace demarche::cli {
namespace {

// Consumes with one thread: what was printed is acknowledged and paid for with new credit.
class Consumer {
 public:
  Consumer(Context& context, const SubConsume& consume, bool json_lines, const std::shared_ptr<grpc::Channel>& channel)
      : context_(context),
        consume_(consume),
        json_lines_(json_lines),
        items_(context, channel),
        stub_(v1::SubscriptionService::NewStub(channel)),
        stream_(stub_->Consume(&rpc_)) {}

  ExitCode Run() {
    OnStop cancel(context_.stop, [this] { rpc_.TryCancel(); });
    v1::ConsumeRequest request;
    request.set_subscription(consume_.name);
    stream_->Write(request);
    Grant(consume_.count == 0 ? consume_.credit : std::min(consume_.credit, consume_.count));
    v1::ConsumeResponse response;
    while (stream_->Read(&response)) {
      if (response.has_message()) Take(response.message());
      for (const std::string& lost : response.ack_result().lost_positions()) {
        Say(context_, absl::StrCat("the lease of ", Harmless(lost), " ran out before it was acknowledged"));
      }
    }
    const grpc::Status status = stream_->Finish();
    return status.ok() || context_.stop.requested() ? kExitOk : Report(context_, client::DecodeError(status));
  }

 private:
  void Grant(uint64_t events) {
    if (events == 0) return;
    v1::ConsumeRequest request;
    request.mutable_grant()->set_events(events);
    granted_ += events;
    stream_->Write(request);
  }

  void Take(const v1::WatchEventsResponse& message) {
    if (message.has_event_batch()) return TakeBatch(message.event_batch());
    if (message.has_gap()) {
      Say(context_, absl::StrCat("gap: ", message.gap().lost(), " positions before ", Harmless(message.gap().resumed_at()),
                                 " were dropped before they were delivered"));
    }
  }

  void TakeBatch(const v1::EventBatch& batch) {
    for (int i = 0; i < batch.events_size(); ++i) {
      if (json_lines_) {
        context_.out << EventLine(batch, i) << '\n';
      } else {
        if (batch.delivery_counts(i) > 1) context_.out << absl::StrCat("delivered ", batch.delivery_counts(i), " times\n");
        context_.out << PrintEvent(
            {.event = batch.events(i), .filter_exit = batch.filter_exit(i), .item = items_.ForTrigger(batch.events(i))},
            context_.out_style);
      }
    }
    context_.out << std::flush;
    if (!context_.out) return rpc_.TryCancel();
    const auto taken = static_cast<uint64_t>(batch.events_size());
    taken_ += taken;
    if (!consume_.is_kept) Acknowledge(batch);
    const uint64_t wanted = consume_.count == 0 ? taken : std::min(taken, consume_.count - std::min(consume_.count, granted_));
    Grant(wanted);
    // The server ends the stream once all that was acknowledged is on its disk.
    if (consume_.count > 0 && taken_ >= consume_.count) stream_->WritesDone();
  }

  // As one range: what lies between and is another consumer's is not touched.
  void Acknowledge(const v1::EventBatch& batch) {
    v1::ConsumeRequest request;
    v1::PositionRange& range = *request.mutable_ack()->add_ranges();
    const auto [first, last] = std::minmax_element(batch.positions().begin(), batch.positions().end());
    range.set_first_position(*first);
    range.set_last_position(*last);
    stream_->Write(request);
  }

  Context& context_;
  const SubConsume& consume_;
  const bool json_lines_;
  StoredItems items_;
  grpc::ClientContext rpc_;
  const std::unique_ptr<v1::SubscriptionService::Stub> stub_;
  const std::unique_ptr<grpc::ClientReaderWriter<v1::ConsumeRequest, v1::ConsumeResponse>> stream_;
  uint64_t granted_ = 0;
  uint64_t taken_ = 0;
};

}  // namespace

ExitCode Consume(Context& context, const SubConsume& consume, bool json_lines) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  return Consumer(context, consume, json_lines, channel).Run();
}

}  // namespace demarche::cli
