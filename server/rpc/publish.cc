#include "server/rpc/publish.h"

#include <utility>

#include "grpcpp/support/proto_buffer_reader.h"
#include "server/error/error.h"
#include "server/ingest/validate.h"
#include "server/rpc/encode.h"
#include "server/subscription/position.h"

namespace demarche::rpc {

absl::StatusOr<v1::PublishNewsItemRequest> ReadRequest(const grpc::ByteBuffer& request) {
  grpc::ByteBuffer shared = request;  // the reader wants one that is not const; the bytes are not copied
  grpc::ProtoBufferReader reader(&shared);
  v1::PublishNewsItemRequest parsed;
  if (!reader.status().ok() || !parsed.ParseFromZeroCopyStream(&reader)) return ingest::ExplainUnparsable(Bytes(request));
  if (!parsed.has_news_item()) return error::BadField(v1::ERROR_REASON_ITEM_INVALID, "news_item", "missing, it is required");
  if (absl::Status status = ingest::ValidateNewsItem(parsed.news_item()); !status.ok()) return status;
  return parsed;
}

v1::PublishResult ToResult(const ingest::Published& published, std::string_view epoch) {
  v1::PublishResult result;
  result.set_outcome(published.outcome);
  result.set_news_item_id(published.news_item_id);
  for (const std::string& event_id : published.event_ids) result.add_event_ids(event_id);
  result.set_position(subscription::FormatPosition(epoch, published.position));
  result.set_original_news_item_id(published.original_news_item_id);
  return result;
}

}  // namespace demarche::rpc
