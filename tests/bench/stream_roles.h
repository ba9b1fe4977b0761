#ifndef DEMARCHE_TESTS_BENCH_STREAM_ROLES_H_
#define DEMARCHE_TESTS_BENCH_STREAM_ROLES_H_

#include <string>
#include <vector>

// What the benchmark runs as processes of their own. Each takes commands from its input until that ends.
namespace demarche::bench {

using Arguments = std::vector<std::string>;

// ours PAYLOAD [TLS]: the hub, its watches and durable subscriptions; over TLS when a directory says so. Answers with its address.
// `prepare N`, `go` (publishes them as fast as it can), `pace N RATE` (appends each to a log, with sync at intervals, and publishes
// it; answers with the mean and the median time of both in ns).
void ServeOurs(const Arguments& arguments);
// bare PAYLOAD [TLS]: writes the same batches, made beforehand, from a bare callback server. `prepare N`, `go`.
void ServeBare(const Arguments& arguments);

// watch ADDRESS SUBSCRIBERS EVENTS FILTER CHANNELS [TLS]: raw watches that count events; FILTER is '-', or 'distinct' for one of
// its own in each, or 'earliest' for none and all that is in the log. Answers `ready` when all are open and have caught up, and
// `done` when each has its events.
void WatchRaw(const Arguments& arguments);
// time ADDRESS SUBSCRIBERS EVENTS: watches that parse events and take the time; `done P50 P99` in us.
void WatchTimes(const Arguments& arguments);

// misbehave ADDRESS: a watch that reads nothing after it is open, and one that reads ten messages a second. Answers `ready`.
void WatchBadly(const Arguments& arguments);

// take ADDRESS HOW EVENTS: answers `ready`; at `go` it takes so many events of the log, `watched` or `acknowledged` by a durable
// subscription, and answers `done`.
void TakeAll(const Arguments& arguments);
// subscribe ADDRESS COUNT: creates durable subscriptions and answers `created`; at `go` it opens a consumer of each.
void SubscribeIdly(const Arguments& arguments);

// echo: a bare unary PublishNewsItem that answers at once. Answers with its address.
void AnswerAtOnce(const Arguments& arguments);
inline constexpr int kArticles = 1000;
inline constexpr int kArticlesPerSecond = 100;
// articles ADDRESS UNTIL: publishes so many articles at this rate; `done P50 P99` in us from when each was due until it was
// answered
// (`answers`) or its last event came by a watch (`events`).
void PublishArticles(const Arguments& arguments);

// The same of NATS: ADDRESS SUBSCRIBERS EVENTS BYTES.
void WatchNats(const Arguments& arguments);
void TimeNats(const Arguments& arguments);
// nats-publish ADDRESS BYTES: `go N`, `pace N RATE`.
void PublishNats(const Arguments& arguments);

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_ROLES_H_
