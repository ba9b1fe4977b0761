#include "server/app/services.h"

#include <grpc/impl/codegen/grpc_types.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/server_builder.h"
#include "pipeline/assembly/assembly.h"
#include "server/app/audit.h"
#include "server/app/credentials.h"
#include "server/app/observe.h"
#include "server/app/version.h"
#include "server/limits/limits.h"
#include "server/rpc/call_metrics.h"
#include "spdlog/spdlog.h"

namespace demarche::app {
namespace {

constexpr int kReaderThreads = 2;
constexpr size_t kMaxWaitingReads = 4096;
constexpr size_t kMaxWaitingClassifications = 256;
constexpr int kMaxMetadataBytes = 8 << 10;
constexpr int kKeepaliveMs = 10'000;
constexpr int kKeepaliveTimeoutMs = 5'000;
constexpr int kMinClientPingMs = 8'000;  // every 10 s is permitted; the network may bring two closer together
constexpr int kHandshakeTimeoutMs = 3'000;
constexpr double kCodingShare = 0.75;  // of the time to drain; the rest is for the answers and the watches

int Cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

ingest::IngestOptions IngestOptionsOf(const config::Config& config, subscription::Hub& hub) {
  ingest::IngestOptions options;
  options.workers = config.workers > 0 ? static_cast<int>(config.workers) : Cores();
  options.max_items = static_cast<size_t>(config.queue_items);
  options.max_bytes = static_cast<size_t>(config.queue_bytes);
  options.store_text = config.store_text;
  options.on_erased = [&hub] { hub.Forget(); };
  return options;
}

listen::AcceptOptions AcceptOptionsOf(const config::Config& config) {
  listen::AcceptOptions options;
  options.max_connections = static_cast<size_t>(config.max_connections);
  options.max_per_address = static_cast<size_t>(config.max_connections_per_address);
  options.max_unread_bytes = static_cast<uint64_t>(config.unread_bytes);
  options.send_timeout = std::chrono::milliseconds(kKeepaliveTimeoutMs);
  options.on_refusals = [](const std::string& line) { spdlog::warn("{}", line); };
  return options;
}

subscription::HubOptions HubOptionsOf(const config::Config& config) {
  subscription::HubOptions options;
  options.max_bytes = static_cast<size_t>(config.ring_bytes);
  return options;
}

rpc::EventServiceOptions EventOptionsOf(std::shared_ptr<rpc::WriteBudget> budget, metrics::Metrics& metrics) {
  rpc::EventServiceOptions options;
  options.watch.on_batch = [&metrics](uint64_t last_position, size_t events) { metrics.ObserveDelivery(last_position, events); };
  options.watch.on_gap = [&metrics](uint64_t lost) { metrics.ObserveGap(lost); };
  options.budget = std::move(budget);
  return options;
}

StageCounts StageCountsOf(const run::Runner& runner, const run::Memory& memory) {
  return [&runner, &memory] {
    std::vector<run::StageCount> counts = runner.counts();
    for (run::StageCount& count : memory.counts()) counts.push_back(std::move(count));
    return counts;
  };
}

rpc::ServerFacts FactsOf(const Pipeline& pipeline, StageCounts stage_counts, const ingest::Ingestor& ingestor,
                         const rpc::EventService& events, std::function<rpc::Storage()> storage, std::function<void()> drain) {
  return {.server_version = kVersion,
          .classifier_version = std::string(assembly::kClassifierVersion),
          .ontology_version = [&pipeline] { return pipeline.ontology_version(); },
          .start_time = absl::Now(),
          .stage_counts = std::move(stage_counts),
          .queued_items = [&ingestor] { return ingestor.queued_items(); },
          .storage = std::move(storage),
          .watch_lag = [&events] { return events.max_lag(); },
          .drain = std::move(drain)};
}

std::function<rpc::Storage()> StorageOf(const log::EventLog& log, const config::Config& config) {
  return [&log, data_dir = config.data_dir, reserve_bytes = static_cast<uint64_t>(config.min_free_bytes)] {
    return rpc::Storage{.free_bytes = FreeBytes(data_dir), .reserve_bytes = reserve_bytes, .log_bytes = log.info().byte_count};
  };
}

std::vector<std::string> ServiceNames() {
  return {v1::IngestService::service_full_name(),     v1::EventService::service_full_name(),
          v1::ClassifierService::service_full_name(), v1::OntologyService::service_full_name(),
          v1::AdminService::service_full_name(),      v1::SubscriptionService::service_full_name()};
}

void Limit(grpc::ServerBuilder& builder, int max_streams_per_connection) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(limits::kMaxReceiveMessageBytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  // Idle connections too: a dead peer is noticed, and a client that pings without a call is not sent away.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinClientPingMs);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  // gRPC 1.51 bounds a message before it is unpacked, not after: no compression is accepted.
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP})
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
}

}  // namespace

Services::Services(const Pipeline& pipeline, log::EventLog& log, run::Memory& memory, const config::Config& config,
                   auth::Authenticator& authenticator, tracing::Tracer& tracer, metrics::Metrics& metrics)
    : log_(log),
      max_streams_per_connection_(static_cast<int>(config.streams_per_connection)),
      authenticator_(authenticator),
      metrics_(metrics),
      quotas_(QuotaOptionsOf(config)),
      guard_(authenticator, quotas_, sessions_, MakeAuditor(config, metrics),
             [this](const std::string& peer) { return accept_loop_.ReadsOf(peer); }),
      readers_(kReaderThreads, kMaxWaitingReads),
      coders_(Cores(), kMaxWaitingClassifications),
      write_budget_(std::make_shared<rpc::WriteBudget>(static_cast<uint64_t>(config.buffered_bytes))),
      hub_(log.info(), HubOptionsOf(config)),
      ingestor_(pipeline.runner(), log, memory, IngestOptionsOf(config, hub_),
                [this](const std::vector<log::RecordPtr>& records) {
                  metrics_.ObserveRecords(records);
                  hub_.Publish(records);
                }),
      ingest_service_(ingestor_, log, readers_, tracer, {},
                      [this](const absl::StatusOr<ingest::Published>& answer) { metrics_.CountItem(ResultLabel(answer)); },
                      {.finish = [this] { return subscription_service_->FinishPurges(); }, .on_done = MakePurgeAuditor(metrics)}),
      event_service_(log, hub_, readers_, EventOptionsOf(write_budget_, metrics)),
      classifier_service_(pipeline.runner(), coders_),
      ontology_service_(pipeline.resources()),
      admin_service_(sessions_, FactsOf(pipeline, StageCountsOf(pipeline.runner(), memory), ingestor_, event_service_,
                                        StorageOf(log, config), [this] { EndStreams(); })),
      health_service_(ServiceNames()),
      accept_loop_(AcceptOptionsOf(config)) {
  Observe({.log = log,
           .stage_counts = StageCountsOf(pipeline.runner(), memory),
           .ingestor = ingestor_,
           .events = event_service_,
           .accept_loop = accept_loop_,
           .data_dir = config.data_dir,
           .classifier_version = std::string(assembly::kClassifierVersion),
           .ontology_version = [&pipeline] { return pipeline.ontology_version(); }},
          metrics_);
  metrics_.sources().AddGauge("demarche_sessions", "Streaming calls open.",
                              [this] { return static_cast<double>(sessions_.size()); });
  metrics_.sources().AddGauge("demarche_http_streams", "Streams open over HTTP.",
                              [this] { return http_server_ == nullptr ? 0.0 : static_cast<double>(http_server_->stream_count()); });
  metrics_.sources().AddGauge("demarche_open_network_risk", "1 when other machines reach the server without client certificates.",
                              [risk = OpenNetworkRisk(config).empty() ? 0.0 : 1.0] { return risk; });
}

void Services::AddGuarded(grpc::ServerBuilder& builder) {
  const std::pair<grpc::Service*, const google::protobuf::FileDescriptor*> services[] = {
      {&ingest_service_, v1::PublishNewsItemRequest::descriptor()->file()},
      {&event_service_, v1::WatchEventsRequest::descriptor()->file()},
      {&classifier_service_, v1::ClassifyNewsItemRequest::descriptor()->file()},
      {&ontology_service_, v1::LookupActorRequest::descriptor()->file()},
      {&admin_service_, v1::GetPipelineStatusRequest::descriptor()->file()},
      {subscription_service_.get(), v1::CreateSubscriptionRequest::descriptor()->file()},
      {&health_service_, grpc::health::v1::HealthCheckRequest::descriptor()->file()}};
  for (const auto& [service, file] : services) {
    guarded_.push_back(std::make_unique<rpc::GuardedService>(*service, *file->service(0), guard_));
    builder.RegisterService(guarded_.back().get());
  }
}

absl::StatusOr<std::string> Services::Start(const std::string& listen,
                                            const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  auto subscriptions = rpc::SubscriptionService::Open(log_, hub_, {.budget = write_budget_});
  if (!subscriptions.ok()) return subscriptions.status();
  subscription_service_ = *std::move(subscriptions);
  // Those that the end of the last process cut short.
  if (absl::Status status = subscription_service_->FinishPurges(); !status.ok()) {
    const auto code = absl::IsDataLoss(status) ? status.code() : absl::StatusCode::kFailedPrecondition;
    return absl::Status(code, absl::StrCat("a purge that was cut short cannot be finished: ", status.message()));
  }
  auto address = accept_loop_.Listen(listen);
  if (!address.ok()) return address;
  Build(credentials);
  if (server_ == nullptr) return absl::UnavailableError("cannot serve on " + *address + ": gRPC does not start");
  accept_loop_.Start([this](int listener, int connection) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = listener;
    parameters.fd = connection;
    acceptor_->HandleNewConnection(&parameters);
  });
  health_service_.SetServing(true);
  return address;
}

void Services::Build(const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  // Both tell of the whole server, and neither can be guarded.
  if (authenticator_.is_open()) {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::channelz::experimental::InitChannelzService();
  }
  grpc::ServerBuilder builder;
  Limit(builder, max_streams_per_connection_);
  using FromOutside = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(FromOutside::FROM_FD, credentials);
  builder.SetContextAllocator(std::make_unique<rpc::CallContextAllocator>());
  AddGuarded(builder);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<rpc::CallMetrics>(metrics_));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  server_ = builder.BuildAndStart();
}

absl::StatusOr<std::string> Services::StartHttp(const config::Config& config, std::vector<std::string> allowed_origins) {
  http::HttpOptions options;
  options.allowed_origins = std::move(allowed_origins);
  if (config.http_api) options.channel = server_->InProcessChannel(grpc::ChannelArguments());
  options.services = ServiceNames();
  options.services.emplace_back(grpc::health::v1::Health::service_full_name());
  options.metrics = [this] { return metrics_.Text(); };
  options.is_ready = [this] { return health_service_.is_serving(); };
  options.max_streams = static_cast<size_t>(config.http_streams);
  http_server_ = std::make_unique<http::HttpServer>(std::move(options));
  return http_server_->Start(config.http_listen);
}

void Services::EndStreams() {
  health_service_.SetServing(false);
  ingest_service_.Drain();
  event_service_.Drain();
  subscription_service_->Drain();
}

void Services::Drain(absl::Duration deadline) {
  const absl::Time end = absl::Now() + deadline;
  health_service_.SetServing(false);
  ingest_service_.Drain();
  ingestor_.Drain(deadline * kCodingShare);
  event_service_.Drain();
  subscription_service_->Drain();
  health_service_.EndWatches();
  if (http_server_ != nullptr) http_server_->AwaitStreams(end);
  accept_loop_.Stop();
  server_->Shutdown(absl::ToChronoTime(end));
  server_->Wait();
  if (http_server_ != nullptr) http_server_->Stop();
}

}  // namespace demarche::app
