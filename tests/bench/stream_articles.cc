#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "demarche/v1/ingest_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "tests/bench/stream_channel.h"
#include "tests/bench/stream_child.h"
#include "tests/bench/stream_measures.h"
#include "tests/bench/stream_roles.h"
#include "tests/bench/texts.h"
#include "tests/support/watcher.h"

namespace demarche::bench {
namespace {

constexpr int kDays = 365;  // over which they are spread, so that most of their events are new ones
constexpr size_t kWords = 600;
constexpr size_t kOfWhichDiplomatic = 3;  // one in so many
constexpr std::chrono::seconds kStarting{10};
constexpr std::chrono::seconds kSettling{2};

// Answers at once.
class Echo : public v1::IngestService::CallbackService {
 public:
  grpc::ServerUnaryReactor* PublishNewsItem(grpc::CallbackServerContext* context, const v1::PublishNewsItemRequest* request,
                                            v1::PublishNewsItemResponse* response) override {
    response->mutable_result()->set_news_item_id(request->news_item().news_item_id());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

struct Call {
  grpc::ClientContext context;
  v1::PublishNewsItemRequest request;
  v1::PublishNewsItemResponse response;
  int64_t intended_ns = 0;
  int64_t answered_ns = 0;
};

// Sends each article when it is due, whatever became of those before it, and waits for all answers.
void Send(v1::IngestService::Stub& stub, std::deque<Call>& calls) {
  std::mutex mutex;
  std::condition_variable answered;
  size_t open = calls.size();
  const int64_t begin = NowNs();
  for (size_t i = 0; i < calls.size(); ++i) {
    Call& call = calls[i];
    call.intended_ns = begin + static_cast<int64_t>(i) * 1'000'000'000 / kArticlesPerSecond;
    std::this_thread::sleep_until(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(call.intended_ns)));
    stub.async()->PublishNewsItem(&call.context, &call.request, &call.response, [&](const grpc::Status& status) {
      if (!status.ok()) std::fprintf(stderr, "not published: %s\n", status.error_message().c_str());
      call.answered_ns = NowNs();
      const std::lock_guard lock(mutex);
      if (--open == 0) answered.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  answered.wait(lock, [&] { return open == 0; });
}

// p50 and p99 in us.
Figures Publish(const std::string& address, const std::string& until) {
  return ParseTimes(Child::Role({"articles", address, until}).Hear());
}

Figures PublishToServer() {
  const std::string address = NextAddress();
  const auto directory = std::filesystem::temp_directory_path() / ("demarche-bench-articles-" + Text(getpid()));
  std::filesystem::remove_all(directory);
  Figures times;
  {
    const Child server({DEMARCHE_BIN_DIR "/demarched", "serve", "--listen", address, "--http-listen", "off", "--data-dir",
                        directory, "--log-level", "error"});
    times = Publish(address, "events");
  }
  std::filesystem::remove_all(directory);
  return times;
}

Figures PublishToEcho() {
  Child server = Child::Role({"echo"});
  return Publish(server.Hear(), "answers");
}

}  // namespace

void AnswerAtOnce(const Arguments&) {
  Echo service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  Answer("127.0.0.1:" + Text(port));
  NextCommand();
  std::_Exit(0);
}

void PublishArticles(const Arguments& arguments) {
  const auto channel = Dial(arguments[0]);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + kStarting)) std::exit(1);
  std::deque<Call> calls(kArticles);
  std::vector<v1::NewsItem> articles = MakeTexts(kWords, kArticles, kOfWhichDiplomatic);
  for (size_t i = 0; i < calls.size(); ++i) {
    v1::NewsItem& article = *calls[i].request.mutable_news_item() = std::move(articles[i]);
    article.set_news_item_id("article-" + std::to_string(i));
    const auto days = static_cast<int64_t>(i) % kDays;
    article.mutable_publish_time()->set_seconds(article.publish_time().seconds() - days * 24 * 60 * 60);
  }
  std::map<std::string, int64_t> received_ns;  // by position
  std::thread reader;
  std::unique_ptr<testing_support::Watcher> watcher;
  const bool waits_for_events = arguments[1] == "events";
  const auto watches = v1::EventService::NewStub(channel);
  if (waits_for_events) {
    watcher = std::make_unique<testing_support::Watcher>(*watches, v1::WatchEventsRequest());
    watcher->ReadUntilCaughtUp();
    reader = std::thread([&] {
      for (auto message = watcher->Next(); message.response_case() != v1::WatchEventsResponse::RESPONSE_NOT_SET;
           message = watcher->Next()) {
        const int64_t now = NowNs();
        for (const std::string& position : message.event_batch().positions()) received_ns.emplace(position, now);
      }
    });
  }
  Send(*v1::IngestService::NewStub(channel), calls);
  if (waits_for_events) {
    std::this_thread::sleep_for(kSettling);
    watcher->Cancel();
    reader.join();
  }
  std::vector<int64_t> times;
  for (const Call& call : calls) {
    const auto event = received_ns.find(call.response.result().position());
    if (!waits_for_events) times.push_back(call.answered_ns - call.intended_ns);
    if (event != received_ns.end()) times.push_back(event->second - call.intended_ns);
  }
  if (times.size() < calls.size() / kOfWhichDiplomatic / 2) std::exit(1);  // the events did not come
  Answer("done " + Percentiles({times}));
  NextCommand();
  std::_Exit(0);
}

void MeasureArticles(Report& report, int repeats) {
  const auto [ours, echo] = ByTurns(repeats, PublishToServer, PublishToEcho);
  const std::string name = Text(kArticlesPerSecond) + " articles/s of 600 words, published to their events received, synced: ";
  report.Add({name + "p50 ms", ours.first / 1000, "limit", 10, "<= 1.0", -1.0});
  report.Add({name + "p99 ms", ours.second / 1000, "limit", 50, "<= 1.0", -1.0});
  report.Add({name + "p50 us", ours.first, "unary echo", echo.first});
  report.Add({name + "p99 us", ours.second, "unary echo", echo.second});
}

}  // namespace demarche::bench
