#include "server/rpc/admin_service.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/rpc/unary.h"

namespace demarche::rpc {
namespace {

void Set(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t nanoseconds = absl::ToUnixNanos(time);
  timestamp.set_seconds(nanoseconds / 1'000'000'000);
  timestamp.set_nanos(static_cast<int32_t>(nanoseconds % 1'000'000'000));
}

}  // namespace

grpc::ServerUnaryReactor* AdminService::GetPipelineStatus(grpc::CallbackServerContext* context, const v1::GetPipelineStatusRequest*,
                                                          v1::GetPipelineStatusResponse* response) {
  for (const run::StageCount& count : facts_.stage_counts()) {
    v1::StageStatus& stage = *response->add_stages();
    stage.set_stage(count.stage);
    stage.set_item_count(count.items);
    stage.set_seconds(static_cast<double>(count.nanoseconds) * 1e-9);
  }
  response->set_classifier_version(facts_.classifier_version);
  response->set_ontology_version(facts_.ontology_version());
  response->set_server_version(facts_.server_version);
  Set(facts_.start_time, *response->mutable_start_time());
  Set(absl::Now(), *response->mutable_server_time());
  response->set_queued_items(facts_.queued_items());
  const Storage storage = facts_.storage();
  response->set_disk_free_bytes(storage.free_bytes);
  response->set_disk_reserve_bytes(storage.reserve_bytes);
  response->set_log_bytes(storage.log_bytes);
  response->set_watch_lag(facts_.watch_lag());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* AdminService::ListSessions(grpc::CallbackServerContext* context, const v1::ListSessionsRequest* request,
                                                     v1::ListSessionsResponse* response) {
  uint64_t after = 0;
  if (!request->page_token().empty() && !absl::SimpleAtoi(request->page_token(), &after)) {
    return Answer(context, error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_token", "not one of an answer before"));
  }
  if (request->page_size() < 0 || request->page_size() > limits::kMaxPageSize) {
    return Answer(context,
                  error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_size",
                                  std::to_string(request->page_size()) + ", must be 0 to " + std::to_string(limits::kMaxPageSize)));
  }
  const auto wanted = static_cast<size_t>(request->page_size() == 0 ? limits::kDefaultPageSize : request->page_size());
  const auto listed = sessions_.List(after, wanted);
  for (const auto& [number, open] : listed) {
    v1::Session& session = *response->add_sessions();
    session.set_peer(open.peer);
    session.set_method(open.method);
    session.set_principal(open.principal);
    Set(open.start_time, *session.mutable_start_time());
  }
  if (listed.size() == wanted) response->set_next_page_token(std::to_string(listed.back().first));
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* AdminService::Drain(grpc::CallbackServerContext* context, const v1::DrainRequest*, v1::DrainResponse*) {
  facts_.drain();
  return Answer(context, absl::OkStatus());
}

}  // namespace demarche::rpc
