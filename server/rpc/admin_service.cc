#include "server/rpc/admin_service.h"

#include "absl/time/clock.h"

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
  for (const run::StageCount& count : runner_.counts()) {
    v1::StageStatus& stage = *response->add_stages();
    stage.set_stage(count.stage);
    stage.set_item_count(count.items);
    stage.set_seconds(static_cast<double>(count.nanoseconds) * 1e-9);
  }
  response->set_classifier_version(facts_.classifier_version);
  response->set_ontology_version(facts_.ontology_version);
  response->set_server_version(facts_.server_version);
  Set(facts_.start_time, *response->mutable_start_time());
  Set(absl::Now(), *response->mutable_server_time());
  response->set_queued_items(facts_.queued_items());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace demarche::rpc
