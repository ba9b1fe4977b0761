#include "server/error/error.h"

#include <optional>
#include <string_view>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "google/rpc/error_details.pb.h"
#include "server/limits/limits.h"

namespace demarche::error {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";

std::string TypeUrl(const google::protobuf::Message& message) { return kTypePrefix + message.GetDescriptor()->full_name(); }

void Attach(const google::protobuf::Message& detail, absl::Status& status) {
  status.SetPayload(TypeUrl(detail), absl::Cord(detail.SerializeAsString()));
}

std::optional<google::rpc::ErrorInfo> InfoOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload(TypeUrl(info));
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return std::nullopt;
  return info;
}

v1::ErrorReason ImpliedReason(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return v1::ERROR_REASON_REQUEST_INVALID;
    case absl::StatusCode::kNotFound:
      return v1::ERROR_REASON_RESOURCE_NOT_FOUND;
    case absl::StatusCode::kUnavailable:
      return absl::StrContains(status.message(), "storage full") ? v1::ERROR_REASON_STORAGE_FULL : v1::ERROR_REASON_STORAGE_FAILED;
    case absl::StatusCode::kDataLoss:
      return v1::ERROR_REASON_LOG_CORRUPT;
    case absl::StatusCode::kUnimplemented:
      return v1::ERROR_REASON_NOT_SERVED;
    default:
      return v1::ERROR_REASON_UNSPECIFIED;
  }
}

}  // namespace

std::string ReasonName(v1::ErrorReason reason) {
  static constexpr std::string_view kPrefix = "ERROR_REASON_";
  return v1::ErrorReason_Name(reason).substr(kPrefix.size());
}

absl::Status Make(absl::StatusCode code, v1::ErrorReason reason, const std::string& message, Details details) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonName(reason));
  info.set_domain(kDomain);
  for (auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = std::move(value);
  Attach(info, status);
  if (!details.violations.empty()) {
    google::rpc::BadRequest bad;
    for (FieldViolation& violation : details.violations) {
      auto* added = bad.add_field_violations();
      added->set_field(std::move(violation.field));
      added->set_description(std::move(violation.description));
    }
    Attach(bad, status);
  }
  if (details.retry_after.count() > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(details.retry_after.count() / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(details.retry_after.count() % 1000 * 1'000'000));
    Attach(retry, status);
  }
  return status;
}

absl::Status BadField(v1::ErrorReason reason, std::string field, std::string description) {
  const std::string message = field + ": " + description;
  return Make(absl::StatusCode::kInvalidArgument, reason, message, {.violations = {{std::move(field), std::move(description)}}});
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  const auto info = InfoOf(status);
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  if (info.has_value()) v1::ErrorReason_Parse("ERROR_REASON_" + info->reason(), &reason);
  return reason;
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const auto info = InfoOf(status);
  if (!info.has_value()) return "";
  const auto found = info->metadata().find(key);
  return found == info->metadata().end() ? "" : found->second;
}

absl::Status WithReason(const absl::Status& status) {
  if (status.ok() || InfoOf(status).has_value()) return status;
  const v1::ErrorReason reason = ImpliedReason(status);
  if (reason == v1::ERROR_REASON_UNSPECIFIED) return status;
  Details details;
  if (status.code() == absl::StatusCode::kUnavailable) details.retry_after = limits::kRetryWhenStorageFails;
  return Make(status.code(), reason, std::string(status.message()), std::move(details));
}

google::rpc::Status ToRpc(const absl::Status& status) {
  const absl::Status full = WithReason(status);
  google::rpc::Status rpc;
  rpc.set_code(static_cast<int>(full.code()));
  rpc.set_message(std::string(full.message()));
  full.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    auto* detail = rpc.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  return rpc;
}

}  // namespace demarche::error
