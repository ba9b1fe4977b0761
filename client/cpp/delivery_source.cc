#include "client/cpp/delivery_source.h"

#include <algorithm>
#include <exception>

#include "absl/strings/str_cat.h"

namespace demarche::client {
namespace {

// An exception is a failure too: it must not end the consumer.
absl::Status Handle(const DeliveryHandler& handler, const Delivery& delivery) {
  try {
    return handler(delivery);
  } catch (const std::exception& error) {
    return absl::UnknownError(absl::StrCat("the handler threw: ", error.what()));
  } catch (...) {
    return absl::UnknownError("the handler threw");
  }
}

absl::Duration RetryDelay(const BackoffOptions& retry, uint32_t count) {
  absl::Duration delay = std::min(retry.first, retry.longest);
  for (uint32_t i = 1; i < count && delay < retry.longest; ++i) delay = std::min(2 * delay, retry.longest);
  return delay;
}

}  // namespace

Error DeliverySource::Run(const DeliveryHandler& handler, const RunOptions& options) {
  while (const auto delivery = Next()) {
    const absl::Status status = Handle(handler, *delivery);
    if (status.ok()) {
      Ack(*delivery);
      continue;
    }
    const absl::Duration delay = RetryDelay(options.retry, delivery->count);
    if (options.on_failure) options.on_failure(*delivery, status, delay);
    Nack(*delivery, delay);
  }
  return Close();
}

}  // namespace demarche::client
