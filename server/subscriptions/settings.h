#ifndef DEMARCHE_SERVER_SUBSCRIPTIONS_SETTINGS_H_
#define DEMARCHE_SERVER_SUBSCRIPTIONS_SETTINGS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/subscription.pb.h"
#include "demarche/v1/subscription_service.pb.h"

namespace demarche::subscriptions {

// Without what is output only, and with defaults in the place of what is not set. REQUEST_INVALID.
absl::StatusOr<v1::Subscription> Checked(const v1::Subscription& wanted);

// As the request changes them; filters that go are remembered as former ones. REQUEST_INVALID.
absl::StatusOr<stored::v1::SubscriptionSettings> Changed(const stored::v1::SubscriptionSettings& settings,
                                                         const v1::UpdateSubscriptionRequest& request);

}  // namespace demarche::subscriptions

#endif  // DEMARCHE_SERVER_SUBSCRIPTIONS_SETTINGS_H_
