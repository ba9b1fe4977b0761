#include "client/cpp/error.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/rpc/error_details.pb.h"

namespace demarche::client {
namespace {

struct ReasonAdvice {
  absl::string_view reason;
  absl::string_view advice;
};
constexpr ReasonAdvice kAdvice[] = {
    {"FILTER_INVALID", "Mend the filter at the column named."},
    {"CURSOR_MALFORMED", "Use a position that this service gave out."},
    {"ITEM_INVALID", "Mend the item and publish it again."},
    {"REQUEST_INVALID", "Mend the field named."},
    {"CURSOR_EXPIRED", "The position is older than what is kept: start at first_position, or at the earliest."},
    {"CURSOR_AHEAD", "The position is newer than the log: it belongs to another server or to a log that was restored since."},
    {"EPOCH_MISMATCH", "The position belongs to another log: start anew, at first_position or at the earliest."},
    {"LEASE_LOST", "The subscription was moved: drop the work, consume again."},
    {"SLOW_CONSUMER", "Read faster; go on from last_position, nothing is lost."},
    {"QUOTA_EXCEEDED", "Send less, or wait and try again."},
    {"ITEM_TOO_LARGE", "Shorten the item."},
    {"NOT_READY", "The server is starting: try again in a moment."},
    {"DRAINING", "The server is shutting down: try again later or elsewhere."},
    {"STORAGE_FULL", "Nothing was stored. The operator must free space; then publish again."},
    {"STORAGE_FAILED", "Nothing was stored. Look into the server's log; then publish again."},
    {"IDEMPOTENCY_CONFLICT", "The id is taken by another content: give the item another id."},
    {"TOKEN_MISSING", "The server wants a token."},
    {"TOKEN_INVALID", "The server does not know this token."},
    {"TOKEN_EXPIRED", "Ask the operator for a new token."},
    {"SCOPE_MISSING", "Ask the operator for the scope named."},
    {"RESOURCE_NOT_FOUND", "Check the id."},
    {"SUBSCRIPTION_EXISTS", "Use the subscription that is there, or another name."},
    {"LOG_CORRUPT", "The log is damaged: the operator must repair it."},
    {"NOT_SERVED", "This server does not serve the call."},
};

// Metadata values may carry text of others: enough to tell, not enough to flood a terminal.
constexpr size_t kMaxMetadataValueBytes = 128;

void DecodeDetails(const google::rpc::Status& status, Error& error) {
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      error.reason = info.reason();
      error.metadata.insert(info.metadata().begin(), info.metadata().end());
    } else if (detail.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) {
        error.violations.push_back({violation.field(), violation.description()});
      }
    } else if (detail.UnpackTo(&retry)) {
      error.retry_after = absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
}

}  // namespace

Error DecodeError(const grpc::Status& status) {
  Error error{.code = status.error_code(), .message = status.error_message()};
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) DecodeDetails(details, error);
  return error;
}

Error DecodeError(const google::rpc::Status& status) {
  Error error{.code = static_cast<grpc::StatusCode>(status.code()), .message = status.message()};
  DecodeDetails(status, error);
  return error;
}

Error DecodeError(const absl::Status& status) {
  return Error{.code = static_cast<grpc::StatusCode>(status.code()), .message = std::string(status.message())};
}

Error EndOfStream(Error end) {
  if (!end.ok() && (end.code != grpc::StatusCode::CANCELLED || !end.reason.empty())) return end;
  return Error{.code = grpc::StatusCode::UNAVAILABLE, .message = "the server ended the stream"};
}

bool MayRetry(const Error& error) {
  switch (error.code) {
    case grpc::StatusCode::UNAVAILABLE:
      return true;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return error.reason.empty();  // a stream reset on the way; the server itself gives a reason
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return error.reason == "SLOW_CONSUMER" || error.retry_after.has_value();
    default:
      return false;
  }
}

bool IsUnreachable(const Error& error) { return error.code == grpc::StatusCode::UNAVAILABLE && error.reason.empty(); }

std::string CodeName(grpc::StatusCode code) { return absl::StatusCodeToString(static_cast<absl::StatusCode>(code)); }

std::string Advice(const Error& error) {
  std::string advice;
  for (const ReasonAdvice& row : kAdvice) {
    if (row.reason == error.reason) advice = std::string(row.advice);
  }
  if (error.retry_after) {
    absl::StrAppend(&advice, advice.empty() ? "" : " ", "Retry after ", absl::FormatDuration(*error.retry_after), ".");
  }
  return advice;
}

std::string Describe(const Error& error) {
  std::string text = absl::StrCat(error.reason.empty() ? CodeName(error.code) : error.reason, ": ",
                                  error.message.empty() ? "the server gave no message" : error.message);
  for (const FieldViolation& violation : error.violations) {
    // Servers tend to say the violation in the message too.
    if (!absl::StrContains(error.message, violation.description)) {
      absl::StrAppend(&text, "; ", violation.field, ": ", violation.description);
    }
  }
  const char* separator = " (";
  for (const auto& [key, value] : error.metadata) {
    absl::StrAppend(&text, separator, key, "=", value.substr(0, kMaxMetadataValueBytes));
    separator = ", ";
  }
  if (!error.metadata.empty()) text += ")";
  const std::string advice = Advice(error);
  if (!advice.empty()) absl::StrAppend(&text, absl::EndsWith(text, ".") ? " " : ". ", advice);
  return text;
}

}  // namespace demarche::client
