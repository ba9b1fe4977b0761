#include "server/auth/quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/error/error.h"

namespace demarche::auth {
namespace {

using ::testing::HasSubstr;

TEST(Quota, FiltersOfAllStreamsTogetherAreBounded) {
  Quotas quotas({.max_filters = 5});
  Quota& desk = quotas.Of("desk");
  EXPECT_TRUE(desk.ChangeFilters(0, 3).ok());
  EXPECT_TRUE(desk.ChangeFilters(0, 2).ok());
  const absl::Status refused = desk.ChangeFilters(0, 1);
  EXPECT_EQ(error::ReasonOf(refused), v1::ERROR_REASON_QUOTA_EXCEEDED);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("filters: 'desk' would have 6 in its open streams, at most 5"));
  EXPECT_TRUE(quotas.Of("wire").ChangeFilters(0, 5).ok());
  EXPECT_TRUE(desk.ChangeFilters(2, 0).ok());
  EXPECT_TRUE(desk.ChangeFilters(3, 5).ok());
  EXPECT_FALSE(desk.ChangeFilters(5, 6).ok());
  EXPECT_TRUE(desk.ChangeFilters(5, 1).ok());
  EXPECT_TRUE(desk.ChangeFilters(1, 5).ok());
}

TEST(Quota, ZeroFiltersIsAnyNumber) {
  Quotas quotas({});
  EXPECT_TRUE(quotas.Of("desk").ChangeFilters(0, 1'000'000).ok());
}

}  // namespace
}  // namespace demarche::auth
