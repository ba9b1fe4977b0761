#include "server/rpc/classifier_service.h"

#include <utility>

#include "server/error/error.h"
#include "server/ingest/validate.h"
#include "server/rpc/unary.h"

namespace demarche::rpc {

absl::Status ClassifierService::Classify(const v1::ClassifyNewsItemRequest& request, v1::ClassifyNewsItemResponse& response) const {
  if (absl::Status status = ingest::ValidateNewsItem(request.news_item()); !status.ok()) return status;
  auto coded = runner_.Run(request.news_item(), request.explain());
  if (absl::IsInvalidArgument(coded.status())) {
    return error::BadField(v1::ERROR_REASON_ITEM_INVALID, "news_item", std::string(coded.status().message()));
  }
  if (!coded.ok()) return coded.status();
  response.set_news_item_id(coded->news_item_id);
  response.set_outcome(coded->outcome);
  for (v1::DiplomaticEvent& event : coded->events) *response.add_events() = std::move(event);
  for (v1::StageTrace& trace : coded->stages) *response.add_stages() = std::move(trace);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ClassifierService::ClassifyNewsItem(grpc::CallbackServerContext* context,
                                                              const v1::ClassifyNewsItemRequest* request,
                                                              v1::ClassifyNewsItemResponse* response) {
  return AnswerOn(executor_, context, [this, request, response] { return Classify(*request, *response); });
}

}  // namespace demarche::rpc
