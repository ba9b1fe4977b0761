#ifndef DEMARCHE_SERVER_RPC_WATCH_MESSAGES_H_
#define DEMARCHE_SERVER_RPC_WATCH_MESSAGES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "demarche/v1/event_service.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/subscription/batch.h"
#include "server/subscription/start.h"

// The messages of a watch, encoded as WatchEventsResponse.
namespace demarche::rpc {

// Nothing is copied: the slices keep the batch alive.
grpc::ByteBuffer EncodeBatch(const subscription::BatchPtr& batch);

grpc::ByteBuffer EncodeStarted(std::string_view epoch, uint64_t position, const std::vector<std::string>& filter_names);
grpc::ByteBuffer EncodeCaughtUp(std::string_view epoch, uint64_t position);
grpc::ByteBuffer EncodeFellBehind(std::string_view epoch, uint64_t position, uint64_t backlog);
grpc::ByteBuffer EncodeProgress(std::string_view epoch, uint64_t position, uint64_t backlog);
// `count`: of the positions that are gone.
grpc::ByteBuffer EncodeGap(std::string_view epoch, const subscription::Lost& lost, uint64_t count);
grpc::ByteBuffer EncodeFiltersUpdated(std::string_view epoch, uint64_t position, const std::vector<std::string>& filter_names);
grpc::ByteBuffer EncodeWarning(v1::SlowConsumerWarning warning);
grpc::ByteBuffer EncodeDraining(const std::string& position);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_WATCH_MESSAGES_H_
