#ifndef DEMARCHE_SERVER_RPC_ENCODE_H_
#define DEMARCHE_SERVER_RPC_ENCODE_H_

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/subscription/cursor.h"

namespace demarche::rpc {

// A message as one slice.
grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message);

// WatchEventsResponse with an EventBatch. The frames are not copied: they are slices that keep their record alive.
grpc::ByteBuffer EncodeBatch(std::string_view epoch, const std::vector<subscription::Delivery>& deliveries);

// The bytes of a message as received.
std::string Bytes(const grpc::ByteBuffer& buffer);

google::protobuf::Timestamp ToTimestamp(int64_t time_us);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ENCODE_H_
