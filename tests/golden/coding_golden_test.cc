#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "golden/case_file.h"
#include "google/protobuf/util/time_util.h"
#include "gtest/gtest.h"
#include "pipeline/run/stage_list.h"

namespace demarche {
namespace {

constexpr std::string_view kDefaultDate = "2025-06-11";

// All stages from text to events.
class Coder {
 public:
  void Code(document::Document& document) const {
    for (const auto& stage : plan_.stages()) ASSERT_TRUE(stage->Process(document).ok()) << stage->name();
  }

 private:
  const run::Plan plan_ = *run::MakePlan(*run::Resources::Load());
};

const Coder& TheCoder() {
  static const Coder* const coder = new Coder();
  return *coder;
}

v1::NewsItem ItemOf(const golden::Case& test) {
  v1::NewsItem item;
  item.set_news_item_id("case");
  item.set_publisher("Golden");
  item.set_language_code("en");
  item.set_title(test.Get("title"));
  for (const std::string& paragraph : test.GetAll("body")) item.set_body(item.body() + paragraph + "\n");
  const std::string date = test.Has("date") ? test.Get("date") : std::string(kDefaultDate);
  EXPECT_TRUE(google::protobuf::util::TimeUtil::FromString(date + "T00:00:00Z", item.mutable_publish_time()));
  return item;
}

std::string CodeOf(const v1::Actor& actor) {
  return actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
}

template <typename Actors>
std::string Codes(const Actors& actors) {
  std::string codes;
  for (const v1::Actor& actor : actors) codes += (codes.empty() ? "" : ",") + CodeOf(actor);
  return codes.empty() ? "-" : codes;
}

std::string Codes(const document::Document& document, const std::vector<uint32_t>& parties) {
  std::vector<v1::Actor> actors;
  for (const uint32_t party : parties) actors.push_back(document.mentions[party].actor);
  return Codes(actors);
}

std::string DateOf(const v1::EventDate& date) {
  std::string text = std::to_string(date.year());
  for (const int part : {date.month(), date.day()}) {
    if (part != 0) text += (part < 10 ? "-0" : "-") + std::to_string(part);
  }
  return text;
}

// `TYPE kind actors > recipients factuality time [date]`
std::string Describe(const v1::DiplomaticEvent& event) {
  std::string line = std::string(ontology::TypeName(event.type())) + " " + event.kind() + " " + Codes(event.actors()) + " > " +
                     Codes(event.recipients()) + " " + v1::Factuality_Name(event.factuality()).substr(11) + " " +
                     v1::TimeFrame_Name(event.time_frame()).substr(11);
  if (event.has_event_date()) line += " " + DateOf(event.event_date());
  if (event.has_attribution()) line += " says '" + event.attribution().mention() + "'";
  return line;
}

TEST(Golden, Frames) {
  for (const golden::Case& test : golden::ReadCases("frames", {"body", "title", "date", "frame"})) {
    SCOPED_TRACE(test.name + ": " + test.Get("body"));
    const v1::NewsItem item = ItemOf(test);
    document::Document document(item);
    TheCoder().Code(document);
    std::vector<std::string> found;
    for (const document::Frame& frame : document.frames) {
      found.push_back(frame.kind + " " + Codes(document, frame.actors) + " > " + Codes(document, frame.recipients));
    }
    EXPECT_EQ(found, test.GetAll("frame"));
  }
}

TEST(Golden, Assembly) {
  for (const golden::Case& test : golden::ReadCases("assembly", {"body", "title", "date", "event"})) {
    SCOPED_TRACE(test.name + ": " + test.Get("body"));
    const v1::NewsItem item = ItemOf(test);
    document::Document document(item);
    TheCoder().Code(document);
    std::vector<std::string> found;
    for (const v1::DiplomaticEvent& event : document.events) found.push_back(Describe(event));
    EXPECT_EQ(found, test.GetAll("event"));
  }
}

bool Holds(const std::vector<std::string>& kinds, const std::string& kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// The kinds of the events that a sentence by itself is coded as.
std::vector<std::string> KindsOf(const std::string& sentence) {
  v1::NewsItem item;
  item.set_body(sentence);
  item.set_language_code("en");
  item.mutable_publish_time()->set_seconds(1749600000);
  document::Document document(item);
  TheCoder().Code(document);
  std::vector<std::string> kinds;
  for (const v1::DiplomaticEvent& event : document.events) kinds.push_back(event.kind());
  return kinds;
}

// Every kind's example in the ontology is coded as that kind, and its counter-example is not. A share may fail while the coder is
// young; it only shrinks.
TEST(Golden, ExamplesOfKinds) {
  constexpr size_t kMostFailures = 5;
  const auto ontology = *ontology::Ontology::Load();
  std::string failures;
  size_t failed = 0;
  for (const ontology::KindInfo& kind : ontology->kinds()) {
    if (Holds(KindsOf(kind.example), kind.kind)) continue;
    ++failed;
    failures += kind.kind + ": " + kind.example + "\n";
  }
  EXPECT_LE(failed, kMostFailures) << failures;
}

TEST(Golden, CounterExamplesOfKinds) {
  const auto ontology = *ontology::Ontology::Load();
  for (const ontology::KindInfo& kind : ontology->kinds()) {
    EXPECT_FALSE(Holds(KindsOf(kind.counter_example), kind.kind)) << kind.kind << ": " << kind.counter_example;
  }
}

TEST(Golden, EventsAreWhole) {
  v1::NewsItem item;
  item.set_news_item_id("a");
  item.set_publisher("P");
  item.set_language_code("en");
  item.set_title("Norway expels two Chinese diplomats");
  item.set_body("<p>OSLO &ndash; Norway expelled two Chinese diplomats on Monday.</p>");
  item.mutable_publish_time()->set_seconds(1749600000);
  document::Document document(item);
  TheCoder().Code(document);
  ASSERT_EQ(document.events.size(), 1u);
  const v1::DiplomaticEvent& event = document.events[0];
  EXPECT_EQ(event.event_id().size(), 27u);
  EXPECT_EQ(event.event_id().substr(0, 3), "ev-");
  EXPECT_EQ(event.revision(), 1u);
  EXPECT_EQ(event.state(), v1::EVENT_STATE_NEW);
  EXPECT_EQ(event.type(), v1::EVENT_TYPE_SANCTION);
  EXPECT_EQ(event.mode(), v1::EVENT_MODE_EXPEL);
  EXPECT_EQ(event.cameo_code(), "161");
  EXPECT_EQ(event.quad_class(), v1::QUAD_CLASS_MATERIAL_CONFLICT);
  EXPECT_DOUBLE_EQ(event.intensity(), -5.5);
  EXPECT_GT(event.confidence(), 0.5);
  ASSERT_EQ(event.evidence_size(), 2);
  EXPECT_EQ(event.evidence(0).sentence_span().field(), v1::TEXT_FIELD_BODY);
  const v1::TextSpan& trigger = event.evidence(0).trigger_span();
  EXPECT_EQ(item.body().substr(trigger.begin(), trigger.end() - trigger.begin()), "expelled two Chinese diplomats");
  ASSERT_EQ(event.evidence(0).actor_spans_size(), 2);

  document::Document again(item);
  TheCoder().Code(again);
  ASSERT_EQ(again.events.size(), 1u);
  EXPECT_EQ(again.events[0].SerializeAsString(), event.SerializeAsString());
}

}  // namespace
}  // namespace demarche
