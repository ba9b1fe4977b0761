#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "client/cli/sub.h"
#include "client/cli/times.h"
#include "client/cpp/consumer.h"

namespace demarche::cli {
namespace {

std::string LineOf(const client::Delivery& delivery) {
  v1::EventBatch batch;
  *batch.add_events() = delivery.event;
  batch.add_positions(delivery.position);
  *batch.add_append_times() = ToTimestamp(delivery.append_time);
  batch.add_filter_exit(delivery.filter_exit);
  return EventLine(batch, 0) + '\n';
}

client::ConsumerOptions OptionsOf(Context& context, const SubConsume& consume) {
  client::ConsumerOptions options;
  // What is not acknowledged stays in hand.
  options.limit = consume.count == 0 && consume.is_kept ? consume.credit : consume.count;
  options.max_in_hand = consume.is_kept ? options.limit : consume.credit;
  options.reconnect = consume.reconnect;
  options.on_reconnect = [&context](const client::Error& error, absl::Duration wait) { SayReconnect(context, error, wait); };
  options.on_ack_result = [&context](const v1::AckResult& result) {
    for (const std::string& lost : result.lost_positions()) {
      Say(context, absl::StrCat("the lease of ", Harmless(lost), " ran out before it was acknowledged"));
    }
  };
  options.on_gap = [&context](const v1::Gap& gap) {
    Say(context, absl::StrCat("gap: ", gap.lost(), " positions before ", Harmless(gap.resumed_at()),
                              " were dropped before they were delivered"));
  };
  return options;
}

}  // namespace

ExitCode Consume(Context& context, const SubConsume& consume, bool json_lines) {
  const auto channel = consume.reconnect ? OpenChannel(context) : ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  StoredItems items(context, channel);
  client::Consumer consumer(channel, consume.name, OptionsOf(context, consume));
  OnStop stop(context.stop, [&consumer] { consumer.Stop(); });
  while (const auto delivery = consumer.Next()) {
    if (json_lines) {
      context.out << LineOf(*delivery);
    } else {
      if (delivery->count > 1) context.out << absl::StrCat("delivered ", delivery->count, " times\n");
      context.out << PrintEvent(
          {.event = delivery->event, .filter_exit = delivery->filter_exit, .item = items.ForTrigger(delivery->event)},
          context.out_style);
    }
    context.out << std::flush;
    if (!context.out) break;
    if (!consume.is_kept) consumer.Ack(*delivery);
  }
  return Report(context, consumer.Close());
}

}  // namespace demarche::cli
