#include "server/ingest/validate.h"

#include <functional>
#include <string>

#include "demarche/v1/ingest_service.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "server/error/error.h"
#include "server/limits/limits.h"

namespace demarche::ingest {
namespace {

using ::testing::HasSubstr;

v1::NewsItem ValidItem() {
  v1::NewsItem item;
  item.set_news_item_id("item-1");
  item.set_publisher("Sample A");
  item.set_title("A title");
  item.set_body("A body.");
  item.mutable_publish_time()->set_seconds(1'700'000'000);
  return item;
}

struct Case {
  const char* name;
  std::function<void(v1::NewsItem&)> change;
  const char* message;  // empty: accepted
};

std::string Sized(size_t size) { return std::string(size, 'x'); }

const Case kCases[] = {
    {"AsItIs", [](auto&) {}, ""},
    {"OnlyWhatIsRequired",
     [](auto& item) {
       v1::NewsItem bare;
       bare.set_body("A body.");
       *bare.mutable_publish_time() = item.publish_time();
       item = bare;
     },
     ""},
    {"EmptyBody", [](auto& item) { item.set_body(""); }, "news_item.body: empty, it is required"},
    {"BlankBody", [](auto& item) { item.set_body(" \t\r\n"); }, "news_item.body: empty, it is required"},
    {"TitleAtLimit", [](auto& item) { item.set_title(Sized(4096)); }, ""},
    {"TitleAbove", [](auto& item) { item.set_title(Sized(4097)); }, "news_item.title: 4097 bytes, at most 4096"},
    {"IdAtLimit", [](auto& item) { item.set_news_item_id(Sized(128)); }, ""},
    {"IdAbove", [](auto& item) { item.set_news_item_id(Sized(129)); }, "news_item.news_item_id: 129 bytes, at most 128"},
    {"PublisherAtLimit", [](auto& item) { item.set_publisher(Sized(256)); }, ""},
    {"PublisherAbove", [](auto& item) { item.set_publisher(Sized(257)); }, "news_item.publisher: 257 bytes, at most 256"},
    {"UrlAtLimit", [](auto& item) { item.set_url(Sized(2048)); }, ""},
    {"UrlAbove", [](auto& item) { item.set_url(Sized(2049)); }, "news_item.url: 2049 bytes, at most 2048"},
    {"LanguageAtLimit", [](auto& item) { item.set_language_code(Sized(35)); }, ""},
    {"LanguageAbove", [](auto& item) { item.set_language_code(Sized(36)); }, "news_item.language_code: 36 bytes, at most 35"},
    {"LabelsAtLimit",
     [](auto& item) {
       for (int i = 0; i < 32; ++i) (*item.mutable_labels())[std::to_string(i)] = "v";
     },
     ""},
    {"LabelsAbove",
     [](auto& item) {
       for (int i = 0; i < 33; ++i) (*item.mutable_labels())[std::to_string(i)] = "v";
     },
     "news_item.labels: 33 labels, at most 32"},
    {"LabelAtLimit", [](auto& item) { (*item.mutable_labels())["desk"] = Sized(1020); }, ""},
    {"LabelAbove", [](auto& item) { (*item.mutable_labels())["desk"] = Sized(1021); },
     "news_item.labels: a label of 1025 bytes, key and value together at most 1024"},
    {"NoTime", [](auto& item) { item.clear_publish_time(); }, "news_item.publish_time: missing"},
    {"FirstSecond", [](auto& item) { item.mutable_publish_time()->set_seconds(-62'135'596'800); }, ""},
    {"BeforeFirstSecond", [](auto& item) { item.mutable_publish_time()->set_seconds(-62'135'596'801); },
     "news_item.publish_time: -62135596801 seconds"},
    {"LastSecond", [](auto& item) { item.mutable_publish_time()->set_seconds(253'402'300'799); }, ""},
    {"AfterLastSecond", [](auto& item) { item.mutable_publish_time()->set_seconds(253'402'300'800); },
     "news_item.publish_time: 253402300800 seconds"},
    {"NanosAtLimit", [](auto& item) { item.mutable_publish_time()->set_nanos(999'999'999); }, ""},
    {"NanosAbove", [](auto& item) { item.mutable_publish_time()->set_nanos(1'000'000'000); }, "1000000000 nanos"},
    {"NanosBelow", [](auto& item) { item.mutable_publish_time()->set_nanos(-1); }, "-1 nanos"},
    {"NotUtf8", [](auto& item) { item.set_body("abc\xff"); }, "news_item.body: not UTF-8 at byte 3"},
    {"Nul", [](auto& item) { item.set_title(std::string("ab\0c", 4)); }, "news_item.title: a NUL character at byte 2"},
    {"Correction", [](auto& item) { item.set_supersedes_revision(1); }, ""},
};

class ValidateNewsItemTest : public testing::TestWithParam<Case> {};

TEST_P(ValidateNewsItemTest, NamesFieldLimitAndValue) {
  v1::NewsItem item = ValidItem();
  GetParam().change(item);
  const absl::Status status = ValidateNewsItem(item);
  if (*GetParam().message == '\0') {
    EXPECT_TRUE(status.ok()) << status;
    return;
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error::ReasonOf(status), v1::ERROR_REASON_ITEM_INVALID);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(Limits, ValidateNewsItemTest, testing::ValuesIn(kCases), [](const auto& one) { return one.param.name; });

TEST(ValidateNewsItem, NamesAllFieldsAtOnce) {
  v1::NewsItem item;
  item.set_title(Sized(5000));
  google::rpc::BadRequest bad;
  const google::rpc::Status status = error::ToRpc(ValidateNewsItem(item));
  for (const auto& detail : status.details()) detail.UnpackTo(&bad);
  ASSERT_EQ(bad.field_violations_size(), 3);
  EXPECT_EQ(bad.field_violations(0).field(), "news_item.title");
  EXPECT_EQ(bad.field_violations(1).field(), "news_item.body");
  EXPECT_EQ(bad.field_violations(2).field(), "news_item.publish_time");
}

// What exceeds the metadata that a client takes reaches it as another error.
TEST(ValidateNewsItem, TellsNoMoreThanFitsIntoMetadata) {
  v1::NewsItem item = ValidItem();
  for (char c = 'a'; c < 'a' + 26; ++c) (*item.mutable_labels())[std::string(1, c) + '\0' + Sized(2000)] = std::string(1, '\0');
  const google::rpc::Status status = error::ToRpc(ValidateNewsItem(item));
  constexpr size_t kMetadataBytes = 8192;
  EXPECT_LT(status.message().size() + status.ByteSizeLong() * 4 / 3, kMetadataBytes / 2);
}

TEST(ValidateNewsItem, RefusesWhatIsTooLarge) {
  v1::NewsItem item = ValidItem();
  const size_t rest = limits::kMaxItemBytes - item.ByteSizeLong() - 2;  // the length of the body takes two bytes more
  item.set_body(item.body() + Sized(rest));
  ASSERT_EQ(item.ByteSizeLong(), limits::kMaxItemBytes);
  EXPECT_TRUE(ValidateNewsItem(item).ok());
  item.mutable_body()->push_back('x');
  const absl::Status status = ValidateNewsItem(item);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(error::ReasonOf(status), v1::ERROR_REASON_ITEM_TOO_LARGE);
  EXPECT_EQ(error::MetadataOf(status, "limit_bytes"), "1048576");
  EXPECT_EQ(error::MetadataOf(status, "value_bytes"), "1048577");
}

TEST(FirstInvalidUtf8, FindsTheByte) {
  EXPECT_EQ(FirstInvalidUtf8("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x8c\x8d, \xf4\x8f\xbf\xbf"), std::nullopt);
  EXPECT_EQ(FirstInvalidUtf8("a\x80"), 1u);              // a continuation alone
  EXPECT_EQ(FirstInvalidUtf8("ab\xc3"), 2u);             // cut off
  EXPECT_EQ(FirstInvalidUtf8("\xc0\x80"), 0u);           // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xe0\x9f\xbf"), 0u);       // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xed\xa0\x80"), 0u);       // surrogate
  EXPECT_EQ(FirstInvalidUtf8("\xf0\x8f\xbf\xbf"), 0u);   // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xf4\x90\x80\x80"), 0u);   // above U+10FFFF
  EXPECT_EQ(FirstInvalidUtf8("x\xe2\x82g"), 1u);         // third byte missing
  EXPECT_EQ(FirstInvalidUtf8("x\xf8\x88\x80\x80"), 1u);  // no such lead
}

std::string Request(const v1::NewsItem& item) {
  v1::PublishNewsItemRequest request;
  *request.mutable_news_item() = item;
  return request.SerializeAsString();
}

TEST(ExplainUnparsable, NamesTheFieldThatIsNotUtf8) {
  v1::NewsItem item = ValidItem();
  item.set_body("caf\xe9 society");
  EXPECT_THAT(std::string(ExplainUnparsable(Request(item)).message()), HasSubstr("news_item.body: not UTF-8 at byte 3"));
  item = ValidItem();
  (*item.mutable_labels())["desk"] = "\xff";
  const absl::Status status = ExplainUnparsable(Request(item));
  EXPECT_THAT(std::string(status.message()), HasSubstr("news_item.labels: not UTF-8 at byte 0"));
  EXPECT_EQ(error::ReasonOf(status), v1::ERROR_REASON_ITEM_INVALID);
  v1::PublishNewsItemRequest request;
  request.set_traceparent("00-\xff");
  EXPECT_THAT(std::string(ExplainUnparsable(request.SerializeAsString()).message()), HasSubstr("traceparent: not UTF-8 at byte 3"));
}

TEST(ExplainUnparsable, SaysWhereTheMessageBreaks) {
  const std::string request = Request(ValidItem());
  EXPECT_THAT(std::string(ExplainUnparsable(request.substr(0, 20)).message()), HasSubstr("breaks off or is malformed at byte 0"));
  EXPECT_THAT(std::string(ExplainUnparsable("\x07").message()), HasSubstr("malformed at byte 0"));
  EXPECT_FALSE(ExplainUnparsable("").ok());
}

}  // namespace
}  // namespace demarche::ingest
