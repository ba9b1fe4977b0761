#include "client/cli/sub_arguments.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/times.h"

namespace demarche::cli {
namespace {

// The text of the options, until they are converted.
struct Texts {
  std::string name;
  std::string output = "pretty";
  std::string after;
  std::string since;
  bool earliest = false;
  std::vector<std::string> filters;
  int64_t lease_s = 0;
  uint32_t max_deliveries = 0;
  bool order_by_parties = false;
  bool retain = false;
  bool replay = false;
  std::vector<std::string> positions;
  uint64_t count = 0;
  uint64_t credit = 256;
  bool keep = false;
  bool reconnect = false;
};
using TextsPtr = std::shared_ptr<Texts>;

std::string CheckSince(const std::string& text) {
  return ParseSince(text, absl::Now())
             ? ""
             : "'" + text + "' is neither a time such as 2025-02-12T18:30:00Z nor a span such as 2h or 7d";
}

void AddStart(CLI::App* command, Texts& texts, const std::string& verb) {
  auto* after = command->add_option("--after", texts.after, verb + " after this position")->type_name("POSITION");
  auto* since = command->add_option("--since", texts.since, verb + " with events stored since a time, or a span ago: 2h, 7d")
                    ->check(CheckSince)
                    ->type_name("TIME");
  auto* earliest = command->add_flag("--earliest", texts.earliest, verb + " with the first event kept");
  after->excludes(since)->excludes(earliest);
  since->excludes(earliest);
}

v1::StartPosition StartOf(const Texts& texts) {
  v1::StartPosition start;
  if (!texts.after.empty()) {
    start.set_after(texts.after);
  } else if (!texts.since.empty()) {
    *start.mutable_time() = ToTimestamp(*ParseSince(texts.since, absl::Now()));
  } else if (texts.earliest) {
    start.set_earliest(true);
  } else {
    start.set_latest(true);
  }
  return start;
}

SubCreate CreateOf(const Texts& texts) {
  SubCreate create;
  v1::Subscription& subscription = *create.request.mutable_subscription();
  subscription.set_name(texts.name);
  for (const std::string& filter : texts.filters) {
    v1::NamedFilter* named = subscription.add_filters();
    named->set_filter(filter);
    if (texts.filters.size() > 1) named->set_name(absl::StrCat("filter-", subscription.filters_size()));
  }
  if (texts.lease_s > 0) subscription.mutable_lease_duration()->set_seconds(texts.lease_s);
  subscription.set_max_deliveries(texts.max_deliveries);
  subscription.set_order_by_parties(texts.order_by_parties);
  subscription.set_retain_until_acked(texts.retain);
  *create.request.mutable_start() = StartOf(texts);
  return create;
}

// Adds commands below `sub`, which share the text of their options: only one is given.
class Builder {
 public:
  Builder(CLI::App* sub, std::string footer, std::function<void(SubArguments)> take)
      : sub_(sub), footer_(std::move(footer)), take_(std::move(take)), texts_(std::make_shared<Texts>()) {}

  Texts& texts() { return *texts_; }

  template <typename Convert>
  CLI::App* Add(const std::string& name, const std::string& help, bool has_name, Convert convert) {
    CLI::App* command = sub_->add_subcommand(name, help)->footer(footer_);
    if (has_name) command->add_option("NAME", texts_->name, "The subscription")->required();
    command->add_option("-o,--output", texts_->output, "How to print")
        ->check(CLI::IsMember({"pretty", "jsonl"}))
        ->capture_default_str();
    command->callback(
        [texts = texts_, take = take_, convert] { take({.action = convert(*texts), .json_lines = texts->output == "jsonl"}); });
    return command;
  }

 private:
  CLI::App* const sub_;
  const std::string footer_;
  const std::function<void(SubArguments)> take_;
  const TextsPtr texts_;
};

void AddCreate(Builder& builder) {
  Texts& texts = builder.texts();
  CLI::App* command = builder.Add("create", "Create one; it begins with the next event unless told otherwise", true, CreateOf);
  AddStart(command, texts, "Begin");
  command->add_option("--filter", texts.filters, "Only events that match; may be given up to 16 times, one match is enough")
      ->type_name("EXPR")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->take_all();
  command->add_option("--lease", texts.lease_s, "Seconds that a consumer has for an event; 30 by default")
      ->check(CLI::PositiveNumber)
      ->type_name("SECONDS");
  command->add_option("--max-deliveries", texts.max_deliveries, "Deliveries before an event becomes a dead letter; 5 by default")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command->add_flag("--order-by-parties", texts.order_by_parties, "Events of the same two parties in order, one at a time");
  command->add_flag("--retain", texts.retain, "The server keeps events until they are acknowledged");
}

void AddConsume(Builder& builder) {
  Texts& texts = builder.texts();
  CLI::App* command =
      builder.Add("consume", "Print events as they are delivered, and acknowledge what was printed", true, [](const Texts& given) {
        return SubConsume{
            .name = given.name, .count = given.count, .credit = given.credit, .is_kept = given.keep, .reconnect = given.reconnect};
      });
  command->add_option("--count", texts.count, "End after this many events")->check(CLI::PositiveNumber)->type_name("N");
  command->add_option("--credit", texts.credit, "Events that may be in hand")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_flag("--no-ack", texts.keep, "Acknowledge nothing: the events are delivered again. Ends after --count or --credit");
  command->add_flag("--reconnect", texts.reconnect, "Connect again when the connection breaks or the subscription is moved");
}

void AddDeadLetters(Builder& builder) {
  Texts& texts = builder.texts();
  CLI::App* command =
      builder.Add("dlq", "List the events that were given up on, or deliver them again", true, [](const Texts& given) {
        return SubDeadLetters{.name = given.name, .is_replayed = given.replay, .positions = given.positions};
      });
  auto* replay = command->add_flag("--replay", texts.replay, "Deliver them again");
  command->add_option("--position", texts.positions, "Only the event at this position; may be given often")
      ->type_name("POSITION")
      ->needs(replay);
}

}  // namespace

void AddSub(CLI::App& app, const std::string& footer, const std::function<void(SubArguments)>& take) {
  CLI::App* sub = app.add_subcommand("sub", "Work with durable subscriptions")->require_subcommand(1)->footer(footer);
  Builder builder(sub, footer, take);
  AddCreate(builder);
  builder.Add("ls", "List them", false, [](const Texts&) { return SubList{}; });
  builder.Add("info", "Say where one stands", true, [](const Texts& given) { return SubInfo{given.name}; });
  AddConsume(builder);
  CLI::App* seek =
      builder.Add("seek", "Move one: what follows is delivered, acknowledged before or not", true, [](const Texts& given) {
        return SubSeek{given.name, StartOf(given)};
      });
  AddStart(seek, builder.texts(), "Go on");
  AddDeadLetters(builder);
  builder.Add("pause", "Deliver nothing until it is resumed", true, [](const Texts& given) { return SubPause{given.name, true}; });
  builder.Add("resume", "Deliver again", true, [](const Texts& given) { return SubPause{given.name, false}; });
  builder.Add("delete", "Delete one with its dead letters", true, [](const Texts& given) { return SubDelete{given.name}; });
}

}  // namespace demarche::cli
