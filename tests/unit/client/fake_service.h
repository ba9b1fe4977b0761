#ifndef DEMARCHE_TESTS_UNIT_CLIENT_FAKE_SERVICE_H_
#define DEMARCHE_TESTS_UNIT_CLIENT_FAKE_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "demarche/v1/classifier_service.grpc.pb.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "demarche/v1/ingest_service.grpc.pb.h"
#include "demarche/v1/ontology_service.grpc.pb.h"
#include "demarche/v1/subscription_service.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/server.h"

namespace demarche::client {

// A status with a google.rpc.ErrorInfo, as the server makes them.
grpc::Status MakeStatus(grpc::StatusCode code, const std::string& message, const std::string& reason);

// Accepts every item, but rejects bodies that begin with "bad" and knows ids that it has seen. Remembers the most that was
// unanswered.
class FakeIngest : public v1::IngestService::Service {
 public:
  grpc::Status PublishNewsItems(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::PublishNewsItemsResponse, v1::PublishNewsItemsRequest>* stream) override;
  grpc::Status GetNewsItem(grpc::ServerContext* context, const v1::GetNewsItemRequest* request,
                           v1::GetNewsItemResponse* response) override;

  uint32_t window_items = 4;
  // Reads this many before it answers the first one: a client that minds the window never sends more than the window.
  int read_ahead = 0;
  int end_after = -1;  // items after which the stream ends with UNAVAILABLE; -1 for never

  size_t most_unanswered() const {
    absl::MutexLock lock(&mutex_);
    return most_unanswered_;
  }
  std::vector<v1::NewsItem> items() const {
    absl::MutexLock lock(&mutex_);
    return items_;
  }

 private:
  v1::PublishNewsItemsResponse Answer(const v1::NewsItem& item, uint64_t sequence);

  mutable absl::Mutex mutex_;
  size_t most_unanswered_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<v1::NewsItem> items_ ABSL_GUARDED_BY(mutex_);
};

// Plays one script of messages and a final status for each watch, and remembers the requests. After the last script it waits for
// the client to cancel.
class FakeEvents : public v1::EventService::Service {
 public:
  struct Script {
    std::vector<v1::WatchEventsResponse> messages;
    grpc::Status end;
    bool stay = false;  // does not end by itself
  };

  grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                           grpc::ServerWriter<v1::WatchEventsResponse>* writer) override;
  grpc::Status GetEvent(grpc::ServerContext* context, const v1::GetEventRequest* request, v1::GetEventResponse* response) override;
  grpc::Status ListEvents(grpc::ServerContext* context, const v1::ListEventsRequest* request,
                          v1::ListEventsResponse* response) override;
  grpc::Status ListEventRevisions(grpc::ServerContext* context, const v1::ListEventRevisionsRequest* request,
                                  v1::ListEventRevisionsResponse* response) override;
  grpc::Status GetStreamInfo(grpc::ServerContext* context, const v1::GetStreamInfoRequest* request,
                             v1::GetStreamInfoResponse* response) override;

  std::vector<Script> scripts;
  std::vector<v1::DiplomaticEvent> events;

  std::vector<v1::WatchEventsRequest> requests() const {
    absl::MutexLock lock(&mutex_);
    return requests_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<v1::WatchEventsRequest> requests_ ABSL_GUARDED_BY(mutex_);
};

class FakeClassifier : public v1::ClassifierService::Service {
 public:
  grpc::Status ClassifyNewsItem(grpc::ServerContext* context, const v1::ClassifyNewsItemRequest* request,
                                v1::ClassifyNewsItemResponse* response) override;

  v1::ClassifyNewsItemResponse answer;
};

class FakeAdmin : public v1::AdminService::Service {
 public:
  grpc::Status GetPipelineStatus(grpc::ServerContext* context, const v1::GetPipelineStatusRequest* request,
                                 v1::GetPipelineStatusResponse* response) override;

  std::string server_version;
  int64_t clock_offset_s = 0;
  uint64_t disk_free_bytes = uint64_t{1} << 40;
};

// Knows the actors and terms that it was given, under the one name and the one code; keeps the last requests.
class FakeOntology : public v1::OntologyService::Service {
 public:
  grpc::Status LookupActor(grpc::ServerContext* context, const v1::LookupActorRequest* request,
                           v1::LookupActorResponse* response) override;
  grpc::Status ListOfficeTerms(grpc::ServerContext* context, const v1::ListOfficeTermsRequest* request,
                               v1::ListOfficeTermsResponse* response) override;

  std::string name, code;
  v1::LookupActorResponse actors;
  v1::ListOfficeTermsResponse terms;
  v1::LookupActorRequest last_lookup;
  v1::ListOfficeTermsRequest last_list;
};

class FakeHealth : public grpc::health::v1::Health::Service {
 public:
  grpc::Status Check(grpc::ServerContext* context, const grpc::health::v1::HealthCheckRequest* request,
                     grpc::health::v1::HealthCheckResponse* response) override;

  grpc::health::v1::HealthCheckResponse::ServingStatus status = grpc::health::v1::HealthCheckResponse::SERVING;
};

// Plays one script for each Consume: once so many requests have come, its messages and its status. Without one it waits until the
// client is done. Knows one subscription.
class FakeSubscriptions : public v1::SubscriptionService::Service {
 public:
  struct Script {
    std::vector<v1::ConsumeResponse> messages;
    grpc::Status end;
    bool stay = false;  // does not end by itself
  };

  grpc::Status GetSubscription(grpc::ServerContext* context, const v1::GetSubscriptionRequest* request,
                               v1::GetSubscriptionResponse* response) override;
  grpc::Status Consume(grpc::ServerContext* context,
                       grpc::ServerReaderWriter<v1::ConsumeResponse, v1::ConsumeRequest>* stream) override;

  std::string name = "desk";
  int64_t lease_s = 30;
  std::vector<Script> scripts;

  // All that was said over all streams, as text.
  std::vector<std::string> requests() const {
    absl::MutexLock lock(&mutex_);
    return requests_;
  }

 private:
  void Note(const v1::ConsumeRequest& request);

  mutable absl::Mutex mutex_;
  size_t played_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
};

// All fakes behind a real socket on a free port. Set the fakes up before the first call.
class FakeServer {
 public:
  FakeServer();
  ~FakeServer();

  std::string address() const;

  FakeIngest ingest;
  FakeEvents events;
  FakeClassifier classifier;
  FakeAdmin admin;
  FakeOntology ontology;
  FakeHealth health;
  FakeSubscriptions subscriptions;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// Messages of a watch.
v1::WatchEventsResponse StartedAt(const std::string& position);
v1::WatchEventsResponse CaughtUpAt(const std::string& position);
// A batch of one event.
v1::WatchEventsResponse BatchOf(const std::string& position, const v1::DiplomaticEvent& event);

// Macron calls Germany: 'Emmanuel Macron telephoned Berlin.', bytes 100 to 134 of the body; trigger 'telephoned'.
v1::DiplomaticEvent CallEvent(const std::string& event_id);

}  // namespace demarche::client

#endif  // DEMARCHE_TESTS_UNIT_CLIENT_FAKE_SERVICE_H_
