#include "server/subscriptions/settings.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/time_util.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/subscription/filters.h"

namespace demarche::subscriptions {
namespace {

using ::google::protobuf::util::TimeUtil;

constexpr char kNameLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

absl::Status Bad(const std::string& field, const std::string& what) {
  return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "subscription." + field, what);
}

absl::Status CheckName(const std::string& name) {
  if (name.empty()) return Bad("name", "empty, it is required");
  if (name.size() > limits::kMaxSubscriptionNameBytes) {
    return Bad("name", std::to_string(name.size()) + " bytes, at most " + std::to_string(limits::kMaxSubscriptionNameBytes));
  }
  if (name.find_first_not_of(kNameLetters) != std::string::npos) return Bad("name", "must be of a to z, 0 to 9 and '-'");
  return absl::OkStatus();
}

absl::Status CheckLease(const google::protobuf::Duration& lease) {
  const int64_t seconds = lease.seconds();
  if (seconds >= limits::kMinLease.count() &&
      (seconds < limits::kMaxLease.count() || (seconds == limits::kMaxLease.count() && lease.nanos() == 0))) {
    return absl::OkStatus();
  }
  return Bad("lease_duration", std::to_string(seconds) + " s, must be " + std::to_string(limits::kMinLease.count()) + " to " +
                                   std::to_string(limits::kMaxLease.count()) + " s");
}

}  // namespace

absl::StatusOr<v1::Subscription> Checked(const v1::Subscription& wanted) {
  if (absl::Status status = CheckName(wanted.name()); !status.ok()) return status;
  v1::Subscription checked;
  checked.set_name(wanted.name());
  *checked.mutable_filters() = wanted.filters();
  *checked.mutable_lease_duration() =
      wanted.has_lease_duration() ? wanted.lease_duration() : TimeUtil::SecondsToDuration(limits::kDefaultLease.count());
  if (absl::Status status = CheckLease(checked.lease_duration()); !status.ok()) return status;
  checked.set_max_deliveries(wanted.max_deliveries() == 0 ? limits::kDefaultMaxDeliveries : wanted.max_deliveries());
  if (checked.max_deliveries() > limits::kMaxMaxDeliveries) {
    return Bad("max_deliveries",
               std::to_string(checked.max_deliveries()) + ", at most " + std::to_string(limits::kMaxMaxDeliveries));
  }
  checked.set_order_by_parties(wanted.order_by_parties());
  checked.set_retain_until_acked(wanted.retain_until_acked());
  checked.set_paused(wanted.paused());
  return checked;
}

absl::StatusOr<stored::v1::SubscriptionSettings> Changed(const stored::v1::SubscriptionSettings& settings,
                                                         const v1::UpdateSubscriptionRequest& request) {
  static constexpr const char* kMayChange[] = {"filters", "lease_duration", "max_deliveries", "retain_until_acked", "paused"};
  if (request.update_mask().paths().empty()) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "update_mask", "empty, it names what changes");
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (std::find(std::begin(kMayChange), std::end(kMayChange), path) == std::end(kMayChange)) {
      return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "update_mask", "'" + path + "' cannot be changed");
    }
  }
  v1::Subscription merged = settings.subscription();
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(request.subscription(), request.update_mask(), options, &merged);
  const auto checked = Checked(merged);
  if (!checked.ok()) return checked.status();
  stored::v1::SubscriptionSettings changed;
  *changed.mutable_subscription() = *checked;
  *changed.mutable_subscription()->mutable_create_time() = settings.subscription().create_time();
  auto former = subscription::FormerFilters(settings.subscription().filters(), settings.former_filters(), checked->filters());
  if (!former.ok()) return former.status();
  *changed.mutable_former_filters() = *std::move(former);
  return changed;
}

}  // namespace demarche::subscriptions
