#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "demarche/v1/event_service.grpc.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/grpcpp.h"
#include "server/limits/limits.h"
#include "server/log/rocksdb_log.h"
#include "server/rpc/event_service.h"
#include "server/rpc/subscription_service.h"
#include "server/rpc/watch_messages.h"
#include "server/subscription/cursor.h"
#include "server/subscription/hub.h"
#include "tests/bench/stream_channel.h"
#include "tests/bench/stream_child.h"
#include "tests/bench/stream_payload.h"
#include "tests/bench/stream_roles.h"

namespace demarche::bench {
namespace {

// So large that a whole run fits.
constexpr subscription::HubOptions kWholeRun{.max_events = size_t{1} << 30, .max_bytes = size_t{1} << 34};

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const std::string& tls) {
  if (tls.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({ContentOf(tls + kKeyFile), ContentOf(tls + kCertificateFile)});
  return grpc::SslServerCredentials(options);
}

std::unique_ptr<grpc::Server> Serve(const std::vector<grpc::Service*>& services, const std::string& tls = "") {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", CredentialsOf(tls), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  auto server = builder.BuildAndStart();
  Answer("127.0.0.1:" + std::to_string(port));
  return server;
}

// Appends and publishes a record at a time, at a rate of events a second; each event carries the time in its id.
std::string Pace(log::EventLog& event_log, subscription::Hub& hub, std::vector<v1::DiplomaticEvent>& events, int count, int rate,
                 int events_of_record) {
  std::vector<int64_t> times;
  const int64_t begin = NowNs();
  for (int first = 0; first < count; first += events_of_record) {
    std::this_thread::sleep_until(
        std::chrono::steady_clock::time_point(std::chrono::nanoseconds(begin + int64_t{1'000'000'000} * first / rate)));
    char stamp[24];
    std::snprintf(stamp, sizeof stamp, "%016lld", static_cast<long long>(NowNs()));
    for (int i = 0; i < events_of_record; ++i) events[static_cast<size_t>(first + i) % events.size()].set_event_id(stamp);
    std::vector<stored::v1::Record> records{MakeRecord(events, first, events_of_record)};
    const int64_t before = NowNs();
    if (!event_log.Append(records).ok()) std::abort();
    hub.Publish({std::make_shared<const stored::v1::Record>(std::move(records[0]))});
    times.push_back(NowNs() - before);
  }
  std::sort(times.begin(), times.end());
  int64_t sum = 0;
  for (const int64_t time : times) sum += time;
  return std::to_string(sum / static_cast<int64_t>(times.size())) + " " + std::to_string(times[times.size() / 2]);
}

// Publishes as fast as the watches take it, so that they stay within the ring: a burst of records, again and again with new
// positions.
class Bursts {
 public:
  Bursts(subscription::Hub& hub, rpc::EventService& service) : hub_(hub), service_(service) {}

  // Fills the ring, as that of a server is which runs for a while.
  void Prepare(const std::vector<v1::DiplomaticEvent>& events, int count) {
    left_ = count;
    records_ = MakeRecords(events, std::min(count, kBurst));
    const size_t mean = MeanBytes(events);
    for (size_t bytes = 0; count >= kBurst && bytes < 2 * limits::kMaxRingBytes; bytes += kBurst * mean) PublishOnce();
  }
  void Publish() {
    for (; left_ > 0; left_ -= kBurst) {
      if (left_ < kBurst) records_.resize(static_cast<size_t>((left_ + kEventsOfRecord - 1) / kEventsOfRecord));
      PublishOnce();
    }
  }

 private:
  static constexpr int kBurst = 2048;  // in the cache, as what was appended just now is

  void PublishOnce() {
    position_ = PublishAll(hub_, records_, position_);
    while (hub_.router().through() < position_ || service_.budget().bytes() > 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

  subscription::Hub& hub_;
  rpc::EventService& service_;
  std::vector<std::shared_ptr<stored::v1::Record>> records_;
  uint64_t position_ = 0;
  int left_ = 0;
};

// Writes its buffers, one after the other, once the gate is open.
class BareWatch : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  explicit BareWatch(const std::vector<grpc::ByteBuffer>& buffers) : buffers_(buffers) { StartSendInitialMetadata(); }
  void OnSendInitialMetadataDone(bool) override { StartWrite(&started_); }
  void Open() {
    if (is_ready_.exchange(true)) WriteNext();
  }
  void OnWriteDone(bool ok) override {
    if (std::exchange(is_started_, true)) {
      if (ok) WriteNext();
    } else {
      Open();  // unless the gate is still shut
    }
  }
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  void WriteNext() {
    if (next_ < buffers_.size()) StartWrite(&buffers_[next_++]);
  }

  const std::vector<grpc::ByteBuffer>& buffers_;
  const grpc::ByteBuffer started_ = rpc::EncodeCaughtUp("0123456789abcdef", 0);
  bool is_started_ = false;
  std::atomic<bool> is_ready_{false};  // started, or the gate is open: the second of them goes on
  size_t next_ = 0;
};

class BareService : public v1::EventService::WithRawCallbackMethod_WatchEvents<v1::EventService::Service> {
 public:
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchEvents(grpc::CallbackServerContext*, const grpc::ByteBuffer*) override {
    const std::lock_guard lock(mutex_);
    watches_.push_back(new BareWatch(buffers));
    return watches_.back();
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    for (BareWatch* watch : watches_) watch->Open();
  }

  std::vector<grpc::ByteBuffer> buffers;

 private:
  std::mutex mutex_;
  std::vector<BareWatch*> watches_;
};

// The batches that a watch which is never idle gets, each in one piece.
std::vector<grpc::ByteBuffer> MakeBuffers(const std::vector<std::shared_ptr<stored::v1::Record>>& records) {
  log::LogInfo info;
  info.epoch = "0123456789abcdef";
  subscription::Hub hub(info, kWholeRun);
  const subscription::FilterSet all({*query::Filter::Compile("")});
  const subscription::Membership place(hub.router(), all);
  PublishAll(hub, records, 0);
  hub.Dispatch();
  std::vector<grpc::ByteBuffer> buffers;
  uint64_t position = 0;
  while (subscription::BatchPtr batch = place.lane().Take(position, limits::kMaxBatchEvents, nullptr).batch) {
    position = batch->last_position;
    grpc::ByteBuffer encoded = rpc::EncodeBatch(batch);
    std::vector<grpc::Slice> slices;
    encoded.Dump(&slices);
    std::string bytes;
    for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    const grpc::Slice whole(bytes);
    buffers.emplace_back(&whole, 1);
  }
  return buffers;
}

}  // namespace

void ServeOurs(const Arguments& arguments) {
  const std::filesystem::path directory = std::filesystem::temp_directory_path() / ("demarche-bench-" + std::to_string(getpid()));
  log::RocksDbLog::Options options;
  options.directory = directory;
  options.sync_interval = std::chrono::milliseconds(100);
  options.min_free_bytes = 0;
  const auto event_log = log::RocksDbLog::Open(options);
  if (!event_log.ok()) std::abort();
  subscription::Hub hub((*event_log)->info(), {});
  threads::Executor readers(1, 1000);
  rpc::EventService service(**event_log, hub, readers, {});
  const auto subscriptions = rpc::SubscriptionService::Open(**event_log, hub, {});
  if (!subscriptions.ok()) std::abort();
  std::vector<v1::DiplomaticEvent> events = LoadEvents(arguments[0]);
  Bursts bursts(hub, service);
  const auto server = Serve({&service, subscriptions->get()}, arguments.size() > 1 ? arguments[1] : "");
  for (Arguments words = NextCommand(); !words.empty(); words = NextCommand()) {
    if (words[0] == "prepare") bursts.Prepare(events, std::stoi(words[1]));
    if (words[0] == "go") bursts.Publish();
    if (words[0] == "pace") {
      Answer(Pace(**event_log, hub, events, std::stoi(words[1]), std::stoi(words[2]), std::stoi(words[3])));
    } else {
      Answer("done");
    }
  }
  std::filesystem::remove_all(directory);
  std::_Exit(0);  // with calls still open
}

void ServeBare(const Arguments& arguments) {
  BareService service;
  const std::vector<v1::DiplomaticEvent> events = LoadEvents(arguments[0]);
  const auto server = Serve({&service}, arguments.size() > 1 ? arguments[1] : "");
  for (Arguments words = NextCommand(); !words.empty(); words = NextCommand()) {
    if (words[0] == "prepare") service.buffers = MakeBuffers(MakeRecords(events, std::stoi(words[1])));
    if (words[0] == "go") service.Open();
    Answer("done");
  }
  std::_Exit(0);
}

}  // namespace demarche::bench
