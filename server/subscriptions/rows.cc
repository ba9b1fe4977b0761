#include "server/subscriptions/rows.h"

#include <utility>

#include "server/log/keys.h"

namespace demarche::subscriptions {
namespace {

constexpr size_t kPositionBytes = 8;

}  // namespace

std::string SettingsKey(std::string_view name) { return std::string(kSettingsPrefix).append(name); }

std::string ProgressKey(std::string_view name) { return std::string("pos/").append(name); }

std::string DeadPrefix(std::string_view name) { return std::string(kDeadPrefix).append(name).append("/"); }

std::string DeadKey(std::string_view name, uint64_t position) { return DeadPrefix(name) + log::KeyOfNumber(position); }

uint64_t PositionOfDead(std::string_view key) {
  return log::NumberOf(key.substr(key.size() - std::min(key.size(), kPositionBytes))).value_or(0);
}

stored::v1::DeadLetter ToDeadLetter(const Delivery& delivery) {
  stored::v1::DeadLetter dead;
  dead.set_frame(delivery.event->frame);
  dead.mutable_append_time()->ParseFromString(delivery.event->append_time);
  dead.set_matched_filters(delivery.event->match.filters);
  dead.set_filter_exit(delivery.event->match.is_exit);
  dead.set_delivery_count(delivery.count);
  return dead;
}

EventPtr ToEvent(uint64_t position, const stored::v1::DeadLetter& dead, bool with_pairs) {
  Event event;
  event.position = position;
  event.frame = dead.frame();
  event.append_time = dead.append_time().SerializeAsString();
  event.match = {dead.matched_filters(), dead.filter_exit()};
  if (with_pairs) event.pairs = PairsOf(event.frame);
  return std::make_shared<const Event>(std::move(event));
}

}  // namespace demarche::subscriptions
