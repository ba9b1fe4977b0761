#ifndef DEMARCHE_CLIENT_CPP_DELIVERY_SOURCE_H_
#define DEMARCHE_CLIENT_CPP_DELIVERY_SOURCE_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/cpp/backoff.h"
#include "client/cpp/error.h"
#include "client/cpp/event_source.h"

namespace demarche::client {

// A revision that a durable subscription leased to this consumer.
struct Delivery : Event {
  uint32_t count = 1;                             // deliveries to the group so far, this one included
  absl::Time lease_end = absl::InfiniteFuture();  // unless acknowledged by then it is delivered again
  uint64_t connection = 0;                        // a Consumer's own: a lease ends with the connection that it came over
};

// Does what there is to do about one event. An error, or an exception, means that it is to be delivered again.
using DeliveryHandler = std::function<absl::Status(const Delivery&)>;

// What Run does with what its handler could not deal with.
struct RunOptions {
  // It is delivered again after the first delay, and each further time after twice the one before, up to the longest (at most 10
  // min).
  BackoffOptions retry = {.first = absl::Seconds(1), .longest = absl::Minutes(1)};
  // Told of each failure, with the delay.
  std::function<void(const Delivery&, const absl::Status&, absl::Duration)> on_failure = {};
};

// Where a program gets work from: a Consumer, or in its tests a fake or a mock (mocks.h).
class DeliverySource {
 public:
  virtual ~DeliverySource() = default;

  // Waits for the next delivery. Nothing when there will be none: Close says why.
  virtual std::optional<Delivery> Next() = 0;
  // It has been dealt with. False when its lease went with its connection: it will be delivered again.
  virtual bool Ack(const Delivery& delivery) = 0;
  // It could not be dealt with: it is to be delivered again after the delay. False as above.
  virtual bool Nack(const Delivery& delivery, absl::Duration delay) = 0;
  // Takes no more deliveries and waits until what was acknowledged is confirmed. ok() when all is, and the end was asked for.
  virtual Error Close() = 0;

  // Hands each delivery to `handler`, one at a time and in the order of delivery, and acknowledges what it dealt with, until there
  // are no more; then closes.
  Error Run(const DeliveryHandler& handler, const RunOptions& options);
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_DELIVERY_SOURCE_H_
