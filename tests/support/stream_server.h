#ifndef DEMARCHE_TESTS_SUPPORT_STREAM_SERVER_H_
#define DEMARCHE_TESTS_SUPPORT_STREAM_SERVER_H_

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "demarche/v1/event_service.grpc.pb.h"
#include "demarche/v1/ingest_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "server/ingest/ingestor.h"
#include "server/limits/limits.h"
#include "server/log/memory_log.h"
#include "server/record/record.h"
#include "server/rpc/event_service.h"
#include "server/rpc/ingest_service.h"
#include "server/rpc/subscription_service.h"
#include "server/tracing/tracer.h"
#include "tests/support/line_stage.h"
#include "tests/support/watcher.h"

namespace demarche::testing_support {

// So many events of that size are above what a connection takes whose client does not read.
inline constexpr int kStallingEvents = 2000;
inline constexpr size_t kStallingEventBytes = 2000;

struct ServerOptions {
  ServerOptions() { ingest.workers = 4; }

  ingest::IngestOptions ingest;
  subscription::HubOptions hub;
  rpc::WindowOptions window;
  rpc::WatchOptions watch;
  uint64_t max_buffered_bytes = limits::kMaxBufferedBytes;
  std::unique_ptr<log::EventLog> log = std::make_unique<log::MemoryLog>();
};

// A real server on a port of its own, with the memory log and the LineStage pipeline; its clock stands still until it is moved.
class StreamServer {
 public:
  StreamServer() : StreamServer(ServerOptions()) {}
  explicit StreamServer(ServerOptions options)
      : log(std::move(options.log)),
        runner(LinePlan(&release)),
        memory(*run::Memory::Open(*log, {})),
        hub(log->info(), options.hub),
        ingestor(runner, *log, *memory, IngestOptions(options.ingest),
                 [this](const std::vector<log::RecordPtr>& records) { hub.Publish(records); }),
        readers(2, 100),
        budget(std::make_shared<rpc::WriteBudget>(options.max_buffered_bytes)),
        events(*log, hub, readers, EventOptions(options.watch)),
        items(ingestor, *log, readers, tracer, options.window, nullptr,
              {.finish = [this] { return subscriptions->FinishPurges(); }}) {
    rpc::SubscriptionServiceOptions subscription_options;
    subscription_options.tick_interval = std::chrono::milliseconds(0);
    subscription_options.budget = budget;
    subscription_options.now = [this] { return rpc::TimePoint() + std::chrono::milliseconds(elapsed_ms.load()); };
    subscriptions = *rpc::SubscriptionService::Open(*log, hub, std::move(subscription_options));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(static_cast<int>(limits::kMaxReceiveMessageBytes));
    builder.RegisterService(&events);
    builder.RegisterService(&items);
    builder.RegisterService(subscriptions.get());
    server = builder.BuildAndStart();
    address = "127.0.0.1:" + std::to_string(port);
    channel = NewChannel();
    event_stub = v1::EventService::NewStub(channel);
    item_stub = v1::IngestService::NewStub(channel);
    subscription_stub = v1::SubscriptionService::NewStub(channel);
  }
  ~StreamServer() {
    if (!release.HasBeenNotified()) release.Notify();
    items.Drain();
    events.Drain();
    subscriptions->Drain();
    ingestor.Drain();
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt("grpc.use_local_subchannel_pool", 1);
    arguments.SetInt("grpc.http2.bdp_probe", 0);  // windows stay small: a reader that stops is felt soon
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }

  v1::PublishResult Publish(const v1::NewsItem& item) {
    grpc::ClientContext context;
    v1::PublishNewsItemRequest request;
    v1::PublishNewsItemResponse response;
    *request.mutable_news_item() = item;
    last_status = item_stub->PublishNewsItem(&context, request, &response);
    return response.result();
  }

  // All of the same length.
  static std::string AppendedId(int number) { return std::to_string(1'000'000 + number); }
  // Appends and publishes events of so many bytes together, without the pipeline; their ids count up.
  void Append(int count, size_t bytes) {
    constexpr int kEventsOfRecord = 100;
    std::vector<stored::v1::Record> records;
    for (int i = 0; i < count; ++i) {
      v1::DiplomaticEvent event;
      event.set_event_id(AppendedId(++appended));
      event.set_revision(1);
      event.add_evidence()->set_sentence(std::string(bytes, 'x'));
      if (i % kEventsOfRecord == 0) records.emplace_back().mutable_item()->set_news_item_id(event.event_id());
      *records.back().add_events() = record::MakeStoredEvent(event);
    }
    if (!log->Append(records).ok()) std::abort();
    std::vector<log::RecordPtr> durable;
    for (auto& record : records) durable.push_back(std::make_shared<const stored::v1::Record>(std::move(record)));
    hub.Publish(durable);
  }

  void MoveClock(std::chrono::milliseconds by) {
    elapsed_ms += by.count();
    events.Tick();
    subscriptions->Tick();
  }

  ingest::IngestOptions IngestOptions(ingest::IngestOptions ingest_options) {
    ingest_options.on_erased = [this] { hub.Forget(); };
    return ingest_options;
  }

  rpc::EventServiceOptions EventOptions(const rpc::WatchOptions& watch) {
    rpc::EventServiceOptions event_options;
    event_options.watch = watch;
    event_options.budget = budget;
    event_options.tick_interval = std::chrono::milliseconds(0);
    event_options.watch.now = [this] { return rpc::TimePoint() + std::chrono::milliseconds(elapsed_ms.load()); };
    return event_options;
  }

  int appended = 0;
  absl::Notification release;  // lets `hold` go on
  std::atomic<int64_t> elapsed_ms{0};
  std::unique_ptr<log::EventLog> log;
  run::Runner runner;
  std::unique_ptr<run::Memory> memory;
  subscription::Hub hub;
  ingest::Ingestor ingestor;
  threads::Executor readers;
  tracing::Tracer tracer;
  std::shared_ptr<rpc::WriteBudget> budget;
  std::unique_ptr<rpc::SubscriptionService> subscriptions;
  rpc::EventService events;
  rpc::IngestService items;
  std::string address;
  std::unique_ptr<grpc::Server> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::EventService::Stub> event_stub;
  std::unique_ptr<v1::IngestService::Stub> item_stub;
  std::unique_ptr<v1::SubscriptionService::Stub> subscription_stub;
  grpc::Status last_status;
};

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_STREAM_SERVER_H_
