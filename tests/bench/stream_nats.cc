#include <nats/nats.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/stream_child.h"
#include "tests/bench/stream_roles.h"

namespace demarche::bench {
namespace {

constexpr char kSubject[] = "events";

void Check(natsStatus status) {
  if (status == NATS_OK) return;
  std::fprintf(stderr, "nats: %s\n", natsStatus_GetText(status));
  std::exit(1);
}

natsConnection* Connect(const std::string& address, bool at_once) {
  natsOptions* options = nullptr;
  Check(natsOptions_Create(&options));
  Check(natsOptions_SetURL(options, ("nats://" + address).c_str()));
  Check(natsOptions_SetSendAsap(options, at_once));
  natsConnection* connection = nullptr;
  natsStatus status = natsConnection_Connect(&connection, options);
  for (int i = 0; i < 100 && status == NATS_NO_SERVER; ++i) {  // it is still starting
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    status = natsConnection_Connect(&connection, options);
  }
  Check(status);
  natsOptions_Destroy(options);
  return connection;
}

// One subscriber with a connection of its own.
struct Subscriber {
  int64_t wanted;
  std::atomic<int>* complete;
  bool takes_times;
  int64_t received = 0;
  std::vector<int64_t> times{};
};

void OnMessage(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  auto* subscriber = static_cast<Subscriber*>(closure);
  if (subscriber->takes_times) subscriber->times.push_back(NowNs() - std::strtoll(natsMsg_GetData(message), nullptr, 10));
  natsMsg_Destroy(message);
  if (++subscriber->received == subscriber->wanted) {
    subscriber->complete->fetch_add(1);
    subscriber->complete->notify_all();
  }
}

std::deque<Subscriber> Subscribe(const Arguments& arguments, bool takes_times) {
  const int count = std::stoi(arguments[1]);
  std::atomic<int> complete{0};
  std::deque<Subscriber> subscribers;
  for (int i = 0; i < count; ++i) {
    natsConnection* connection = Connect(arguments[0], false);
    natsSubscription* subscription = nullptr;
    Subscriber& subscriber = subscribers.emplace_back(Subscriber{std::stoll(arguments[2]), &complete, takes_times});
    Check(natsConnection_Subscribe(&subscription, connection, kSubject, OnMessage, &subscriber));
    Check(natsSubscription_SetPendingLimits(subscription, -1, -1));
    Check(natsConnection_Flush(connection));
  }
  Answer("ready");
  for (int seen = complete.load(); seen < count; seen = complete.load()) complete.wait(seen);
  return subscribers;
}

}  // namespace

void WatchNats(const Arguments& arguments) {
  Subscribe(arguments, false);
  Answer("done");
  NextCommand();
  std::_Exit(0);
}

void TimeNats(const Arguments& arguments) {
  std::vector<std::vector<int64_t>> times;
  for (Subscriber& subscriber : Subscribe(arguments, true)) times.push_back(std::move(subscriber.times));
  Answer("done " + Percentiles(times));
  NextCommand();
  std::_Exit(0);
}

void PublishNats(const Arguments& arguments) {
  std::string payload(std::stoul(arguments[1]), 'x');
  for (Arguments words = NextCommand(); !words.empty(); words = NextCommand()) {
    const int count = std::stoi(words[1]);
    const bool is_paced = words[0] == "pace";
    natsConnection* connection = Connect(arguments[0], is_paced);
    const int64_t begin = NowNs();
    for (int i = 0; i < count; ++i) {
      if (is_paced) {
        std::this_thread::sleep_until(std::chrono::steady_clock::time_point(
            std::chrono::nanoseconds(begin + int64_t{1'000'000'000} * i / std::stoi(words[2]))));
        char stamp[24];
        const int size = std::snprintf(stamp, sizeof stamp, "%016lld ", static_cast<long long>(NowNs()));
        payload.replace(0, static_cast<size_t>(size), stamp, static_cast<size_t>(size));
      }
      Check(natsConnection_Publish(connection, kSubject, payload.data(), static_cast<int>(payload.size())));
    }
    Check(natsConnection_Flush(connection));
    Answer("done");
  }
  std::_Exit(0);
}

}  // namespace demarche::bench
