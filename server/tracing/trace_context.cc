#include "server/tracing/trace_context.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "openssl/rand.h"
#include "pipeline/document/hash.h"

namespace demarche::tracing {
namespace {

// VERSION "-" TRACE_ID "-" PARENT_ID "-" FLAGS.
constexpr size_t kVersionEnd = 2;
constexpr size_t kTraceIdDigits = 32;
constexpr size_t kTraceIdEnd = kVersionEnd + 1 + kTraceIdDigits;
constexpr size_t kSpanIdDigits = 16;
constexpr size_t kSpanIdEnd = kTraceIdEnd + 1 + kSpanIdDigits;
constexpr size_t kEnd = kSpanIdEnd + 1 + 2;
constexpr uint8_t kKnownFlags = 0x03;  // sampled, random

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) { return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos; }

// Of tracestate. What is longer or more need not be carried.
constexpr size_t kMaxMembers = 32;
constexpr size_t kMaxStateBytes = 512;
constexpr size_t kMaxKeyBytes = 256;
constexpr size_t kMaxValueBytes = 256;

bool IsKeyStart(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsKey(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxKeyBytes && IsKeyStart(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return IsKeyStart(c) || absl::string_view("_-*/@").find(c) != absl::string_view::npos;
  });
}

bool IsValue(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxValueBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

bool IsMember(absl::string_view text) {
  const size_t equals = text.find('=');
  return equals != absl::string_view::npos && IsKey(text.substr(0, equals)) && IsValue(text.substr(equals + 1));
}

uint8_t DigitOf(char c) { return static_cast<uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view value) {
  if (value.size() < kEnd) return std::nullopt;
  for (const size_t end : {kVersionEnd, kTraceIdEnd, kSpanIdEnd}) {
    if (value[end] != '-') return std::nullopt;
  }
  const std::string_view version = value.substr(0, kVersionEnd);
  const std::string_view trace_id = value.substr(kVersionEnd + 1, kTraceIdDigits);
  const std::string_view span_id = value.substr(kTraceIdEnd + 1, kSpanIdDigits);
  const std::string_view flags = value.substr(kSpanIdEnd + 1, 2);
  if (!IsHex(version) || version == "ff" || !IsId(trace_id) || !IsId(span_id) || !IsHex(flags)) return std::nullopt;
  // A later version may say more.
  if (value.size() > kEnd && (version == "00" || value[kEnd] != '-')) return std::nullopt;
  const auto bits = static_cast<uint8_t>(DigitOf(flags[0]) << 4 | DigitOf(flags[1]));
  return TraceContext{std::string(trace_id), std::string(span_id), static_cast<uint8_t>(bits & kKnownFlags)};
}

std::string ParseTracestate(std::string_view value) {
  std::string state;
  size_t count = 0;
  for (absl::string_view member : absl::StrSplit(absl::string_view(value.data(), value.size()), ',')) {
    member = absl::StripAsciiWhitespace(member);
    if (member.empty()) continue;
    if (!IsMember(member)) return "";
    const size_t comma = state.empty() ? 0 : 1;
    if (++count > kMaxMembers || state.size() + comma + member.size() > kMaxStateBytes) break;
    absl::StrAppend(&state, comma == 0 ? "" : ",", member);
  }
  return state;
}

std::string ToTraceparent(const TraceContext& context) {
  return absl::StrCat("00-", context.trace_id, "-", context.span_id, "-", absl::Hex(context.flags, absl::kZeroPad2));
}

std::string NewSpanId() {
  unsigned char bytes[kSpanIdDigits / 2] = {};
  RAND_bytes(bytes, sizeof(bytes));
  std::string id = ToHex({reinterpret_cast<const char*>(bytes), sizeof(bytes)});
  if (!IsId(id)) id.back() = '1';
  return id;
}

}  // namespace demarche::tracing
