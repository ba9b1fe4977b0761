#include "server/subscription/position.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "server/error/error.h"
#include "server/log/memory_log.h"
#include "server/subscription/start.h"

namespace demarche::subscription {
namespace {

TEST(Position, ReadsBackWhatItGives) {
  log::LogInfo info{.epoch = "0123456789abcdef", .last_position = 300};
  EXPECT_EQ(FormatPosition(info.epoch, 255), "0123456789abcdef-00000000000000ff");
  for (const uint64_t position : {uint64_t{0}, uint64_t{1}, uint64_t{255}, ~uint64_t{0}}) {
    EXPECT_EQ(*ParsePosition(FormatPosition(info.epoch, position), info), position);
  }
}

TEST(Position, TakesNothingElse) {
  const log::LogInfo info{.epoch = "0123456789abcdef", .last_position = 300};
  for (const char* text :
       {"", "0", "0123456789abcdef", "0123456789abcdef-", "0123456789abcdef-00000000000000f", "0123456789abcdef-00000000000000FF",
        "0123456789abcdef-00000000000000ff ", "0123456789abcdef_00000000000000ff", "0123456789abcdef-0x000000000000ff",
        "0123456789abcdef-+0000000000000ff", "0123456789abcdeg-00000000000000ff"}) {
    EXPECT_EQ(error::ReasonOf(ParsePosition(text, info).status()), v1::ERROR_REASON_CURSOR_MALFORMED) << text;
  }
  const absl::Status other = ParsePosition("1123456789abcdef-00000000000000ff", info).status();
  EXPECT_EQ(error::ReasonOf(other), v1::ERROR_REASON_EPOCH_MISMATCH);
  EXPECT_EQ(error::MetadataOf(other, "last_position"), "0123456789abcdef-000000000000012c");
}

TEST(ResolveAfter, KnowsWhatExists) {
  const log::LogInfo info{.epoch = "0123456789abcdef", .first_position = 10, .last_position = 20};
  for (const uint64_t after : {10, 15, 20}) {
    EXPECT_EQ(ResolveAfter(after, v1::ON_EXPIRED_FAIL, info)->after, after);
    EXPECT_FALSE(ResolveAfter(after, v1::ON_EXPIRED_EARLIEST, info)->lost.has_value());
  }
  const absl::Status expired = ResolveAfter(9, v1::ON_EXPIRED_UNSPECIFIED, info).status();
  EXPECT_EQ(expired.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(error::ReasonOf(expired), v1::ERROR_REASON_CURSOR_EXPIRED);
  EXPECT_EQ(error::MetadataOf(expired, "first_position"), "0123456789abcdef-000000000000000a");
  EXPECT_EQ(error::ReasonOf(ResolveAfter(21, v1::ON_EXPIRED_EARLIEST, info).status()), v1::ERROR_REASON_CURSOR_AHEAD);
  const auto earliest = ResolveAfter(4, v1::ON_EXPIRED_EARLIEST, info);
  EXPECT_EQ(earliest->after, 10u);
  EXPECT_EQ(earliest->lost->after, 4u);
  EXPECT_EQ(ResolveAfter(4, v1::ON_EXPIRED_LATEST, info)->after, 20u);
}

TEST(ResolveStart, RefusesATimeThatIsNone) {
  const log::MemoryLog log;
  v1::StartPosition start;
  start.mutable_time()->set_nanos(-1);
  EXPECT_EQ(error::ReasonOf(ResolveStart(start, v1::ON_EXPIRED_FAIL, log).status()), v1::ERROR_REASON_REQUEST_INVALID);
}

}  // namespace
}  // namespace demarche::subscription
