#ifndef DEMARCHE_SERVER_RPC_PUBLISH_H_
#define DEMARCHE_SERVER_RPC_PUBLISH_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "demarche/v1/ingest_service.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/ingest/ticket.h"

namespace demarche::rpc {

// The item of a publish request (field 1 of both rpcs), checked. ITEM_INVALID, ITEM_TOO_LARGE.
absl::StatusOr<v1::NewsItem> ReadItem(const grpc::ByteBuffer& request);

v1::PublishResult ToResult(const ingest::Published& published, std::string_view epoch);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_PUBLISH_H_
