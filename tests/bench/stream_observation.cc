#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "httplib.h"
#include "server/app/audit.h"
#include "server/metrics/metrics.h"
#include "spdlog/sinks/basic_file_sink.h"
#include "spdlog/spdlog.h"
#include "tests/bench/stream_channel.h"
#include "tests/bench/stream_child.h"
#include "tests/bench/stream_measures.h"
#include "tests/bench/stream_payload.h"
#include "tests/bench/stream_roles.h"

namespace demarche::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kServerStart{10};
constexpr std::chrono::seconds kScrapeInterval{1};  // fifteen times as often as deploy/prometheus asks

fs::path MakeScratch() {
  const fs::path directory = fs::temp_directory_path() / ("demarche-bench-observation-" + Text(getpid()));
  fs::remove_all(directory);
  fs::create_directories(directory);
  return directory;
}

void Scrape(const std::stop_token& stop, const std::string& address) {
  httplib::Client client("http://" + address);
  while (!stop.stop_requested()) {
    client.Get("/metrics");
    std::this_thread::sleep_for(kScrapeInterval);
  }
}

// CPU us of the server for an article; observed when each call is audited and metrics are asked for.
double CpuOfItem(bool is_observed) {
  const fs::path directory = MakeScratch();
  const std::string address = NextAddress();
  const std::string http_address = NextAddress();
  double seconds = 0;
  {
    const Child server({"sh", "-c",
                        std::string("exec " DEMARCHE_BIN_DIR "/demarched serve --listen ") + address + " --http-listen " +
                            http_address + " --data-dir " + (directory / "data").string() + " --audit-lines 0 --audit " +
                            (is_observed ? "all" : "refusals") + " 2> " + (directory / "log").string()});
    if (!Dial(address)->WaitForConnected(std::chrono::system_clock::now() + kServerStart)) std::exit(1);
    std::jthread scraper;
    if (is_observed) scraper = std::jthread(Scrape, http_address);
    const double before = server.cpu_seconds();
    Child::Role({"articles", address, "answers"}).Hear();
    seconds = server.cpu_seconds() - before;
  }
  fs::remove_all(directory);
  return seconds * 1e6 / kArticles;
}

// CPU us of what is counted, and written, of an item with a few events that a watch gets.
double CpuOfObserving() {
  constexpr int kItems = 10'000;
  const fs::path directory = MakeScratch();
  spdlog::set_default_logger(spdlog::basic_logger_mt("audit", directory / "log"));
  metrics::Metrics metrics;
  config::Config config;
  config.audit = "all";
  config.audit_lines = 0;
  const rpc::Guard::Auditor audit = app::MakeAuditor(config, metrics);
  const rpc::Decision decision{"demarche.v1.IngestService/PublishNewsItem",
                               false,
                               "ipv4:127.0.0.1:40000",
                               "wire",
                               "wire",
                               "0123456789abcdef",
                               absl::OkStatus()};
  const std::vector<v1::DiplomaticEvent> events = LoadEvents("small");
  std::vector<std::shared_ptr<stored::v1::Record>> records = MakeRecords(events, kItems * kEventsOfRecord);
  size_t scraped_bytes = 0;
  const double begin = ThreadSeconds();
  for (int i = 0; i < kItems; ++i) {
    stored::v1::Record& record = *records[static_cast<size_t>(i)];
    record.set_last_position(static_cast<uint64_t>(i + 1) * kEventsOfRecord);
    audit(decision);
    metrics.ObserveCommit(1e-3);
    metrics.ObserveRecords({records[static_cast<size_t>(i)]});
    metrics.CountItem("accepted");
    metrics.CountCall(decision.method, "OK");
    metrics.ObserveDelivery(record.last_position(), kEventsOfRecord);
    if (i % kArticlesPerSecond == 0) scraped_bytes += metrics.Text().size();
  }
  const double seconds = ThreadSeconds() - begin;
  spdlog::drop("audit");
  fs::remove_all(directory);
  return scraped_bytes > 0 ? seconds * 1e6 / kItems : 0;
}

}  // namespace

void MeasureObservation(Report& report, int repeats) {
  std::vector<double> observed;
  std::vector<double> plain;
  std::vector<double> observing;
  for (int i = 0; i < repeats; ++i) {
    observed.push_back(CpuOfItem(true));
    plain.push_back(CpuOfItem(false));
    observing.push_back(CpuOfObserving());
  }
  report.Add({"metrics and an audit line of an item, asked for each second: CPU us", Median(observing), "an item", Median(plain),
              "<= 0.03", -0.03});
  report.Add({"an item, each call audited, metrics asked for each second: CPU us", Median(observed), "without", Median(plain),
              "<= 1.03", -1.03});
}

}  // namespace demarche::bench
