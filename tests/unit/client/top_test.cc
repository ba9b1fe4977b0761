#include "client/cli/top.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TopSample SampleAt(int64_t seconds, uint64_t items, double busy_s) {
  TopSample sample;
  sample.time = absl::FromUnixSeconds(seconds);
  sample.stream.set_item_count(items);
  sample.stream.set_event_count(2 * items);
  sample.stream.set_watch_count(3);
  sample.pipeline.set_watch_lag(17);
  sample.pipeline.set_disk_free_bytes(3 << 20);
  sample.pipeline.mutable_server_time()->set_seconds(seconds);
  sample.pipeline.mutable_start_time()->set_seconds(0);
  v1::StageStatus& stage = *sample.pipeline.add_stages();
  stage.set_stage("syntax");
  stage.set_item_count(items);
  stage.set_seconds(busy_s);
  return sample;
}

TEST(PrintTop, TellsWhatHappenedBetweenTwoMoments) {
  TopSample now = SampleAt(110, 300, 5);
  v1::Subscription& subscription = now.subscriptions.emplace_back();
  subscription.set_name("desk");
  subscription.set_backlog(42);
  subscription.set_paused(true);
  for (int i = 0; i < 3; ++i) now.sessions.emplace_back().set_method("demarche.v1.EventService/WatchEvents");
  const std::string table = PrintTop("here:1", SampleAt(100, 100, 1), now, 2, Style(false));
  for (const char* line :
       {"here:1, version , up 1m50s", "items          300       20.0/s", "events         600       40.0/s",
        "lag             17  positions of the slowest of 3 watches", "0 B, 3.0 MiB free",
        "syntax                 20.0     20.000     0.40", "desk                             42", "  paused\n", "and 1 more\n"}) {
    EXPECT_THAT(table, HasSubstr(line));
  }
  EXPECT_THAT(table, Not(HasSubstr("\x1b")));
  EXPECT_THAT(PrintTop("here:1", now, now, 2, Style(true)), HasSubstr("\x1b["));
}

TEST(PrintTop, AServerThatStartedAgainHasNoRate) {
  EXPECT_THAT(PrintTop("", SampleAt(100, 300, 5), SampleAt(110, 0, 0), 1, Style(false)),
              HasSubstr("items            0        0.0/s"));
}

TEST(PrintTop, TellsWhatWasRefused) {
  TopSample now = SampleAt(110, 300, 5);
  now.pipeline_error = now.sessions_error = "SCOPE_MISSING: no";
  const std::string table = PrintTop("", SampleAt(100, 100, 1), now, 1, Style(false));
  EXPECT_THAT(table, AllOf(HasSubstr("server: SCOPE_MISSING: no"), HasSubstr("sessions: SCOPE_MISSING: no"), HasSubstr("20.0/s")));
}

TEST(Top, PrintsOneTableAndEnds) {
  client::FakeServer server;
  std::ostringstream out, err;
  Stop stop;
  Context context{.server = server.address(), .out = out, .err = err, .stop = stop};
  EXPECT_EQ(Top(context, {.interval_s = 0.1, .once = true}, /*is_terminal=*/true), kExitOk) << err.str();
  EXPECT_THAT(out.str(), AllOf(HasSubstr("items "), HasSubstr("sessions: "), Not(HasSubstr("\x1b"))));
  context.server = "127.0.0.1:1";
  EXPECT_EQ(Top(context, {.once = true}, false), kExitUnreachable);
}

}  // namespace
}  // namespace demarche::cli
