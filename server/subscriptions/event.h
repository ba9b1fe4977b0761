#ifndef DEMARCHE_SERVER_SUBSCRIPTIONS_EVENT_H_
#define DEMARCHE_SERVER_SUBSCRIPTIONS_EVENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/subscription/batch.h"
#include "server/subscription/match.h"

namespace demarche::subscriptions {

// A revision to be delivered to one consumer at a time. Immutable; holds its own copy, so that it keeps nothing of the ring.
struct Event {
  uint64_t position = 0;
  std::string frame;        // tag 0x0A, length, DiplomaticEvent
  std::string append_time;  // serialised Timestamp
  subscription::Match match;
  std::vector<uint64_t> pairs;  // of parties, hashed; only where order matters

  size_t bytes() const { return frame.size() + append_time.size(); }
};
using EventPtr = std::shared_ptr<const Event>;

// The revisions of a batch, one by one.
std::vector<EventPtr> Split(const subscription::Batch& batch, bool with_pairs);

// Every pair of an actor and a recipient, or of two actors where there is no recipient; a party alone makes a pair by itself.
std::vector<uint64_t> PairsOf(std::string_view frame);

}  // namespace demarche::subscriptions

#endif  // DEMARCHE_SERVER_SUBSCRIPTIONS_EVENT_H_
