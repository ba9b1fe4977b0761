#include "client/cli/sub.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "client/cli/times.h"
#include "demarche/v1/subscription_service.grpc.pb.h"
#include "google/protobuf/util/time_util.h"

namespace demarche::cli {
namespace {

constexpr int32_t kPageSize = 1000;

// One command on subscriptions. One thread; lives for one command.
class SubCommand {
 public:
  SubCommand(Context& context, bool json_lines, const std::shared_ptr<grpc::Channel>& channel)
      : context_(context), json_lines_(json_lines), channel_(channel), stub_(v1::SubscriptionService::NewStub(channel)) {}

  ExitCode operator()(const SubCreate& create) {
    v1::CreateSubscriptionResponse response;
    return Show([&](grpc::ClientContext* rpc) { return stub_->CreateSubscription(rpc, create.request, &response); }, response);
  }
  ExitCode operator()(const SubInfo& info) {
    v1::GetSubscriptionRequest request;
    request.set_name(info.name);
    v1::GetSubscriptionResponse response;
    return Show([&](grpc::ClientContext* rpc) { return stub_->GetSubscription(rpc, request, &response); }, response);
  }
  ExitCode operator()(const SubSeek& seek) {
    v1::SeekSubscriptionRequest request;
    request.set_name(seek.name);
    *request.mutable_start() = seek.start;
    v1::SeekSubscriptionResponse response;
    return Show([&](grpc::ClientContext* rpc) { return stub_->SeekSubscription(rpc, request, &response); }, response);
  }
  ExitCode operator()(const SubPause& pause) {
    v1::UpdateSubscriptionRequest request;
    request.mutable_subscription()->set_name(pause.name);
    request.mutable_subscription()->set_paused(pause.is_paused);
    request.mutable_update_mask()->add_paths("paused");
    v1::UpdateSubscriptionResponse response;
    return Show([&](grpc::ClientContext* rpc) { return stub_->UpdateSubscription(rpc, request, &response); }, response);
  }
  ExitCode operator()(const SubDelete& target) {
    v1::DeleteSubscriptionRequest request;
    request.set_name(target.name);
    v1::DeleteSubscriptionResponse response;
    const client::Error error =
        Call(context_, [&](grpc::ClientContext* rpc) { return stub_->DeleteSubscription(rpc, request, &response); });
    return error.ok() ? kExitOk : Report(context_, error);
  }
  ExitCode operator()(const SubList&) {
    v1::ListSubscriptionsRequest request;
    request.set_page_size(kPageSize);
    do {
      v1::ListSubscriptionsResponse response;
      const client::Error error =
          Call(context_, [&](grpc::ClientContext* rpc) { return stub_->ListSubscriptions(rpc, request, &response); });
      if (!error.ok()) return Report(context_, error);
      for (const v1::Subscription& subscription : response.subscriptions()) Print(subscription);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty() && context_.out);
    return kExitOk;
  }
  ExitCode operator()(const SubDeadLetters& letters) { return letters.is_replayed ? Replay(letters) : List(letters); }
  ExitCode operator()(const SubConsume& consume) { return Consume(context_, consume, json_lines_); }

 private:
  template <typename Rpc, typename Response>
  ExitCode Show(const Rpc& rpc, const Response& response) {
    const client::Error error = Call(context_, rpc);
    if (!error.ok()) return Report(context_, error);
    Print(response.subscription());
    return kExitOk;
  }

  void Print(const v1::Subscription& subscription) {
    if (json_lines_) {
      context_.out << ToJson(subscription) << '\n';
      return;
    }
    context_.out << absl::StrCat(subscription.name(), subscription.paused() ? " (paused)" : "", ": backlog ",
                                 subscription.backlog(), ", leased ", subscription.leased_count(), ", consumers ",
                                 subscription.consumer_count(), ", dead letters ", subscription.dead_letter_count(), ", lost ",
                                 subscription.lost_count(), ", acknowledged up to ", subscription.acked_position(), "\n");
    for (const v1::NamedFilter& filter : subscription.filters()) context_.out << "  filter: " << Harmless(filter.filter()) << '\n';
    const int64_t lease_s = google::protobuf::util::TimeUtil::DurationToSeconds(subscription.lease_duration());
    context_.out << absl::StrCat("  lease ", lease_s, " s, at most ", subscription.max_deliveries(), " deliveries",
                                 subscription.order_by_parties() ? ", in order by parties" : "",
                                 subscription.retain_until_acked() ? ", retained until acknowledged" : "", ", created ",
                                 FormatMinute(subscription.create_time()), "\n");
  }

  ExitCode Replay(const SubDeadLetters& letters) {
    v1::ReplayDeadLettersRequest request;
    request.set_subscription(letters.name);
    for (const std::string& position : letters.positions) request.add_positions(position);
    v1::ReplayDeadLettersResponse response;
    const client::Error error =
        Call(context_, [&](grpc::ClientContext* rpc) { return stub_->ReplayDeadLetters(rpc, request, &response); });
    if (!error.ok()) return Report(context_, error);
    Say(context_, absl::StrCat(response.replayed_count(), " dead letters will be delivered again"));
    return kExitOk;
  }

  ExitCode List(const SubDeadLetters& letters) {
    v1::ListDeadLettersRequest request;
    request.set_subscription(letters.name);
    request.set_page_size(kPageSize);
    StoredItems items(context_, channel_);
    do {
      v1::ListDeadLettersResponse response;
      const client::Error error =
          Call(context_, [&](grpc::ClientContext* rpc) { return stub_->ListDeadLetters(rpc, request, &response); });
      if (!error.ok()) return Report(context_, error);
      const v1::EventBatch& batch = response.event_batch();
      for (int i = 0; i < batch.events_size(); ++i) {
        if (json_lines_) {
          context_.out << EventLine(batch, i) << '\n';
          continue;
        }
        context_.out << absl::StrCat(batch.positions(i), ", delivered ", batch.delivery_counts(i), " times\n")
                     << PrintEvent({.event = batch.events(i), .item = items.ForTrigger(batch.events(i))}, context_.out_style);
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty() && context_.out);
    return kExitOk;
  }

  Context& context_;
  const bool json_lines_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::SubscriptionService::Stub> stub_;
};

}  // namespace

ExitCode Sub(Context& context, const SubArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  return std::visit(SubCommand(context, arguments.json_lines, channel), arguments.action);
}

}  // namespace demarche::cli
