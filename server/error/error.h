#ifndef DEMARCHE_SERVER_ERROR_ERROR_H_
#define DEMARCHE_SERVER_ERROR_ERROR_H_

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "demarche/v1/errors.pb.h"
#include "google/rpc/status.pb.h"

// Errors with a reason. A status of ours carries its google.rpc details as payloads, so that the parts below rpc name reason,
// fields and retry time without knowing gRPC.
namespace demarche::error {

inline constexpr char kDomain[] = "demarche";

// What is wrong with one field of a request.
struct FieldViolation {
  std::string field;        // dotted path: `news_item.labels["desk"]`
  std::string description;  // names the limit and the value
};

// What goes with a reason.
struct Details {
  std::vector<std::pair<std::string, std::string>> metadata{};
  std::vector<FieldViolation> violations{};
  std::chrono::milliseconds retry_after{0};  // 0: none is told
};

// A status with ErrorInfo{reason, domain, metadata}, and BadRequest and RetryInfo where there is something to tell. All text is
// UTF-8.
absl::Status Make(absl::StatusCode code, v1::ErrorReason reason, const std::string& message, Details details = {});

// INVALID_ARGUMENT about one field; the message is `field: description`.
absl::Status BadField(v1::ErrorReason reason, std::string field, std::string description);

// The reason a status carries; UNSPECIFIED when it carries none.
v1::ErrorReason ReasonOf(const absl::Status& status);
// As clients see it: ITEM_INVALID.
std::string ReasonName(v1::ErrorReason reason);
// A value of its metadata; empty when there is none.
std::string MetadataOf(const absl::Status& status, const std::string& key);

// Gives a status without a reason the one that its code stands for: what the log and the pipeline return.
absl::Status WithReason(const absl::Status& status);

// The same as google.rpc.Status, reason included.
google::rpc::Status ToRpc(const absl::Status& status);

}  // namespace demarche::error

#endif  // DEMARCHE_SERVER_ERROR_ERROR_H_
