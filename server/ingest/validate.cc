#include "server/ingest/validate.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/error/error.h"
#include "server/limits/limits.h"

namespace demarche::ingest {
namespace {

// google.protobuf.Timestamp: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
constexpr int64_t kMinSeconds = -62'135'596'800;
constexpr int64_t kMaxSeconds = 253'402'300'799;
constexpr int32_t kMaxNanos = 999'999'999;

// Told at once: an error travels in metadata, of which many clients take 8 KiB.
constexpr size_t kMaxViolations = 8;

using Violations = std::vector<error::FieldViolation>;

void CheckText(const char* field, std::string_view text, Violations& violations) {
  if (const auto offset = FirstInvalidUtf8(text); offset.has_value()) {
    violations.push_back({field, "not UTF-8 at byte " + std::to_string(*offset)});
  } else if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    violations.push_back({field, "a NUL character at byte " + std::to_string(nul)});
  }
}

void CheckSize(const char* field, std::string_view text, size_t limit, Violations& violations) {
  if (text.size() <= limit) return;
  violations.push_back({field, std::to_string(text.size()) + " bytes, at most " + std::to_string(limit)});
}

void CheckTime(const v1::NewsItem& item, Violations& violations) {
  static constexpr char kField[] = "news_item.publish_time";
  if (!item.has_publish_time()) {
    violations.push_back({kField, "missing, it is required"});
    return;
  }
  const auto& time = item.publish_time();
  if (time.seconds() < kMinSeconds || time.seconds() > kMaxSeconds) {
    violations.push_back({kField, std::to_string(time.seconds()) + " seconds, must lie in the years 1 to 9999"});
  } else if (time.nanos() < 0 || time.nanos() > kMaxNanos) {
    violations.push_back({kField, std::to_string(time.nanos()) + " nanos, must be 0 to 999999999"});
  }
}

void CheckLabels(const v1::NewsItem& item, Violations& violations) {
  static constexpr char kField[] = "news_item.labels";
  const auto count = static_cast<size_t>(item.labels_size());
  if (count > limits::kMaxLabels) {
    violations.push_back({kField, std::to_string(count) + " labels, at most " + std::to_string(limits::kMaxLabels)});
    return;
  }
  for (const auto& [key, value] : item.labels()) {
    CheckText(kField, key, violations);
    CheckText(kField, value, violations);
    if (const size_t size = key.size() + value.size(); size > limits::kMaxLabelBytes) {
      violations.push_back({kField, "a label of " + std::to_string(size) + " bytes, key and value together at most " +
                                        std::to_string(limits::kMaxLabelBytes)});
    }
  }
}

absl::Status TooLarge(size_t size) {
  const std::string value = std::to_string(size);
  const std::string limit = std::to_string(limits::kMaxItemBytes);
  return error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_ITEM_TOO_LARGE,
                     "news_item: " + value + " bytes, at most " + limit,
                     {.metadata = {{"field", "news_item"}, {"limit_bytes", limit}, {"value_bytes", value}}});
}

}  // namespace

std::optional<size_t> FirstInvalidUtf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  size_t at = 0;
  while (at < text.size()) {
    const uint8_t lead = bytes[at];
    if (lead < 0x80) {
      ++at;
      continue;
    }
    const size_t length = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (length == 0 || text.size() - at < length) return at;
    // The second byte has a narrower range after these leads: no overlong forms, no surrogates, nothing above U+10FFFF.
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[at + 1] < low || bytes[at + 1] > high) return at;
    for (size_t i = 2; i < length; ++i) {
      if ((bytes[at + i] & 0xC0) != 0x80) return at;
    }
    at += length;
  }
  return std::nullopt;
}

absl::Status ValidateNewsItem(const v1::NewsItem& item) {
  if (const size_t size = item.ByteSizeLong(); size > limits::kMaxItemBytes) return TooLarge(size);
  struct TextField {
    const char* name;
    const std::string& text;
    size_t limit;
  };
  const TextField fields[] = {
      {"news_item.news_item_id", item.news_item_id(), limits::kMaxItemIdBytes},
      {"news_item.publisher", item.publisher(), limits::kMaxPublisherBytes},
      {"news_item.url", item.url(), limits::kMaxUrlBytes},
      {"news_item.title", item.title(), limits::kMaxTitleBytes},
      {"news_item.body", item.body(), limits::kMaxItemBytes},
      {"news_item.language_code", item.language_code(), limits::kMaxLanguageCodeBytes},
  };
  Violations violations;
  for (const TextField& field : fields) {
    CheckText(field.name, field.text, violations);
    CheckSize(field.name, field.text, field.limit, violations);
  }
  if (item.body().find_first_not_of(" \t\r\n\f\v") == std::string::npos) {
    violations.push_back({"news_item.body", "empty, it is required"});
  }
  CheckTime(item, violations);
  CheckLabels(item, violations);
  if (violations.empty()) return absl::OkStatus();
  if (violations.size() > kMaxViolations) violations.erase(violations.begin() + kMaxViolations, violations.end());
  std::string message;
  for (const error::FieldViolation& violation : violations) {
    message += (message.empty() ? "" : "; ") + violation.field + ": " + violation.description;
  }
  return error::Make(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_ITEM_INVALID, message,
                     {.violations = std::move(violations)});
}

}  // namespace demarche::ingest
