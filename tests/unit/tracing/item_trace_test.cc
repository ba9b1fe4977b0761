#include "server/tracing/item_trace.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::tracing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

const char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";
const char kParent[] = "b7ad6b7169203331";
using Value = std::variant<std::string, int64_t>;

class ItemTraceTest : public testing::Test {
 protected:
  std::vector<Span> spans_;
  int ends_ = 0;
  Sink sink_ = [this](std::vector<Span> spans) {
    ++ends_;
    spans_ = std::move(spans);
  };
};

TEST_F(ItemTraceTest, HasASpanForTheWholeAndOneForEachStep) {
  ItemTrace trace({kTraceId, kParent, 1}, "publish", &sink_);
  trace.Enter("queue");
  trace.Enter("classify");
  trace.Note("count", int64_t{0});
  trace.Leave();
  trace.Leave();
  { const Step step(&trace, "append"); }
  trace.Note("id", std::string("a"));
  trace.End(absl::OkStatus());
  ASSERT_THAT(spans_, SizeIs(4));
  const Span& whole = spans_[0];
  EXPECT_EQ(whole.name, "publish");
  EXPECT_TRUE(whole.is_server);
  EXPECT_EQ(whole.parent_span_id, kParent);
  EXPECT_THAT(whole.attributes, ElementsAre(Pair("id", Value("a"))));
  EXPECT_EQ(whole.error, "");
  EXPECT_EQ(trace.traceparent(), ToTraceparent(whole.context));
  int64_t end_before = whole.start_ns;
  for (size_t i = 1; i < spans_.size(); ++i) {
    EXPECT_EQ(spans_[i].name, (std::vector<std::string>{"", "queue", "classify", "append"})[i]);
    EXPECT_EQ(spans_[i].context.trace_id, kTraceId);
    EXPECT_NE(spans_[i].context.span_id, whole.context.span_id);
    EXPECT_EQ(spans_[i].parent_span_id, whole.context.span_id);
    EXPECT_FALSE(spans_[i].is_server);
    EXPECT_LE(end_before, spans_[i].start_ns);
    EXPECT_LE(spans_[i].start_ns, spans_[i].end_ns);
    end_before = spans_[i].end_ns;
  }
  EXPECT_LE(end_before, whole.end_ns);
  EXPECT_THAT(spans_[2].attributes, ElementsAre(Pair("count", Value(int64_t{0}))));
}

TEST_F(ItemTraceTest, EndsOnceWithTheStepUnderWay) {
  ItemTrace trace({kTraceId, kParent, 1, "a=1"}, "publish", &sink_);
  trace.Enter("queue");
  EXPECT_EQ(trace.tracestate(), "a=1");
  trace.End(absl::UnavailableError("storage full"));
  ASSERT_THAT(spans_, SizeIs(2));
  EXPECT_GT(spans_[1].end_ns, 0);
  for (const Span& span : spans_) EXPECT_EQ(span.context.state, "a=1");
  EXPECT_EQ(spans_[0].error, "UNAVAILABLE: storage full");
  trace.Enter("append");
  trace.End(absl::OkStatus());
  EXPECT_EQ(ends_, 1);
}

TEST_F(ItemTraceTest, WhatIsNotRecordedIsCarriedAsItCame) {
  ItemTrace not_sampled({kTraceId, kParent, 0, "a=1"}, "publish", &sink_);
  ItemTrace without_sink({kTraceId, kParent, 1}, "publish", nullptr);
  for (ItemTrace* trace : {&not_sampled, &without_sink}) {
    const Step step(trace, "queue");
    trace->Note("id", std::string("a"));
    trace->End(absl::OkStatus());
  }
  const Step nothing(nullptr, "queue");
  EXPECT_EQ(not_sampled.tracestate(), "a=1");
  EXPECT_EQ(without_sink.tracestate(), "");
  EXPECT_EQ(not_sampled.traceparent(), ToTraceparent({kTraceId, kParent, 0}));
  EXPECT_EQ(without_sink.traceparent(), ToTraceparent({kTraceId, kParent, 1}));
  EXPECT_THAT(spans_, IsEmpty());
  EXPECT_EQ(ends_, 0);
}

}  // namespace
}  // namespace demarche::tracing
