#include "server/error/error.h"

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "server/rpc/status.h"

namespace demarche::error {
namespace {

template <typename Detail>
Detail DetailOf(const google::rpc::Status& status) {
  Detail detail;
  for (const auto& any : status.details()) {
    if (any.Is<Detail>()) any.UnpackTo(&detail);
  }
  return detail;
}

TEST(Error, BecomesAGrpcStatusWithAllDetails) {
  const absl::Status status = Make(absl::StatusCode::kOutOfRange, v1::ERROR_REASON_CURSOR_EXPIRED, "too old",
                                   {.metadata = {{"first_position", "7"}},
                                    .violations = {{"start.after", "gone"}},
                                    .retry_after = std::chrono::milliseconds(1500)});
  const grpc::Status grpc = rpc::ToGrpc(status);
  EXPECT_EQ(grpc.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(grpc.error_message(), "too old");
  google::rpc::Status full;
  ASSERT_TRUE(full.ParseFromString(grpc.error_details()));
  EXPECT_EQ(full.code(), 11);
  const auto info = DetailOf<google::rpc::ErrorInfo>(full);
  EXPECT_EQ(info.reason(), "CURSOR_EXPIRED");
  EXPECT_EQ(info.domain(), "demarche");
  EXPECT_EQ(info.metadata().at("first_position"), "7");
  EXPECT_EQ(DetailOf<google::rpc::BadRequest>(full).field_violations(0).field(), "start.after");
  const auto delay = DetailOf<google::rpc::RetryInfo>(full).retry_delay();
  EXPECT_EQ(delay.seconds(), 1);
  EXPECT_EQ(delay.nanos(), 500'000'000);
}

TEST(Error, SaysNothingThatIsNotThere) {
  const google::rpc::Status full = ToRpc(Make(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND, "no such event"));
  ASSERT_EQ(full.details_size(), 1);
  EXPECT_TRUE(full.details(0).Is<google::rpc::ErrorInfo>());
}

TEST(Error, GivesAReasonToWhatHasNone) {
  EXPECT_EQ(ReasonOf(WithReason(absl::NotFoundError("x"))), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(ReasonOf(WithReason(absl::UnavailableError("write failed"))), v1::ERROR_REASON_STORAGE_FAILED);
  EXPECT_EQ(ReasonOf(WithReason(absl::UnavailableError("storage full: 1 of 2 bytes"))), v1::ERROR_REASON_STORAGE_FULL);
  EXPECT_EQ(ReasonOf(WithReason(absl::DataLossError("x"))), v1::ERROR_REASON_LOG_CORRUPT);
  EXPECT_EQ(ReasonOf(WithReason(absl::InternalError("x"))), v1::ERROR_REASON_UNSPECIFIED);
}

TEST(Error, KeepsTheReasonItHas) {
  const absl::Status status = Make(absl::StatusCode::kUnimplemented, v1::ERROR_REASON_NOT_SERVED, "WatchEvents is not served");
  EXPECT_EQ(WithReason(status), status);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_NOT_SERVED);
  EXPECT_EQ(MetadataOf(status, "none"), "");
}

TEST(Error, OkStaysOk) { EXPECT_TRUE(rpc::ToGrpc(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace demarche::error
