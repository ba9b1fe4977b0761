#ifndef DEMARCHE_SERVER_RPC_CONSUME_MESSAGES_H_
#define DEMARCHE_SERVER_RPC_CONSUME_MESSAGES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "demarche/v1/event_service.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/subscriptions/ledger.h"

// What Consume sends beside the messages of a watch, encoded as ConsumeResponse.
namespace demarche::rpc {

grpc::ByteBuffer EncodeDeliveries(std::string_view epoch, const std::vector<subscriptions::Delivery>& deliveries);
grpc::ByteBuffer EncodeAckResult(std::string_view epoch, const std::vector<subscriptions::Range>& confirmed,
                                 const std::vector<uint64_t>& lost);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_CONSUME_MESSAGES_H_
