#include "server/http/stream_slots.h"

#include "absl/strings/str_cat.h"
#include "server/error/error.h"
#include "server/limits/limits.h"

namespace demarche::http {

std::shared_ptr<void> StreamSlots::Take() {
  if (taken_.fetch_add(1) < max_) return {this, [](StreamSlots* slots) { --slots->taken_; }};
  --taken_;
  return nullptr;
}

absl::Status StreamSlots::Full(absl::StatusCode code) const {
  return error::Make(code, v1::ERROR_REASON_QUOTA_EXCEEDED,
                     absl::StrCat(max_, " streams are open, which is all that HTTP serves: use gRPC, or try again"),
                     {.retry_after = limits::kRetryWhenStreamsAreFull});
}

}  // namespace demarche::http
