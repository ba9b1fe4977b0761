#include "server/rpc/classifier_service.h"

#include <utility>

#include "server/error/error.h"
#include "server/ingest/validate.h"
#include "server/limits/limits.h"
#include "server/rpc/status.h"

namespace demarche::rpc {

absl::Status ClassifierService::Classify(const v1::ClassifyNewsItemRequest& request, v1::ClassifyNewsItemResponse& response) const {
  if (absl::Status status = ingest::ValidateNewsItem(request.news_item()); !status.ok()) return status;
  auto coded = runner_.Run(request.news_item(), request.explain());
  if (!coded.ok()) return error::BadField(v1::ERROR_REASON_ITEM_INVALID, "news_item", std::string(coded.status().message()));
  response.set_news_item_id(coded->news_item_id);
  response.set_outcome(coded->outcome);
  for (v1::DiplomaticEvent& event : coded->events) *response.add_events() = std::move(event);
  for (v1::StageTrace& trace : coded->stages) *response.add_stages() = std::move(trace);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ClassifierService::ClassifyNewsItem(grpc::CallbackServerContext* context,
                                                              const v1::ClassifyNewsItemRequest* request,
                                                              v1::ClassifyNewsItemResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool taken = executor_.Run([=, this] { reactor->Finish(ToGrpc(Classify(*request, *response))); });
  if (!taken) {
    reactor->Finish(ToGrpc(error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
                                       "too many items wait to be classified", {.retry_after = limits::kRetryWhenFull})));
  }
  return reactor;
}

}  // namespace demarche::rpc
