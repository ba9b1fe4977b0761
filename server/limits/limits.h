#ifndef DEMARCHE_SERVER_LIMITS_LIMITS_H_
#define DEMARCHE_SERVER_LIMITS_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

// Every bound that a client can meet. Sizes are in bytes.
namespace demarche::limits {

inline constexpr size_t kKiB = 1024;
inline constexpr size_t kMiB = 1024 * kKiB;

// A news item.
inline constexpr size_t kMaxItemBytes = 1 * kMiB;  // serialised
inline constexpr size_t kMaxTitleBytes = 4 * kKiB;
inline constexpr size_t kMaxItemIdBytes = 128;
inline constexpr size_t kMaxPublisherBytes = 256;
inline constexpr size_t kMaxUrlBytes = 2 * kKiB;
inline constexpr size_t kMaxLanguageCodeBytes = 35;  // BCP 47, section 4.4.1
inline constexpr size_t kMaxLabels = 32;
inline constexpr size_t kMaxLabelBytes = 1 * kKiB;  // key and value together

// A message as gRPC takes it. Larger than an item may be, so that an item over its limit gets an answer of ours.
inline constexpr size_t kMaxReceiveMessageBytes = 4 * kMiB;

// Connections of the gRPC endpoint; defaults of the configuration. Loopback counts in all only.
inline constexpr size_t kMaxConnections = 10'000;
inline constexpr size_t kMaxConnectionsPerAddress = 200;
inline constexpr size_t kMaxStreamsPerConnection = 100;  // calls at a time; the client keeps more waiting

// What clients sent and no call has read, of all connections together; above, the one with the most is closed. gRPC measures a
// message once it is whole, and keeps its parts until then. Default of the configuration.
inline constexpr size_t kMaxUnreadBytes = 256 * kMiB;

// Lines of the audit log a minute, of one principal or address and of one verdict; default of the configuration.
inline constexpr size_t kMaxAuditLines = 600;
inline constexpr size_t kMaxAuditSources = 1000;  // that are told apart in a minute

// What one publishing stream may have unanswered.
inline constexpr size_t kMaxUnansweredItems = 1000;
inline constexpr size_t kMaxUnansweredBytes = 8 * kMiB;

// Items admitted in all, from arrival to answer; defaults of the configuration.
inline constexpr size_t kMaxQueuedItems = 4096;
inline constexpr size_t kMaxQueuedBytes = 64 * kMiB;

// One write to the log: what is ready goes together, up to this.
inline constexpr size_t kMaxGroupItems = 1024;
inline constexpr size_t kMaxGroupBytes = 16 * kMiB;

// A watch.
inline constexpr size_t kMaxFilters = 16;
inline constexpr size_t kMaxFilterNameBytes = 64;
inline constexpr size_t kMaxFilterBytes = 4 * kKiB;
inline constexpr size_t kMaxFilterDepth = 8;   // parentheses inside parentheses
inline constexpr size_t kMaxFilterTerms = 64;  // comparisons
inline constexpr size_t kMaxBatchEvents = 256;
inline constexpr size_t kMaxBatchBytes = 256 * kKiB;  // exceeded only by a single event
inline constexpr std::chrono::seconds kProgressInterval{15};
inline constexpr std::chrono::seconds kMaxWriteTime{30};         // a write incomplete for longer cuts the watch
inline constexpr double kSlowWarning = 0.75;                     // a client is warned at so much of a bound
inline constexpr double kSlowCleared = 0.5;                      // and told that it is over
inline constexpr std::chrono::seconds kStalledWriteTime{1};      // one that takes longer has stalled
inline constexpr std::chrono::milliseconds kMaxCoalesceTime{1};  // a revision waits no longer for others to go with it

// Filters in the open watches of a principal; default of the configuration.
inline constexpr size_t kMaxFiltersOfPrincipal = 4000;

// Bytes that may lie in incomplete writes of all streams; above, the one with the most is cut. Default of the configuration.
inline constexpr size_t kMaxBufferedBytes = 256 * kMiB;
inline constexpr std::chrono::seconds kCutPatience{1};  // that it has to read why

// Recent records kept in memory for the watches at the live end; default of the configuration.
inline constexpr size_t kMaxRingEvents = size_t{1} << 17;
inline constexpr size_t kMaxRingBytes = 64 * kMiB;

// A durable subscription.
inline constexpr size_t kMaxSubscriptions = 10'000;
inline constexpr size_t kMaxSubscriptionNameBytes = 64;
inline constexpr std::chrono::seconds kDefaultLease{30};
inline constexpr std::chrono::seconds kMinLease{1};
inline constexpr std::chrono::seconds kMaxLease{3600};
inline constexpr std::chrono::seconds kMaxNackDelay{600};
inline constexpr uint32_t kDefaultMaxDeliveries = 5;
inline constexpr uint32_t kMaxMaxDeliveries = 1000;
inline constexpr size_t kMaxOutstandingEvents = 10'000;  // considered and not done; above, no more is delivered
inline constexpr size_t kMaxOutstandingBytes = 16 * kMiB;
inline constexpr size_t kMaxDeadLetters = 10'000;
inline constexpr int kMaxAckRanges = 1000;            // in one message
inline constexpr size_t kMaxPendingResults = 10'000;  // acknowledgements read and not yet answered; above, no more is read

// Pages.
inline constexpr int32_t kDefaultPageSize = 100;
inline constexpr int32_t kMaxPageSize = 1000;
inline constexpr size_t kMaxPageBytes = 2 * kMiB;  // below what clients take by default
inline constexpr size_t kMaxEventIdBytes = 128;
inline constexpr size_t kMaxActorNameBytes = 256;

// The HTTP endpoint. A stream holds a thread.
inline constexpr size_t kMaxHttpStreams = 64;  // default of the configuration
inline constexpr size_t kHttpRequestThreads = 16;
inline constexpr std::chrono::seconds kHttpReadTime{5};   // a request not read by then is dropped
inline constexpr std::chrono::seconds kHttpWriteTime{5};  // so is a client that takes nothing for so long
inline constexpr std::chrono::seconds kHttpIdleTime{5};   // a connection without a request is closed
inline constexpr std::chrono::seconds kHttpCallTime{60};  // a request is answered by then

// Spans on their way to a collector of traces.
inline constexpr size_t kMaxQueuedSpans = 8192;                     // above, those of further items are dropped
inline constexpr size_t kMaxExportedSpans = 512;                    // in one request
inline constexpr std::chrono::milliseconds kSpanGatherTime{500};    // a span waits so long for others to go with it
inline constexpr int kMaxExportAttempts = 4;                        // of a request; then its spans are dropped
inline constexpr std::chrono::milliseconds kFirstExportRetry{250};  // doubled each time
inline constexpr std::chrono::milliseconds kSpanFlushTime{1000};    // that a server that ends takes for what is queued
inline constexpr std::chrono::seconds kCollectorConnectTime{1};     // a collector that does not accept by then is away
inline constexpr std::chrono::seconds kCollectorAnswerTime{2};      // so is one that does not answer

// What a client is told to wait before it tries again.
inline constexpr std::chrono::milliseconds kRetryWhenFull{200};
inline constexpr std::chrono::milliseconds kRetryWhenDraining{1000};
inline constexpr std::chrono::milliseconds kRetryWhenStreamsAreFull{5000};
inline constexpr std::chrono::milliseconds kRetryWhenStorageFails{5000};

}  // namespace demarche::limits

#endif  // DEMARCHE_SERVER_LIMITS_LIMITS_H_
