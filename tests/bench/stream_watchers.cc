#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "demarche/v1/event_service.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "server/rpc/encode.h"
#include "tests/bench/stream_channel.h"
#include "tests/bench/stream_child.h"
#include "tests/bench/stream_payload.h"
#include "tests/bench/stream_roles.h"
#include "tests/support/watcher.h"

namespace demarche::bench {
namespace {

using google::protobuf::io::CodedInputStream;

constexpr char kMethod[] = "/demarche.v1.EventService/WatchEvents";

// How many watches are open, and how many have all they wanted.
struct Tally {
  std::atomic<int> open{0};
  std::atomic<int> complete{0};
};

void Await(const std::atomic<int>& count, int wanted) {
  for (int seen = count.load(); seen < wanted; seen = count.load()) count.wait(seen);
}

void Increment(std::atomic<int>& count) {
  count.fetch_add(1);
  count.notify_all();
}

// Reads messages as bytes; with `times` it parses them, and notes how long each event took.
class RawWatch : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  RawWatch(std::shared_ptr<grpc::Channel> channel, const v1::WatchEventsRequest& request, int64_t wanted, Tally& tally,
           std::vector<int64_t>* times = nullptr)
      : request_(rpc::Encode(request)), wanted_(wanted), tally_(tally), times_(times), stub_(std::move(channel)) {
    stub_.PrepareBidiStreamingCall(&context_, kMethod, {}, this);
    StartWriteLast(&request_, {});
    StartRead(&message_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    const int64_t before = received_;
    Count();
    message_.Clear();
    if (before < wanted_ && received_ >= wanted_) Increment(tally_.complete);
    StartRead(&message_);
  }
  void OnDone(const grpc::Status& status) override {
    std::fprintf(stderr, "a watch has ended: %s\n", status.error_message().c_str());
    std::exit(1);
  }

 private:
  // Walks over the fields of the batch without looking into the events.
  void Count() {
    if (message_.TrySingleSlice(&slice_).ok() || message_.DumpToSingleSlice(&slice_).ok()) {
      CodedInputStream in(slice_.begin(), static_cast<int>(slice_.size()));
      const uint32_t tag = in.ReadTag();
      if (tag == (v1::WatchEventsResponse::kCaughtUpFieldNumber << 3 | 2)) Increment(tally_.open);
      if (times_ != nullptr) return NoteTimes();
      if (tag != (v1::WatchEventsResponse::kEventBatchFieldNumber << 3 | 2)) return;
      uint32_t size = 0;
      in.ReadVarint32(&size);
      for (uint32_t field = in.ReadTag(); field != 0; field = in.ReadTag()) {
        in.ReadVarint32(&size);
        in.Skip(static_cast<int>(size));
        received_ += field == (v1::EventBatch::kEventsFieldNumber << 3 | 2) ? 1 : 0;
      }
    }
  }

  void NoteTimes() {
    if (!parsed_.ParseFromArray(slice_.begin(), static_cast<int>(slice_.size()))) return;
    const int64_t now = NowNs();
    for (const auto& event : parsed_.event_batch().events()) times_->push_back(now - std::stoll(event.event_id()));
    received_ += parsed_.event_batch().events_size();
  }

  grpc::ByteBuffer request_;
  const int64_t wanted_;
  Tally& tally_;
  std::vector<int64_t>* const times_;
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer message_;
  grpc::Slice slice_;
  v1::WatchEventsResponse parsed_;
  int64_t received_ = 0;
};

v1::WatchEventsRequest RequestOf(const std::string& filter, int number) {
  v1::WatchEventsRequest request;
  if (filter == "distinct") {
    request.add_filters()->set_filter("party : " + PartyCode(number % kParties) + " AND publisher_count < " +
                                      std::to_string(1 + number / kParties));
  }
  if (filter == "earliest") request.mutable_start()->set_earliest(true);
  return request;
}

}  // namespace

void WatchRaw(const Arguments& arguments) {
  const int subscribers = std::stoi(arguments[1]);
  const int64_t wanted = std::stoll(arguments[2]);
  const int channels = std::stoi(arguments[4]);
  Tally tally;
  std::vector<std::shared_ptr<grpc::Channel>> connections;
  for (int i = 0; i < channels; ++i) connections.push_back(Dial(arguments[0], arguments.size() > 5 ? arguments[5] : ""));
  std::deque<RawWatch> watches;
  for (int i = 0; i < subscribers; ++i) {
    watches.emplace_back(connections[static_cast<size_t>(i % channels)], RequestOf(arguments[3], i), wanted, tally);
  }
  Await(tally.open, subscribers);
  Answer("ready");
  Await(tally.complete, subscribers);
  Answer("done");
  NextCommand();
  std::_Exit(0);
}

void WatchTimes(const Arguments& arguments) {
  const int subscribers = std::stoi(arguments[1]);
  std::deque<std::vector<int64_t>> times(static_cast<size_t>(subscribers));
  Tally tally;
  std::deque<RawWatch> watches;
  for (auto& own : times) watches.emplace_back(Dial(arguments[0]), v1::WatchEventsRequest(), std::stoll(arguments[2]), tally, &own);
  Await(tally.open, subscribers);
  Answer("ready");
  Await(tally.complete, subscribers);
  Answer("done " + Percentiles({times.begin(), times.end()}));
  NextCommand();
  std::_Exit(0);
}

void WatchBadly(const Arguments& arguments) {
  const auto stalled_stub = v1::EventService::NewStub(Dial(arguments[0]));
  const auto slow_stub = v1::EventService::NewStub(Dial(arguments[0]));
  testing_support::Watcher stalled(*stalled_stub, {});
  testing_support::Watcher slow(*slow_stub, {});
  stalled.ReadUntilCaughtUp();
  slow.ReadUntilCaughtUp();
  std::thread reader([&slow] {
    while (slow.Next().response_case() != v1::WatchEventsResponse::RESPONSE_NOT_SET) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  reader.detach();
  Answer("ready");
  NextCommand();
  std::_Exit(0);
}

}  // namespace demarche::bench
