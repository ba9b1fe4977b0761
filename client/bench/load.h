#ifndef DEMARCHE_CLIENT_BENCH_LOAD_H_
#define DEMARCHE_CLIENT_BENCH_LOAD_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/bench/articles.h"
#include "client/bench/histogram.h"
#include "client/bench/recorder.h"
#include "grpcpp/channel.h"

namespace demarche::bench {

enum class Mode { kPublish, kWatch, kMixed, kClassify };

// One load, at one rate.
struct LoadOptions {
  Mode mode = Mode::kPublish;
  double rate = 100;  // articles a second in all
  absl::Duration warm_up = absl::Seconds(2);
  absl::Duration duration = absl::Seconds(10);
  int publishers = 1;
  int subscribers = 1;       // that read as fast as they can
  int slow = 0;              // that wait a moment at each event
  int reconnecting = 0;      // that break off every second and go on from their position
  bool closed_loop = false;  // the next request after the answer to the last, timed from its sending: to show what that hides
  std::string run = {};      // part of the items' ids, so that each run publishes anew
};

// What a load gave.
struct LoadResult {
  double offered_rate = 0;
  double achieved_rate = 0;  // answered within the time of the schedule, a second
  uint64_t sent = 0;
  uint64_t failed = 0;
  std::string first_failure = {};
  Histogram answer;    // from when it was meant to be sent until it was answered
  Histogram delivery;  // until a fast subscriber had its event; for `watch` from when it was stored, by the server's clock
  std::vector<Second> seconds = {};  // of delivery where there is one, else of the answer
  // What subscribers were sent, against what the log holds.
  uint64_t events = 0;
  uint64_t delivered = 0;
  uint64_t lost = 0;
  uint64_t repeated = 0;
  uint64_t out_of_order = 0;

  bool verified() const { return lost == 0 && repeated == 0 && out_of_order == 0 && failed == 0; }
};

// Makes a channel with a connection of its own.
using ChannelMaker = std::function<std::shared_ptr<grpc::Channel>()>;

// Runs one load to its end, or until `stop`.
LoadResult RunLoad(const ChannelMaker& make_channel, const Articles& articles, const LoadOptions& options,
                   const std::atomic<bool>& stop);

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_LOAD_H_
