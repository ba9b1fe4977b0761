#include "tests/unit/client/fake_service.h"

#include <algorithm>
#include <deque>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"

namespace demarche::client {

grpc::Status MakeStatus(grpc::StatusCode code, const std::string& message, const std::string& reason) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_domain("demarche");
  info.set_reason(reason);
  status.add_details()->PackFrom(info);
  return grpc::Status(code, message, status.SerializeAsString());
}

v1::PublishNewsItemsResponse FakeIngest::Answer(const v1::NewsItem& item, uint64_t sequence) {
  absl::MutexLock lock(&mutex_);
  v1::PublishNewsItemsResponse response;
  v1::ItemResult& answer = *response.mutable_item();
  answer.set_sequence(sequence);
  answer.mutable_result()->set_news_item_id(item.news_item_id());
  if (absl::StartsWith(item.body(), "bad")) {
    answer.mutable_result()->set_outcome(v1::PUBLISH_OUTCOME_REJECTED);
    answer.mutable_status()->ParseFromString(
        MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "body: begins with bad", "ITEM_INVALID").error_details());
    return response;
  }
  bool known = false;
  for (const v1::NewsItem& other : items_) known = known || other.news_item_id() == item.news_item_id();
  answer.mutable_result()->set_outcome(known ? v1::PUBLISH_OUTCOME_DUPLICATE : v1::PUBLISH_OUTCOME_ACCEPTED);
  answer.mutable_result()->add_event_ids("event-of-" + item.news_item_id());
  items_.push_back(item);
  return response;
}

grpc::Status FakeIngest::PublishNewsItems(
    grpc::ServerContext*, grpc::ServerReaderWriter<v1::PublishNewsItemsResponse, v1::PublishNewsItemsRequest>* stream) {
  v1::PublishNewsItemsResponse window;
  window.mutable_window()->set_max_items(window_items);
  window.mutable_window()->set_max_bytes(1 << 20);
  stream->Write(window);
  std::deque<v1::NewsItem> waiting;
  v1::PublishNewsItemsRequest request;
  uint64_t sequence = 0;
  const auto answer_first = [&] {
    stream->Write(Answer(waiting.front(), ++sequence));
    waiting.pop_front();
  };
  while (static_cast<int>(sequence) != end_after && stream->Read(&request)) {
    waiting.push_back(request.news_item());
    {
      absl::MutexLock lock(&mutex_);
      most_unanswered_ = std::max(most_unanswered_, waiting.size());
    }
    if (static_cast<int>(waiting.size()) >= read_ahead) answer_first();
  }
  if (static_cast<int>(sequence) == end_after) return MakeStatus(grpc::StatusCode::UNAVAILABLE, "shutting down", "DRAINING");
  while (!waiting.empty()) answer_first();
  return grpc::Status::OK;
}

grpc::Status FakeIngest::GetNewsItem(grpc::ServerContext*, const v1::GetNewsItemRequest* request,
                                     v1::GetNewsItemResponse* response) {
  absl::MutexLock lock(&mutex_);
  for (const v1::NewsItem& item : items_) {
    if (item.news_item_id() == request->news_item_id()) *response->mutable_news_item() = item;
  }
  return response->has_news_item() ? grpc::Status::OK
                                   : MakeStatus(grpc::StatusCode::NOT_FOUND, "no such item", "RESOURCE_NOT_FOUND");
}

grpc::Status FakeEvents::WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                                     grpc::ServerWriter<v1::WatchEventsResponse>* writer) {
  Script script;
  {
    absl::MutexLock lock(&mutex_);
    if (requests_.size() < scripts.size()) script = scripts[requests_.size()];
    requests_.push_back(*request);
  }
  for (const v1::WatchEventsResponse& message : script.messages) writer->Write(message);
  while (script.stay && !context->IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
  return script.end;
}

grpc::Status FakeEvents::GetEvent(grpc::ServerContext*, const v1::GetEventRequest* request, v1::GetEventResponse* response) {
  for (const v1::DiplomaticEvent& event : events) {
    if (event.event_id() == request->event_id()) *response->mutable_event() = event;
  }
  if (response->has_event()) return grpc::Status::OK;
  return MakeStatus(grpc::StatusCode::NOT_FOUND, "no event has the id " + request->event_id(), "RESOURCE_NOT_FOUND");
}

grpc::Status FakeEvents::ListEvents(grpc::ServerContext*, const v1::ListEventsRequest* request, v1::ListEventsResponse* response) {
  // Pages of one event, whatever is asked for.
  const size_t at = request->page_token().empty() ? 0 : static_cast<size_t>(std::stoi(request->page_token()));
  if (at < events.size()) *response->add_events() = events[at];
  if (at + 1 < events.size()) response->set_next_page_token(absl::StrCat(at + 1));
  return grpc::Status::OK;
}

grpc::Status FakeEvents::ListEventRevisions(grpc::ServerContext*, const v1::ListEventRevisionsRequest* request,
                                            v1::ListEventRevisionsResponse* response) {
  for (const v1::DiplomaticEvent& event : events) {
    if (event.event_id() != request->event_id()) continue;
    *response->add_events() = event;
    v1::RevisionCause& cause = *response->add_causes();
    cause.set_publisher("publisher");
    cause.set_news_item_id(absl::StrCat("item-", event.revision()));
  }
  if (response->events_size() > 0) return grpc::Status::OK;
  return MakeStatus(grpc::StatusCode::NOT_FOUND, "no event has the id " + request->event_id(), "RESOURCE_NOT_FOUND");
}

grpc::Status FakeEvents::GetStreamInfo(grpc::ServerContext*, const v1::GetStreamInfoRequest*, v1::GetStreamInfoResponse* response) {
  response->set_last_position("p9");
  response->set_event_count(events.size());
  return grpc::Status::OK;
}

grpc::Status FakeClassifier::ClassifyNewsItem(grpc::ServerContext*, const v1::ClassifyNewsItemRequest* request,
                                              v1::ClassifyNewsItemResponse* response) {
  if (absl::StartsWith(request->news_item().body(), "bad")) {
    return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "body: begins with bad", "ITEM_INVALID");
  }
  *response = answer;
  if (!request->explain()) response->clear_stages();
  return grpc::Status::OK;
}

grpc::Status FakeAdmin::GetPipelineStatus(grpc::ServerContext*, const v1::GetPipelineStatusRequest*,
                                          v1::GetPipelineStatusResponse* response) {
  response->set_server_version(server_version);
  response->mutable_server_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + clock_offset_s);
  response->set_disk_free_bytes(disk_free_bytes);
  response->set_disk_reserve_bytes(uint64_t{256} << 20);
  return grpc::Status::OK;
}

grpc::Status FakeOntology::LookupActor(grpc::ServerContext*, const v1::LookupActorRequest* request,
                                       v1::LookupActorResponse* response) {
  last_lookup = *request;
  if (request->name() == name) *response = actors;
  return grpc::Status::OK;
}

grpc::Status FakeOntology::ListOfficeTerms(grpc::ServerContext*, const v1::ListOfficeTermsRequest* request,
                                           v1::ListOfficeTermsResponse* response) {
  last_list = *request;
  if (request->code() != code) return MakeStatus(grpc::StatusCode::NOT_FOUND, "no such code", "RESOURCE_NOT_FOUND");
  *response = terms;
  return grpc::Status::OK;
}

grpc::Status FakeHealth::Check(grpc::ServerContext*, const grpc::health::v1::HealthCheckRequest*,
                               grpc::health::v1::HealthCheckResponse* response) {
  response->set_status(status);
  return grpc::Status::OK;
}

grpc::Status FakeSubscriptions::GetSubscription(grpc::ServerContext*, const v1::GetSubscriptionRequest* request,
                                                v1::GetSubscriptionResponse* response) {
  if (request->name() != name) return MakeStatus(grpc::StatusCode::NOT_FOUND, "no such subscription", "RESOURCE_NOT_FOUND");
  response->mutable_subscription()->set_name(name);
  response->mutable_subscription()->mutable_lease_duration()->set_seconds(lease_s);
  return grpc::Status::OK;
}

void FakeSubscriptions::Note(const v1::ConsumeRequest& request) {
  absl::MutexLock lock(&mutex_);
  requests_.push_back(request.ShortDebugString());
}

grpc::Status FakeSubscriptions::Consume(grpc::ServerContext* context,
                                        grpc::ServerReaderWriter<v1::ConsumeResponse, v1::ConsumeRequest>* stream) {
  v1::ConsumeRequest request;
  for (int i = 0; i < 2 && stream->Read(&request); ++i) Note(request);  // the name and the credit
  Script script;
  {
    absl::MutexLock lock(&mutex_);
    if (played_ < scripts.size()) script = scripts[played_];
    played_ += 1;
  }
  for (const v1::ConsumeResponse& message : script.messages) stream->Write(message);
  while (script.stay && stream->Read(&request)) Note(request);
  return context->IsCancelled() ? grpc::Status::CANCELLED : script.end;
}

FakeServer::FakeServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  for (grpc::Service* service :
       std::initializer_list<grpc::Service*>{&ingest, &events, &classifier, &admin, &ontology, &health, &subscriptions}) {
    builder.RegisterService(service);
  }
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(); }

std::string FakeServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

v1::WatchEventsResponse StartedAt(const std::string& position) {
  v1::WatchEventsResponse response;
  response.mutable_started()->set_position(position);
  return response;
}

v1::WatchEventsResponse CaughtUpAt(const std::string& position) {
  v1::WatchEventsResponse response;
  response.mutable_caught_up()->set_position(position);
  return response;
}

v1::WatchEventsResponse BatchOf(const std::string& position, const v1::DiplomaticEvent& event) {
  v1::WatchEventsResponse response;
  *response.mutable_event_batch()->add_events() = event;
  response.mutable_event_batch()->add_positions(position);
  response.mutable_event_batch()->add_append_times()->set_seconds(1739385000);
  return response;
}

v1::DiplomaticEvent CallEvent(const std::string& event_id) {
  v1::DiplomaticEvent event;
  event.set_event_id(event_id);
  event.set_revision(1);
  event.set_state(v1::EVENT_STATE_NEW);
  event.set_type(v1::EVENT_TYPE_CONSULT);
  event.set_kind("leader_call");
  event.set_quad_class(v1::QUAD_CLASS_VERBAL_COOPERATION);
  event.set_factuality(v1::FACTUALITY_ACTUAL);
  event.set_confidence(0.871);
  event.mutable_publish_time()->set_seconds(1739385000);  // 2025-02-12 18:30:00 UTC
  v1::Actor& macron = *event.add_actors();
  macron.set_entity_id("person/emmanuel-macron");
  macron.set_display_name("Emmanuel Macron");
  macron.set_country_code("FRA");
  v1::Actor& germany = *event.add_recipients();
  germany.set_entity_id("state/DEU");
  germany.set_display_name("Germany");
  germany.set_country_code("DEU");
  v1::Evidence& evidence = *event.add_evidence();
  evidence.set_news_item_id("item-1");
  evidence.set_publisher("Demarche Sample A");
  evidence.set_sentence("Emmanuel Macron telephoned Berlin.");
  const auto span = [](v1::TextSpan* target, uint32_t begin, uint32_t end) {
    target->set_field(v1::TEXT_FIELD_BODY);
    target->set_begin(begin);
    target->set_end(end);
  };
  span(evidence.mutable_sentence_span(), 100, 134);
  span(evidence.mutable_trigger_span(), 116, 126);
  span(evidence.add_actor_spans(), 100, 115);
  span(evidence.add_actor_spans(), 127, 133);
  return event;
}

}  // namespace demarche::client
