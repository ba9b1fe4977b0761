#include "client/cli/stored_items.h"

namespace demarche::cli {

const v1::NewsItem* StoredItems::ForTrigger(const v1::DiplomaticEvent& event) {
  if (event.evidence().empty() || !NeedsItem(event.evidence(0))) return nullptr;
  const v1::Evidence& evidence = event.evidence(0);
  const bool same = last_request_.news_item_id() == evidence.news_item_id() && last_request_.publisher() == evidence.publisher();
  if (!same) {
    last_request_.set_news_item_id(evidence.news_item_id());
    last_request_.set_publisher(evidence.publisher());
    // A server that keeps no text, or gives it to others only, refuses: then the sentence stays unmarked.
    last_found_ =
        Call(context_, [this](grpc::ClientContext* rpc) { return stub_->GetNewsItem(rpc, last_request_, &last_response_); }).ok();
  }
  return last_found_ ? &last_response_.news_item() : nullptr;
}

}  // namespace demarche::cli
