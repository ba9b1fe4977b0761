#include "server/tracing/otlp.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace demarche::tracing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

google::protobuf::Struct Parse(const std::string& json) {
  google::protobuf::Struct object;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &object).ok()) << json;
  return object;
}

Span MakeSpan() {
  Span span;
  span.context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 1};
  span.parent_span_id = "00f067aa0ba902b7";
  span.name = "publish";
  span.is_server = true;
  span.start_ns = 1'700'000'000'123'456'789;
  span.end_ns = 1'700'000'000'123'456'790;
  return span;
}

TEST(ToOtlpJson, WritesIdsAsHexTimesAsTextAndEnumsAsNumbers) {
  Span whole = MakeSpan();
  whole.attributes = {{"id", std::string("\"a\"\n\\ caf\xc3\xa9")}, {"count", int64_t{0}}};
  Span step = MakeSpan();
  step.name = "append";
  step.is_server = false;
  step.context.state = "a=1";
  step.error = "UNAVAILABLE: storage full";
  const auto json = ToOtlpJson({whole, step}, "1.2.3");
  ASSERT_TRUE(json.ok()) << json.status();
  const auto wanted = Parse(R"({"resourceSpans":[{
      "resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"demarched"}},
        {"key":"service.version","value":{"stringValue":"1.2.3"}}]},
      "scopeSpans":[{"scope":{"name":"demarche.ingest","version":"1.2.3"},"spans":[
        {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","parentSpanId":"00f067aa0ba902b7","flags":1,
         "name":"publish","kind":2,"startTimeUnixNano":"1700000000123456789","endTimeUnixNano":"1700000000123456790",
         "attributes":[{"key":"id","value":{"stringValue":"\"a\"\n\\ café"}},{"key":"count","value":{"intValue":"0"}}]},
        {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","traceState":"a=1","parentSpanId":"00f067aa0ba902b7",
         "flags":1,"name":"append","kind":1,"startTimeUnixNano":"1700000000123456789","endTimeUnixNano":"1700000000123456790",
         "status":{"code":2,"message":"UNAVAILABLE: storage full"}}]}]}]})");
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(Parse(*json), wanted)) << *json;
}

TEST(ToOtlpJson, IsUtf8WhateverTheTextsAre) {
  Span span = MakeSpan();
  span.error = "caf\xe9 \xff";
  const auto json = ToOtlpJson({span}, "1.2.3");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_THAT(*json, AllOf(HasSubstr("caf"), Not(HasSubstr("\xe9")), Not(HasSubstr("\xff"))));
}

}  // namespace
}  // namespace demarche::tracing
