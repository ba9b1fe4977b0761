#ifndef DEMARCHE_SERVER_RPC_PUBLISH_H_
#define DEMARCHE_SERVER_RPC_PUBLISH_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "demarche/v1/ingest_service.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/ingest/ticket.h"

namespace demarche::rpc {

// Name of the span of an item.
inline constexpr char kPublishSpan[] = "publish";

// A publish request, with its item checked; those of both rpcs have the same fields. ITEM_INVALID, ITEM_TOO_LARGE.
absl::StatusOr<v1::PublishNewsItemRequest> ReadRequest(const grpc::ByteBuffer& request);

v1::PublishResult ToResult(const ingest::Published& published, std::string_view epoch);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_PUBLISH_H_
