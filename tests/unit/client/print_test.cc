#include <cstdlib>
#include <string>

#include "client/cli/print_classification.h"
#include "client/cli/print_event.h"
#include "client/cli/terminal.h"
#include "client/cli/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::cli {
namespace {

using client::CallEvent;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Plain(const v1::DiplomaticEvent& event) { return PrintEvent({.event = event}, Style(false)); }

TEST(PrintEvent, SaysWhoDidWhatToWhomAndMarksTheTrigger) {
  EXPECT_EQ(Plain(CallEvent("a")),
            "2025-02-12 18:30Z  leader_call  Emmanuel Macron (FRA) -> Germany  0.87  Demarche Sample A\n"
            "    Emmanuel Macron [telephoned] Berlin.\n");
}

TEST(PrintEvent, ColoursOnlyWhenAsked) {
  EXPECT_THAT(
      PrintEvent({.event = CallEvent("a")}, Style(true)),
      AllOf(HasSubstr("\x1b[32mleader_call\x1b[0m"), HasSubstr("\x1b[1m\x1b[4mtelephoned\x1b[0m"), Not(HasSubstr("[telephoned]"))));
  EXPECT_THAT(Plain(CallEvent("a")), Not(HasSubstr("\x1b")));
}

TEST(PrintEvent, ShowsReciprocalPartiesAsOneList) {
  v1::DiplomaticEvent event = CallEvent("a");
  event.set_reciprocal(true);
  EXPECT_THAT(Plain(event), HasSubstr("Emmanuel Macron (FRA) <-> Germany"));
  *event.add_actors() = event.recipients(0);
  *event.mutable_recipients() = event.actors();
  EXPECT_THAT(Plain(event), HasSubstr("  Emmanuel Macron (FRA) <-> Germany  "));
  event.clear_recipients();
  EXPECT_THAT(Plain(event), HasSubstr("Emmanuel Macron (FRA) <-> Germany"));
}

TEST(PrintEvent, MarksWhatIsNotAPlainFact) {
  v1::DiplomaticEvent event = CallEvent("a");
  event.set_factuality(v1::FACTUALITY_DENIED);
  event.set_state(v1::EVENT_STATE_UPDATED);
  event.set_revision(3);
  event.mutable_attribution()->set_mention("a spokesman");
  EXPECT_THAT(PrintEvent({.event = event, .filter_exit = true}, Style(false)),
              HasSubstr("  DENIED  revision 3  no longer matches  according to a spokesman  0.87"));
  event.set_state(v1::EVENT_STATE_RETRACTED);
  EXPECT_THAT(Plain(event), HasSubstr("RETRACTED"));
}

TEST(PrintEvent, HoldsWithAnEmptyEvent) {
  EXPECT_EQ(Plain(v1::DiplomaticEvent()), "1970-01-01 00:00Z  unspecified  (not named) -> (not named)  0.00\n");
}

TEST(PrintEvent, MakesTextOfOthersHarmless) {
  v1::DiplomaticEvent event = CallEvent("a");
  event.mutable_actors(0)->set_display_name("Eve\x1b]0;title\x07");
  event.mutable_evidence(0)->set_sentence("\x1b[2J one\ntwo");
  EXPECT_THAT(PrintEvent({.event = event}, Style(false)),
              AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\x07")), HasSubstr("one two\n")));
}

TEST(Harmless, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(Harmless("a\r\nb\tc\x1b[31m\x7f\u009B\u202E\u00E9"), "a\nb\tc\uFFFD[31m\uFFFD\uFFFD\uFFFD\u00E9");
}

TEST(UseColor, RespectsNoColorAndWhatIsNoTerminal) {
  // 0 may be a terminal or not: what counts is that NO_COLOR rules it out, and that `always` stands above both.
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(UseColor(ColorMode::kAuto, 0));
  EXPECT_TRUE(UseColor(ColorMode::kAlways, 0));
  unsetenv("NO_COLOR");
  EXPECT_FALSE(UseColor(ColorMode::kAuto, -1));
  EXPECT_FALSE(UseColor(ColorMode::kNever, 0));
}

v1::NewsItem Article() {
  v1::NewsItem item;
  item.set_title("A call");
  item.set_body(std::string(100, '.') + "Emmanuel Macron telephoned Berlin. The end.\n");
  return item;
}

TEST(PrintClassification, MarksEvidenceInTheTextAsReceived) {
  v1::ClassifyNewsItemResponse response;
  *response.add_events() = CallEvent("a");
  *response.add_events() = CallEvent("b");
  const std::string text = PrintClassification(Article(), response, Style(false));
  EXPECT_THAT(text, StartsWith("A call\n\n....."));
  EXPECT_THAT(text, HasSubstr("{Emmanuel Macron} [telephoned](1,2) {Berlin}. The end.\n\n1. 2025"));
}

TEST(PrintClassification, ShowsWhatStagesSaw) {
  v1::ClassifyNewsItemResponse response;
  v1::StageTrace& stage = *response.add_stages();
  stage.set_stage("gate");
  stage.set_duration_us(12.4);
  v1::StageNote& note = *stage.add_notes();
  note.set_text("kept: actor and trigger");
  note.mutable_span()->set_field(v1::TEXT_FIELD_BODY);
  note.mutable_span()->set_begin(100);
  note.mutable_span()->set_end(115);
  EXPECT_THAT(PrintClassification(Article(), response, Style(false)),
              EndsWith("No event.\n\ngate  12 us\n    body 100-115 \"Emmanuel Macron\"  kept: actor and trigger\n"));
}

TEST(PrintClassification, IgnoresSpansBeyondTheText) {
  v1::NewsItem item;
  item.set_body("short");
  v1::ClassifyNewsItemResponse response;
  *response.add_events() = CallEvent("a");
  EXPECT_THAT(PrintClassification(item, response, Style(false)), StartsWith("short\n\n1. "));
}

TEST(ParseSince, KnowsTimesAndSpans) {
  const absl::Time now = absl::FromUnixSeconds(1'000'000);
  EXPECT_EQ(ParseSince("2h", now), now - absl::Hours(2));
  EXPECT_EQ(ParseSince("1.5d", now), now - absl::Hours(36));
  EXPECT_EQ(ParseSince("1970-01-02", now), absl::FromUnixSeconds(86400));
  EXPECT_EQ(ParseSince("1970-01-01T01:00:00.5+01:00", now), absl::FromUnixMillis(500));
  for (const char* bad : {"", "2", "2x", "-2h", "yesterday", "2025-13-01", "inf", "infinite-past"}) {
    EXPECT_FALSE(ParseSince(bad, now)) << bad;
  }
}

}  // namespace
}  // namespace demarche::cli
