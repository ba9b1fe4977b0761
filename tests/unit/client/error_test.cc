#include "client/cpp/error.h"

#include "demarche/v1/errors.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

google::rpc::Status WithInfo(grpc::StatusCode code, const std::string& message, const std::string& reason) {
  google::rpc::Status status;
  status.ParseFromString(MakeStatus(code, message, reason).error_details());
  return status;
}

TEST(DecodeError, FindsReasonFieldsAndRetry) {
  google::rpc::Status status = WithInfo(grpc::StatusCode::RESOURCE_EXHAUSTED, "too fast", "QUOTA_EXCEEDED");
  google::rpc::BadRequest bad_request;
  bad_request.add_field_violations()->set_field("body");
  bad_request.mutable_field_violations(0)->set_description("has 3 bytes too many");
  status.add_details()->PackFrom(bad_request);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  status.add_details()->PackFrom(retry);

  const Error error = DecodeError(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too fast", status.SerializeAsString()));
  EXPECT_EQ(error.reason, "QUOTA_EXCEEDED");
  ASSERT_EQ(error.violations.size(), 1u);
  EXPECT_EQ(error.violations[0].field, "body");
  EXPECT_EQ(error.retry_after, absl::Milliseconds(2500));
  EXPECT_EQ(Describe(error),
            "QUOTA_EXCEEDED: too fast; body: has 3 bytes too many. Send less, or wait and try again. Retry after 2.5s.");
}

TEST(DecodeError, NamesTheCodeWhereTheServerGaveNoReason) {
  const Error error = DecodeError(grpc::Status(grpc::StatusCode::INTERNAL, "oops", "not a status \xff"));
  EXPECT_EQ(error.reason, "");
  EXPECT_EQ(Describe(error), "INTERNAL: oops");
}

TEST(Describe, ShowsMetadata) {
  Error error = DecodeError(WithInfo(grpc::StatusCode::OUT_OF_RANGE, "too old", "CURSOR_EXPIRED"));
  error.metadata["first_position"] = "AAAB";
  EXPECT_THAT(Describe(error), HasSubstr("(first_position=AAAB). The position is older than what is kept"));
}

TEST(Describe, DoesNotSayAViolationTwice) {
  Error error = DecodeError(WithInfo(grpc::StatusCode::INVALID_ARGUMENT, "body: is empty", "ITEM_INVALID"));
  error.violations.push_back({"body", "is empty"});
  EXPECT_THAT(Describe(error), Not(HasSubstr("; body")));
}

TEST(Describe, KnowsWhatToDoForEveryReason) {
  const google::protobuf::EnumDescriptor* reasons = v1::ErrorReason_descriptor();
  for (int i = 1; i < reasons->value_count(); ++i) {
    const std::string reason = reasons->value(i)->name().substr(std::string("ERROR_REASON_").size());
    EXPECT_NE(Advice(Error{.code = grpc::StatusCode::INTERNAL, .reason = reason}), "") << reason;
  }
}

TEST(IsUnreachable, TellsAServerThatRefusesFromNone) {
  EXPECT_TRUE(IsUnreachable(DecodeError(grpc::Status(grpc::StatusCode::UNAVAILABLE, "failed to connect"))));
  EXPECT_FALSE(IsUnreachable(DecodeError(MakeStatus(grpc::StatusCode::UNAVAILABLE, "going", "DRAINING"))));
}

}  // namespace
}  // namespace demarche::client
