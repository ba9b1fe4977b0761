#ifndef DEMARCHE_SERVER_RPC_ENCODE_H_
#define DEMARCHE_SERVER_RPC_ENCODE_H_

#include <cstdint>
#include <string>

#include "google/protobuf/message_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "grpcpp/support/byte_buffer.h"

namespace demarche::rpc {

// A message as one slice.
grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message);

// A message that holds this one as its field 1. Nothing is copied.
grpc::ByteBuffer Wrap(const grpc::ByteBuffer& message);

// The bytes of a message as received.
std::string Bytes(const grpc::ByteBuffer& buffer);

google::protobuf::Timestamp ToTimestamp(int64_t time_us);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ENCODE_H_
