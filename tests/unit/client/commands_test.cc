#include <sstream>
#include <string>

#include "client/cli/classify.h"
#include "client/cli/doctor.h"
#include "client/cli/events.h"
#include "client/cli/history.h"
#include "client/cli/publish.h"
#include "client/cli/sub.h"
#include "client/cli/watch.h"
#include "client/cli/who.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::cli {
namespace {

using client::BatchOf;
using client::CallEvent;
using client::CaughtUpAt;
using client::StartedAt;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Commands as the user runs them, against fakes behind a real socket.
class CommandsTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& content) const { return temporary_.Write("input", content); }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  support::TemporaryDirectory temporary_;
  client::FakeServer server_;
  std::ostringstream out_;
  std::ostringstream err_;
  Stop stop_;
  Context context_{.server = server_.address(), .out = out_, .err = err_, .stop = stop_};
};

TEST_F(CommandsTest, PublishSumsUpAndNamesTheBadLine) {
  const std::string path = Write(
      "{\"newsItemId\":\"a\",\"body\":\"text\"}\n{\"newsItemId\":\"b\",\"body\":\"bad\"}\n{\n{\"newsItemId\":\"a\",\"body\":"
      "\"text\"}\n");
  EXPECT_EQ(Publish(context_, {.input = {.paths = {path}}}), kExitSomeBad);
  EXPECT_EQ(out(), "1 accepted (1 events), 1 duplicate, 0 unsupported language, 2 rejected\n");
  EXPECT_THAT(err(), HasSubstr(path + ":2: ITEM_INVALID: body: begins with bad"));
  EXPECT_THAT(err(), HasSubstr(path + ":3: is not a NewsItem in JSON"));
}

TEST_F(CommandsTest, PublishPrintsOneResultALine) {
  const std::string path = Write("{\"newsItemId\":\"a\",\"body\":\"text\"}\n{\"newsItemId\":\"b\",\"body\":\"bad\"}\n");
  EXPECT_EQ(Publish(context_, {.input = {.paths = {path}}, .json_lines = true}), kExitSomeBad);
  EXPECT_THAT(out(),
              StartsWith("{\"source\":\"" + path +
                         ":1\",\"outcome\":\"PUBLISH_OUTCOME_ACCEPTED\",\"newsItemId\":\"a\",\"eventIds\":[\"event-of-a\"]}\n"
                         "{\"source\":\"" +
                         path + ":2\""));
  EXPECT_THAT(out(), HasSubstr("\"error\":{\"code\":\"INVALID_ARGUMENT\",\"reason\":\"ITEM_INVALID\""));
  EXPECT_THAT(err(), HasSubstr("1 accepted"));
}

TEST_F(CommandsTest, PublishIsQuietOnlyAboutWhatWentWell) {
  const std::string good = Write("{\"body\":\"text\"}");
  EXPECT_EQ(Publish(context_, {.input = {.paths = {good}}, .quiet = true}), kExitOk);
  EXPECT_EQ(out() + err(), "");
  EXPECT_EQ(Publish(context_, {.input = {.paths = {good, "/nonexistent"}}, .quiet = true}), kExitSomeBad);
  EXPECT_THAT(out(), HasSubstr("1 rejected"));
}

TEST_F(CommandsTest, PublishSaysWhatWasNotAnswered) {
  server_.ingest.end_after = 1;
  const std::string path = Write("{\"newsItemId\":\"a\",\"body\":\"text\"}\n{\"newsItemId\":\"b\",\"body\":\"text\"}\n");
  EXPECT_EQ(Publish(context_, {.input = {.paths = {path}}}), kExitUnreachable);
  EXPECT_THAT(out(), HasSubstr("1 accepted"));
  EXPECT_THAT(err(), HasSubstr("DRAINING"));
}

TEST_F(CommandsTest, EveryCommandSaysHowToReachAServer) {
  context_.server = "127.0.0.1:1";
  EXPECT_EQ(Publish(context_, {.input = {.paths = {"-"}}}), kExitUnreachable);
  EXPECT_EQ(Watch(context_, {}), kExitUnreachable);
  EXPECT_EQ(Classify(context_, {}), kExitUnreachable);
  EXPECT_EQ(GetEvent(context_, {}), kExitUnreachable);
  EXPECT_EQ(ListEvents(context_, {}), kExitUnreachable);
  EXPECT_EQ(Who(context_, {.name = "Kallas"}), kExitUnreachable);
  EXPECT_EQ(Doctor(context_), kExitUnreachable);
  EXPECT_THAT(out(), AllOf(HasSubstr("FAIL  reach: port 1 of 127.0.0.1"), HasSubstr("mend: nothing listens there")));
  EXPECT_THAT(err(), HasSubstr("no answer from a server at 127.0.0.1:1"));
  EXPECT_THAT(err(), HasSubstr("demarched serve --listen 127.0.0.1:1"));
}

TEST_F(CommandsTest, WatchPrintsUntilCaughtUp) {
  server_.events.scripts = {
      {.messages = {StartedAt("p0"), BatchOf("p1", CallEvent("a")), CaughtUpAt("p1")}, .end = {}, .stay = true}};
  EXPECT_EQ(Watch(context_, {.until_caught_up = true}), kExitOk);
  EXPECT_THAT(out(), HasSubstr("Emmanuel Macron [telephoned] Berlin."));
  EXPECT_EQ(context_.resume_hint, "go on with --after p1");
}

TEST_F(CommandsTest, WatchPrintsJsonLinesUpToACount) {
  server_.events.scripts = {
      {.messages = {StartedAt("p0"), BatchOf("p\"1", CallEvent("a")), BatchOf("p2", CallEvent("b")), BatchOf("p3", CallEvent("c"))},
       .end = {},
       .stay = true}};
  EXPECT_EQ(Watch(context_, {.filters = {"x", "y"}, .count = 2, .format = EventFormat::kJsonLines}), kExitOk);
  EXPECT_THAT(out(), StartsWith("{\"position\":\"p\\\"1\",\"appendTime\":\"2025-02-12T18:30:00Z\",\"event\":{\"eventId\":\"a\","));
  EXPECT_THAT(out(), AllOf(HasSubstr("\"eventId\":\"b\""), Not(HasSubstr("\"eventId\":\"c\""))));
  const auto request = server_.events.requests().at(0);
  ASSERT_EQ(request.filters_size(), 2);
  EXPECT_EQ(request.filters(1).name(), "filter-2");
}

TEST_F(CommandsTest, WatchAsksForTheItemWhereMarkupWasRemoved) {
  v1::DiplomaticEvent event = CallEvent("a");
  const std::string received = "<p>Emmanuel Macron <b>telephoned</b> Berlin.";
  event.mutable_evidence(0)->mutable_sentence_span()->set_begin(3);
  event.mutable_evidence(0)->mutable_sentence_span()->set_end(received.size());
  event.mutable_evidence(0)->mutable_trigger_span()->set_begin(received.find("telephoned"));
  event.mutable_evidence(0)->mutable_trigger_span()->set_end(received.find("</b>"));
  ASSERT_EQ(Publish(context_, {.input = {.paths = {Write(received)}, .news_item_id = "item-1"}}), kExitOk);
  server_.events.scripts = {{.messages = {BatchOf("p1", event)}, .end = {}, .stay = true}};
  EXPECT_EQ(Watch(context_, {.count = 1}), kExitOk);
  EXPECT_THAT(out(), HasSubstr("Emmanuel Macron [telephoned] Berlin."));
}

TEST_F(CommandsTest, WatchTellsWhereToGoOnWhenItIsCutOrInterrupted) {
  server_.events.scripts = {
      {.messages = {StartedAt("p0"), BatchOf("p1", CallEvent("a"))}, .end = grpc::Status(grpc::UNAVAILABLE, "cut")},
      {.messages = {StartedAt("p7")}, .end = {}, .stay = true}};
  EXPECT_EQ(Watch(context_, {}), kExitUnreachable);
  EXPECT_THAT(err(), HasSubstr("go on with --after p1"));
  stop_.Trigger(StopReason::kInterrupt);
  EXPECT_EQ(Conclude(context_, Watch(context_, {})), kExitInterrupted);
  EXPECT_THAT(err(), HasSubstr("interrupted; go on with --after p"));
}

TEST_F(CommandsTest, WatchReportsARefusal) {
  server_.events.scripts = {
      {.messages = {}, .end = client::MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "column 3", "FILTER_INVALID")}};
  EXPECT_EQ(Watch(context_, {.filters = {"x ="}}), kExitRefused);
  EXPECT_THAT(err(), HasSubstr("FILTER_INVALID: column 3. Mend the filter"));
}

TEST_F(CommandsTest, ClassifyGoesOnAfterABadItem) {
  *server_.classifier.answer.add_events() = CallEvent("a");
  server_.classifier.answer.add_stages()->set_stage("gate");
  const std::string path = Write("{\"body\":\"bad\"}\n{\"body\":\"text\"}\n");
  EXPECT_EQ(Classify(context_, {.input = {.paths = {path}}}), kExitSomeBad);
  EXPECT_THAT(out(), AllOf(StartsWith("text\n\n1. 2025"), Not(HasSubstr("gate"))));
  EXPECT_THAT(err(), HasSubstr(path + ":1: ITEM_INVALID"));
  EXPECT_EQ(Classify(context_, {.input = {.paths = {path}}, .explain = true, .json = true}), kExitSomeBad);
  EXPECT_THAT(out(), HasSubstr("\"stages\":[{\"stage\":\"gate\"}]}\n"));
}

TEST_F(CommandsTest, EventsAreLookedUp) {
  server_.events.events = {CallEvent("a"), CallEvent("b"), CallEvent("c")};
  EXPECT_EQ(GetEvent(context_, {.event_id = "b", .json_lines = true}), kExitOk);
  EXPECT_THAT(out(), StartsWith("{\"eventId\":\"b\""));
  EXPECT_EQ(GetEvent(context_, {.event_id = "x"}), kExitRefused);
  EXPECT_THAT(err(), HasSubstr("RESOURCE_NOT_FOUND: no event has the id x. Check the id."));
}

TEST_F(CommandsTest, HistorySaysWhatChangedAndBecauseOfWhat) {
  v1::DiplomaticEvent planned = CallEvent("b"), held = planned;
  planned.set_revision(1);
  planned.set_story_id("story-7");
  planned.set_factuality(v1::FACTUALITY_PLANNED);
  held.set_revision(2);
  held.set_publisher_count(3);
  held.mutable_event_date()->set_year(2025);
  held.mutable_event_date()->set_month(2);
  server_.events.events = {CallEvent("a"), planned, held};
  EXPECT_EQ(History(context_, {.event_id = "b"}), kExitOk);
  EXPECT_THAT(out(),
              AllOf(StartsWith("event b of story-7\nrevision 1  "), HasSubstr("because of item-1 of publisher\n"),
                    HasSubstr("because of item-2 of publisher\n"), HasSubstr("    factuality: PLANNED -> ACTUAL\n"),
                    HasSubstr("    date: (none) -> 2025-02\n"), HasSubstr("    publishers: 0 -> 3\n"), Not(HasSubstr("actors:"))));
  EXPECT_EQ(History(context_, {.event_id = "x"}), kExitRefused);
  EXPECT_THAT(err(), HasSubstr("RESOURCE_NOT_FOUND"));
}

TEST_F(CommandsTest, HistoryPrintsARevisionALine) {
  server_.events.events = {CallEvent("a")};
  EXPECT_EQ(History(context_, {.event_id = "a", .json_lines = true}), kExitOk);
  EXPECT_THAT(out(), AllOf(StartsWith("{\"event\":{\"eventId\":\"a\""), HasSubstr("\"cause\":{\"publisher\":\"publisher\"")));
}

TEST_F(CommandsTest, EventsListReadsAllPagesUpToTheLimit) {
  server_.events.events = {CallEvent("a"), CallEvent("b"), CallEvent("c")};
  EXPECT_EQ(ListEvents(context_, {.filter = "", .limit = 2, .json_lines = true}), kExitOk);
  EXPECT_THAT(out(), AllOf(HasSubstr("\"b\""), Not(HasSubstr("\"eventId\":\"c\""))));
  EXPECT_THAT(err(), HasSubstr("--limit 0 lists all"));
  EXPECT_EQ(ListEvents(context_, {.filter = "", .limit = 0, .json_lines = true}), kExitOk);
  EXPECT_THAT(out(), HasSubstr("\"eventId\":\"c\""));
}

TEST_F(CommandsTest, DoctorIsContentOnlyWhenAllIsWell) {
  server_.admin.server_version = DEMARCHE_VERSION;
  server_.events.scripts.assign(2, {.messages = {StartedAt("p9")}, .end = {}, .stay = true});
  EXPECT_EQ(Doctor(context_), kExitOk) << out();
  EXPECT_THAT(out(), AllOf(HasSubstr("All is well."), HasSubstr("to p9"), Not(HasSubstr("FAIL"))));

  server_.admin.server_version = "0.0.1";
  server_.admin.clock_offset_s = -60;
  server_.admin.disk_free_bytes = uint64_t{300} << 20;
  server_.health.status = grpc::health::v1::HealthCheckResponse::NOT_SERVING;
  EXPECT_EQ(Doctor(context_), kExitSomeBad);
  for (const char* line : {"FAIL  health: NOT_SERVING", "FAIL  version: server 0.0.1", "FAIL  clock: the server is ",
                           "mend: set both clocks by NTP", "FAIL  disk: 300 MiB free", "mend: free space"}) {
    EXPECT_THAT(out(), HasSubstr(line));
  }
}

TEST_F(CommandsTest, DoctorTellsWhyThereIsNoWay) {
  const std::string address = context_.server;
  context_.server = "no-such-host.invalid:1";
  EXPECT_EQ(Doctor(context_), kExitUnreachable);
  EXPECT_THAT(out(), HasSubstr("the name no-such-host.invalid has no address"));
  context_.server = address;
  context_.tls.emplace();
  EXPECT_EQ(Doctor(context_), kExitUnreachable);
  EXPECT_THAT(out(), AllOf(HasSubstr("but not so: with TLS"), HasSubstr("mend: is it a TLS port?")));
  context_.tls.reset();
  context_.token_file = "/nonexistent";
  EXPECT_EQ(Doctor(context_), kExitUnreachable);
  EXPECT_THAT(out(), HasSubstr("FAIL  files"));
  EXPECT_THAT(err(), HasSubstr("cannot read /nonexistent"));
}

TEST_F(CommandsTest, SubConsumePrintsAndAcknowledges) {
  v1::ConsumeResponse delivery;
  *delivery.mutable_message() = BatchOf("p1", CallEvent("a"));
  delivery.mutable_message()->mutable_event_batch()->add_delivery_counts(2);
  server_.subscriptions.scripts.assign(2, {.messages = {delivery}, .end = {}, .stay = true});
  EXPECT_EQ(Consume(context_, {.name = "desk", .count = 1}, /*json_lines=*/false), kExitOk) << err();
  EXPECT_THAT(out(), AllOf(HasSubstr("delivered 2 times"), HasSubstr("Emmanuel Macron [telephoned] Berlin.")));
  EXPECT_THAT(server_.subscriptions.requests(), ElementsAre(HasSubstr("desk"), "grant { events: 1 }", HasSubstr("ack {")));
  EXPECT_EQ(Consume(context_, {.name = "desk", .credit = 1, .is_kept = true}, /*json_lines=*/true), kExitOk) << err();
  EXPECT_THAT(out(), HasSubstr("{\"position\":\"p1\",\"appendTime\":\"2025-02-12T18:30:00Z\",\"event\":{"));
  EXPECT_THAT(server_.subscriptions.requests(), SizeIs(5));
}

TEST_F(CommandsTest, AStoppedCommandConcludesWithTheCodeOfItsReason) {
  EXPECT_EQ(Conclude(context_, kExitSomeBad), kExitSomeBad);
  stop_.Trigger(StopReason::kReaderGone);
  EXPECT_EQ(Conclude(context_, kExitUnreachable), kExitOk);
  Stop terminated;
  Context context{.server = "", .out = out_, .err = err_, .stop = terminated};
  terminated.Trigger(StopReason::kTerminate);
  EXPECT_EQ(Conclude(context, kExitOk), kExitTerminated);
}

TEST_F(CommandsTest, WhoSaysTheOfficeOfTheDay) {
  server_.ontology.name = "Kallas";
  v1::Actor& kallas = *server_.ontology.actors.add_actors();
  kallas.set_entity_id("person/kaja-kallas");
  kallas.set_display_name("Kaja Kallas");
  kallas.set_organization_code("EU");
  kallas.set_sector("IGO");
  kallas.set_office("High Representative of the European Union");
  const absl::Time day = absl::FromCivil(absl::CivilDay(2025, 2, 13), absl::UTCTimeZone());
  EXPECT_EQ(Who(context_, {.name = "Kallas", .on = day}), kExitOk);
  EXPECT_EQ(out(), "Kaja Kallas  EU  IGO  High Representative of the European Union  person/kaja-kallas\n");
  EXPECT_EQ(server_.ontology.last_lookup.time().seconds(), absl::ToUnixSeconds(day));
  EXPECT_EQ(Who(context_, {.name = "Kallas", .json_lines = true}), kExitOk);
  EXPECT_FALSE(server_.ontology.last_lookup.has_time());
  EXPECT_THAT(out(), HasSubstr("\"organizationCode\":\"EU\""));
  kallas.set_office_stale(true);
  EXPECT_EQ(Who(context_, {.name = "Kallas"}), kExitOk);
  EXPECT_THAT(out(), HasSubstr("(not verified for that day)"));
  EXPECT_EQ(Who(context_, {.name = "Nemo"}), kExitSomeBad);
  EXPECT_THAT(err(), HasSubstr("nobody known as 'Nemo'"));
}

TEST_F(CommandsTest, WhoListsTheOfficesOfABody) {
  server_.ontology.code = "IRN";
  const auto add = [&](const std::string& name, const std::string& start, const std::string& end) {
    v1::OfficeTerm& term = *server_.ontology.terms.add_terms();
    term.set_display_name(name);
    term.set_office("Foreign Minister of Iran");
    term.set_start_date(start);
    term.set_end_date(end);
    term.set_source("unsourced");
    if (end.empty()) term.set_verified_date("2025-12-31");
  };
  add("First", "2013-08-15", "2021-08-25");
  add("Second", "2021-08", "");
  EXPECT_EQ(Who(context_, {.body = "IRN", .role = "foreign_minister"}), kExitOk);
  EXPECT_EQ(out(),
            "2013-08-15 to 2021-08-25  First  Foreign Minister of Iran  unsourced\n"
            "2021-08 to (verified until 2025-12-31)  Second  Foreign Minister of Iran  unsourced\n");
  EXPECT_EQ(server_.ontology.last_list.role(), "foreign_minister");
  EXPECT_EQ(Who(context_, {.body = "ZZZ"}), kExitRefused);
  server_.ontology.terms.Clear();
  EXPECT_EQ(Who(context_, {.body = "IRN"}), kExitSomeBad);
}

}  // namespace
}  // namespace demarche::cli
