#ifndef DEMARCHE_SERVER_SUBSCRIPTIONS_ROWS_H_
#define DEMARCHE_SERVER_SUBSCRIPTIONS_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "demarche/stored/v1/subscription.pb.h"
#include "server/subscriptions/ledger.h"

// What subscriptions keep in the log's state: server/log/FORMAT.md.
namespace demarche::subscriptions {

inline constexpr std::string_view kSettingsPrefix = "sub/";
inline constexpr std::string_view kDeadPrefix = "dead/";
std::string SettingsKey(std::string_view name);
std::string ProgressKey(std::string_view name);
// What the keys of all dead letters of a subscription begin with.
std::string DeadPrefix(std::string_view name);
std::string DeadKey(std::string_view name, uint64_t position);
uint64_t PositionOfDead(std::string_view key);

stored::v1::DeadLetter ToDeadLetter(const Delivery& delivery);
EventPtr ToEvent(uint64_t position, const stored::v1::DeadLetter& dead, bool with_pairs);

}  // namespace demarche::subscriptions

#endif  // DEMARCHE_SERVER_SUBSCRIPTIONS_ROWS_H_
