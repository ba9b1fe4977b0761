#include "server/auth/audit_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/limits/limits.h"

namespace demarche::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class AuditLimitTest : public ::testing::Test {
 protected:
  int Taken(const std::string& source, int lines) {
    int taken = 0;
    for (int i = 0; i < lines; ++i) taken += limit_.Take(source) ? 1 : 0;
    return taken;
  }

  absl::Time now_ = absl::UnixEpoch();
  AuditLimit limit_{3, [this] { return now_; }};
};

TEST_F(AuditLimitTest, AsManyAsMayBeAreWritten) {
  EXPECT_EQ(Taken("a", 3), 3);
  now_ += absl::Minutes(1);
  EXPECT_THAT(limit_.TakeLeftOut(), IsEmpty());
}

TEST_F(AuditLimitTest, MoreAreCountedAndToldOnceTheMinuteIsOver) {
  EXPECT_EQ(Taken("a", 5), 3);
  EXPECT_EQ(Taken("b", 1), 1);
  now_ += absl::Seconds(59);
  EXPECT_THAT(limit_.TakeLeftOut(), IsEmpty());
  now_ += absl::Seconds(1);
  EXPECT_EQ(Taken("a", 4), 3);
  EXPECT_THAT(limit_.TakeLeftOut(), ElementsAre(Pair("a", 2)));
  EXPECT_THAT(limit_.TakeLeftOut(), IsEmpty());
  EXPECT_THAT(limit_.TakeAllLeftOut(), ElementsAre(Pair("a", 1)));
}

TEST_F(AuditLimitTest, TooManySourcesShareTheirLines) {
  for (size_t i = 0; i < limits::kMaxAuditSources; ++i) EXPECT_TRUE(limit_.Take(std::to_string(i)));
  EXPECT_EQ(Taken("one more", 2) + Taken("and one more", 3), 3);
  EXPECT_THAT(limit_.TakeAllLeftOut(), ElementsAre(Pair("others", 2)));
}

TEST_F(AuditLimitTest, ZeroIsAnyNumber) {
  AuditLimit limit(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.Take("a"));
  EXPECT_THAT(limit.TakeAllLeftOut(), IsEmpty());
}

}  // namespace
}  // namespace demarche::auth
