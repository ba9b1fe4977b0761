#include "server/tracing/exporter.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/tracing/http_sender.h"

namespace demarche::tracing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Outcome = Sender::Outcome;

// A collector that gives outcomes in turn, then the last again; while it is held nothing is answered.
struct FakeCollector {
  explicit FakeCollector(std::vector<Outcome> answers) : outcomes(std::move(answers)) {}

  Outcome Take(const std::string& body) {
    absl::MutexLock lock(&mutex);
    bodies.push_back(body);
    const auto may_answer = [this] { return !is_held || is_aborted; };
    mutex.Await(absl::Condition(&may_answer));
    if (is_aborted) return Outcome::kTryAgain;
    return outcomes[std::min(bodies.size(), outcomes.size()) - 1];
  }
  void Hold(bool held) {
    absl::MutexLock lock(&mutex);
    is_held = held;
  }
  void Abort() {
    absl::MutexLock lock(&mutex);
    is_aborted = true;
  }
  void WaitForRequests(size_t count) {
    absl::MutexLock lock(&mutex);
    const auto has_come = [this, count] { return bodies.size() >= count; };
    mutex.Await(absl::Condition(&has_come));
  }

  const std::vector<Outcome> outcomes;
  absl::Mutex mutex;
  std::vector<std::string> bodies;
  bool is_held = false;
  bool is_aborted = false;
};

class FakeSender : public Sender {
 public:
  explicit FakeSender(FakeCollector& collector) : collector_(collector) {}
  Outcome Send(const std::string& body) override { return collector_.Take(body); }
  void Abort() override { collector_.Abort(); }

 private:
  FakeCollector& collector_;
};

ExporterOptions Quick() {
  ExporterOptions options;
  options.gather_time = std::chrono::milliseconds(0);
  options.first_retry = std::chrono::milliseconds(0);
  options.flush_time = std::chrono::minutes(1);
  return options;
}

std::unique_ptr<Exporter> MakeExporter(FakeCollector& collector, const ExporterOptions& options = Quick()) {
  return std::make_unique<Exporter>(std::make_unique<FakeSender>(collector), options);
}

std::vector<Span> Spans(size_t count, const std::string& name) {
  std::vector<Span> spans(count);
  for (Span& span : spans) span.name = name;
  return spans;
}

void WaitUntil(const std::function<bool()>& is_so) {
  while (!is_so()) std::this_thread::yield();
}

TEST(Exporter, DropsWhatFindsTheQueueFullAndNeverWaits) {
  FakeCollector collector({Outcome::kTaken});
  collector.Hold(true);
  ExporterOptions options = Quick();
  options.max_queued_spans = 10;
  auto exporter = MakeExporter(collector, options);
  exporter->Add(Spans(4, "sent"));
  collector.WaitForRequests(1);
  exporter->Add(Spans(4, "first"));
  exporter->Add(Spans(4, "second"));
  exporter->Add(Spans(4, "third"));  // does not fit, and is not taken in part
  exporter->Add(Spans(2, "fourth"));
  EXPECT_EQ(exporter->overflowed_count(), 4u);
  collector.Hold(false);
  WaitUntil([&] { return exporter->exported_count() + exporter->overflowed_count() == 18; });
  EXPECT_EQ(exporter->exported_count(), 14u);
  EXPECT_EQ(exporter->failed_count(), 0u);
  exporter.reset();
  EXPECT_THAT(collector.bodies, ElementsAre(HasSubstr("sent"), AllOf(HasSubstr("first"), HasSubstr("second"), HasSubstr("fourth"),
                                                                     Not(HasSubstr("third")))));
}

TEST(Exporter, SendsNoMoreThanABatchAtOnce) {
  FakeCollector collector({Outcome::kTaken});
  collector.Hold(true);
  auto exporter = MakeExporter(collector);
  exporter->Add(Spans(1, "first"));
  collector.WaitForRequests(1);
  exporter->Add(Spans(limits::kMaxExportedSpans + 1, "more"));
  collector.Hold(false);
  WaitUntil([&] { return exporter->exported_count() == limits::kMaxExportedSpans + 2; });
  EXPECT_THAT(collector.bodies, SizeIs(3));
}

TEST(Exporter, TriesAFewTimesThenDropsAndGoesOn) {
  std::vector<Outcome> outcomes(limits::kMaxExportAttempts, Outcome::kTryAgain);
  outcomes.insert(outcomes.end(), {Outcome::kTryAgain, Outcome::kTaken});
  FakeCollector collector(outcomes);
  auto exporter = MakeExporter(collector);
  exporter->Add(Spans(3, "dropped"));
  WaitUntil([&] { return exporter->failed_count() == 3; });
  exporter->Add(Spans(2, "taken"));
  WaitUntil([&] { return exporter->exported_count() == 2; });
  EXPECT_EQ(exporter->failed_count(), 3u);
  ASSERT_THAT(collector.bodies, SizeIs(limits::kMaxExportAttempts + 2));
  EXPECT_EQ(collector.bodies[0], collector.bodies[limits::kMaxExportAttempts - 1]);
}

TEST(Exporter, DoesNotTryAgainWhatIsRefused) {
  FakeCollector collector({Outcome::kRefused, Outcome::kTaken});
  auto exporter = MakeExporter(collector);
  exporter->Add(Spans(3, "refused"));
  WaitUntil([&] { return exporter->failed_count() == 3; });
  EXPECT_THAT(collector.bodies, SizeIs(1));
}

TEST(Exporter, WaitsForNothingWhenASpanIsTakenOrRefused) {
  FakeCollector collector({Outcome::kTaken, Outcome::kRefused, Outcome::kTaken});
  ExporterOptions options = Quick();
  options.first_retry = std::chrono::hours(1);
  auto exporter = MakeExporter(collector, options);
  for (size_t i = 1; i <= 3; ++i) {
    exporter->Add(Spans(1, "one"));
    collector.WaitForRequests(i);
  }
}

TEST(Exporter, SendsWhatIsQueuedAtItsEnd) {
  FakeCollector collector({Outcome::kTaken});
  ExporterOptions options = Quick();
  options.gather_time = std::chrono::hours(1);
  auto exporter = MakeExporter(collector, options);
  exporter->Add(Spans(2, "last"));
  exporter.reset();
  EXPECT_THAT(collector.bodies, ElementsAre(HasSubstr("last")));
}

TEST(Exporter, DoesNotWaitToTryAgainAtItsEnd) {
  FakeCollector collector({Outcome::kTryAgain});
  ExporterOptions options = Quick();
  options.first_retry = std::chrono::hours(1);
  auto exporter = MakeExporter(collector, options);
  exporter->Add(Spans(2, "last"));
  collector.WaitForRequests(1);
  exporter.reset();
  EXPECT_THAT(collector.bodies, SizeIs(1));
}

TEST(Exporter, EndsWhileTheCollectorDoesNotAnswer) {
  FakeCollector collector({Outcome::kTaken});
  collector.Hold(true);
  ExporterOptions options = Quick();
  options.flush_time = std::chrono::milliseconds(1);
  auto exporter = MakeExporter(collector, options);
  exporter->Add(Spans(1, "held"));
  collector.WaitForRequests(1);
  exporter->Add(Spans(limits::kMaxExportedSpans, "not sent any more"));
  exporter.reset();
  EXPECT_THAT(collector.bodies, SizeIs(1));
}

TEST(ParseEndpoint, TakesHttpAddressesAndAddsThePath) {
  const struct {
    const char* url;
    const char* authority;  // null: none
    const char* path;
  } cases[] = {
      {"http://127.0.0.1:4318", "127.0.0.1:4318", "/v1/traces"},
      {"http://collector", "collector", "/v1/traces"},
      {"http://collector:4318/", "collector:4318", "/v1/traces"},
      {"http://collector:4318/a/b", "collector:4318", "/a/b/v1/traces"},
      {"http://collector:4318/a/b/", "collector:4318", "/a/b/v1/traces"},
      {"http://[::1]:4318", "[::1]:4318", "/v1/traces"},
      {"http://[::1]", "[::1]", "/v1/traces"},
      {"", nullptr, nullptr},
      {"collector:4318", nullptr, nullptr},
      {"https://collector:4318", nullptr, nullptr},
      {"http://", nullptr, nullptr},
      {"http:///v1", nullptr, nullptr},
      {"http://collector:", nullptr, nullptr},
      {"http://collector:0", nullptr, nullptr},
      {"http://collector:65536", nullptr, nullptr},
      {"http://collector:+1", nullptr, nullptr},
      {"http://collector:4318x", nullptr, nullptr},
      {"http://::1", nullptr, nullptr},
      {"http://[]:4318", nullptr, nullptr},
      {"http://[::1", nullptr, nullptr},
      {"http://user@collector", nullptr, nullptr},
      {"http://collector?x", nullptr, nullptr},
      {"http://collector/a?x", nullptr, nullptr},
      {"http://collector/a b", nullptr, nullptr},
  };
  for (const auto& one : cases) {
    const auto endpoint = ParseEndpoint(one.url);
    ASSERT_EQ(endpoint.ok(), one.authority != nullptr) << one.url;
    if (!endpoint.ok()) continue;
    EXPECT_EQ(endpoint->authority, one.authority) << one.url;
    EXPECT_EQ(endpoint->path, one.path) << one.url;
  }
}

TEST(ParseEndpoint, TellsWhereToConnect) {
  const auto named = ParseEndpoint("http://collector/a");
  EXPECT_EQ(named->host, "collector");
  EXPECT_EQ(named->port, 80);
  const auto bracketed = ParseEndpoint("http://[fd00::a]:4318");
  EXPECT_EQ(bracketed->host, "fd00::a");
  EXPECT_EQ(bracketed->port, 4318);
}

}  // namespace
}  // namespace demarche::tracing
