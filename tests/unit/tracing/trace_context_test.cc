#include "server/tracing/trace_context.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/tracing/tracer.h"

namespace demarche::tracing {
namespace {

// As the examples of the specification.
#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

TEST(TraceContext, IsReadByTheRulesOfTheSpecification) {
  const struct {
    const char* value;
    const char* carried;  // null: to be ignored
  } cases[] = {
      {"00-" TRACE "-" PARENT "-01", "00-" TRACE "-" PARENT "-01"},
      {"00-" TRACE "-" PARENT "-00", "00-" TRACE "-" PARENT "-00"},
      {"00-" TRACE "-" PARENT "-03", "00-" TRACE "-" PARENT "-03"},
      // Flags that are not known are dropped.
      {"00-" TRACE "-" PARENT "-ff", "00-" TRACE "-" PARENT "-03"},
      {"00-" TRACE "-" PARENT "-08", "00-" TRACE "-" PARENT "-00"},
      // Later versions: with no more, or with more after a dash.
      {"01-" TRACE "-" PARENT "-01", "00-" TRACE "-" PARENT "-01"},
      {"fe-" TRACE "-" PARENT "-01-what-the-future-brings", "00-" TRACE "-" PARENT "-01"},
      {"cc-" TRACE "-" PARENT "-01-", "00-" TRACE "-" PARENT "-01"},
      {"cc-" TRACE "-" PARENT "-01.more", nullptr},
      {"cc-" TRACE "-" PARENT "-011", nullptr},
      {"ff-" TRACE "-" PARENT "-01", nullptr},
      // Version 00 is exactly so long.
      {"00-" TRACE "-" PARENT "-01-", nullptr},
      {"00-" TRACE "-" PARENT "-01-more", nullptr},
      {"00-" TRACE "-" PARENT "-0", nullptr},
      {"00-" TRACE "-" PARENT "-", nullptr},
      {"00-" TRACE "-" PARENT, nullptr},
      {"", nullptr},
      // Ids of zeros.
      {"00-00000000000000000000000000000000-" PARENT "-01", nullptr},
      {"00-" TRACE "-0000000000000000-01", nullptr},
      // Lower-case hex digits only, and dashes only between.
      {"00-0AF7651916CD43DD8448EB211C80319C-" PARENT "-01", nullptr},
      {"00-" TRACE "-B7AD6B7169203331-01", nullptr},
      {"00-0gf7651916cd43dd8448eb211c80319c-" PARENT "-01", nullptr},
      {"00-" TRACE "-b7ad6b716920333.-01", nullptr},
      {"00-" TRACE "-" PARENT "-0x", nullptr},
      {"0x-" TRACE "-" PARENT "-01", nullptr},
      {"0A-" TRACE "-" PARENT "-01", nullptr},
      {"00_" TRACE "-" PARENT "-01", nullptr},
      {"00-" TRACE "_" PARENT "-01", nullptr},
      {"00-" TRACE "-" PARENT "_01", nullptr},
      {" 00-" TRACE "-" PARENT "-01", nullptr},
      {"00-" TRACE "-" PARENT "-01 ", nullptr},
      {"00-" TRACE "0-b7ad6b716920333-01", nullptr},
  };
  for (const auto& one : cases) {
    const auto context = ParseTraceparent(one.value);
    ASSERT_EQ(context.has_value(), one.carried != nullptr) << one.value;
    if (!context.has_value()) continue;
    EXPECT_EQ(ToTraceparent(*context), one.carried) << one.value;
  }
}

TEST(TraceContext, TellsIdsAndWhetherItIsSampled) {
  const auto context = ParseTraceparent("00-" TRACE "-" PARENT "-02");
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->trace_id, TRACE);
  EXPECT_EQ(context->span_id, PARENT);
  EXPECT_FALSE(context->is_sampled());
  EXPECT_TRUE(ParseTraceparent("00-" TRACE "-" PARENT "-03")->is_sampled());
}

TEST(TraceContext, StateIsReadByTheRulesOfTheSpecification) {
  const std::string longest = "a=" + std::string(256, 'v');
  std::string many = "k0=v";
  for (int i = 1; i < 33; ++i) many += ",k" + std::to_string(i) + "=v";
  const struct {
    std::string value;
    std::string carried;
  } cases[] = {
      {"", ""},
      {"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"},
      // Room around commas, and nothing between them.
      {" a=1\t, b=2 ,,c=3,", "a=1,b=2,c=3"},
      {"0t@v-_*/=a b!~", "0t@v-_*/=a b!~"},
      // One member that is none leaves nothing.
      {"a=1,b", ""},
      {"a=1,=2", ""},
      {"a=", ""},
      {"A=1", ""},
      {"-a=1", ""},
      {"a=1=2", ""},
      {"a=\x7f", ""},
      {"a=\xc3\xa9", ""},
      {std::string(257, 'k') + "=1", ""},
      {longest + "v", ""},
      // As many of the first as fit.
      {longest + ",b=" + std::string(251, 'w'), longest + ",b=" + std::string(251, 'w')},
      {longest + ",b=" + std::string(252, 'w') + ",c=1", longest},
      {many, many.substr(0, many.rfind(','))},
  };
  for (const auto& one : cases) EXPECT_EQ(ParseTracestate(one.value), one.carried) << one.value;
}

TEST(TraceContext, NewSpanIdsAreValidAndDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    ids.insert(NewSpanId());
    EXPECT_TRUE(ParseTraceparent(ToTraceparent({TRACE, *ids.begin(), 1})).has_value());
  }
  EXPECT_EQ(ids.size(), 100u);
}

TEST(Tracer, CountsWhatIsIgnored) {
  Tracer tracer;
  EXPECT_TRUE(tracer.Read("00-" TRACE "-" PARENT "-01").has_value());
  EXPECT_FALSE(tracer.Read("00-" TRACE "-" PARENT "-1").has_value());
  EXPECT_EQ(tracer.invalid_count(), 1u);
}

}  // namespace
}  // namespace demarche::tracing
