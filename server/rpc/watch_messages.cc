#include "server/rpc/watch_messages.h"

#include <chrono>
#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "server/rpc/encode.h"
#include "server/subscription/position.h"

namespace demarche::rpc {
namespace {

using subscription::FormatPosition;

// Tag of WatchEventsResponse.event_batch.
constexpr uint8_t kEventBatchTag = (v1::WatchEventsResponse::kEventBatchFieldNumber << 3) | 2;

// A part of the batch, which it keeps alive.
grpc::Slice SliceOf(const subscription::BatchPtr& batch, const char* data, size_t size) {
  auto* owner = new subscription::BatchPtr(batch);
  return {const_cast<char*>(data), size, [](void* kept) { delete static_cast<subscription::BatchPtr*>(kept); }, owner};
}

}  // namespace

grpc::ByteBuffer EncodeBatch(const subscription::BatchPtr& batch) {
  uint8_t head[1 + 10];
  head[0] = kEventBatchTag;
  const uint8_t* end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(batch->bytes, head + 1);
  std::vector<grpc::Slice> slices;
  slices.reserve(batch->pieces.size() + 2);
  slices.emplace_back(head, static_cast<size_t>(end - head));
  for (const subscription::Batch::Piece& piece : batch->pieces) slices.push_back(SliceOf(batch, piece.data.get(), piece.size));
  slices.push_back(SliceOf(batch, batch->beside.data(), batch->beside.size()));
  return {slices.data(), slices.size()};
}

grpc::ByteBuffer EncodeStarted(std::string_view epoch, uint64_t position, const std::vector<std::string>& filter_names) {
  v1::WatchEventsResponse message;
  v1::Started& started = *message.mutable_started();
  started.set_position(FormatPosition(epoch, position));
  started.set_epoch(std::string(epoch));
  for (const std::string& name : filter_names) started.add_filter_names(name);
  return Encode(message);
}

grpc::ByteBuffer EncodeCaughtUp(std::string_view epoch, uint64_t position) {
  v1::WatchEventsResponse message;
  message.mutable_caught_up()->set_position(FormatPosition(epoch, position));
  return Encode(message);
}

grpc::ByteBuffer EncodeFellBehind(std::string_view epoch, uint64_t position, uint64_t backlog) {
  v1::WatchEventsResponse message;
  message.mutable_fell_behind()->set_position(FormatPosition(epoch, position));
  message.mutable_fell_behind()->set_backlog(backlog);
  return Encode(message);
}

grpc::ByteBuffer EncodeProgress(std::string_view epoch, uint64_t position, uint64_t backlog) {
  v1::WatchEventsResponse message;
  v1::Progress& progress = *message.mutable_progress();
  progress.set_position(FormatPosition(epoch, position));
  progress.set_backlog(backlog);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  *progress.mutable_server_time() = ToTimestamp(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  return Encode(message);
}

grpc::ByteBuffer EncodeGap(std::string_view epoch, const subscription::Lost& lost, uint64_t count) {
  v1::WatchEventsResponse message;
  v1::Gap& gap = *message.mutable_gap();
  gap.set_after(FormatPosition(epoch, lost.after));
  gap.set_resumed_at(FormatPosition(epoch, lost.resumed_at));
  gap.set_lost(count);
  return Encode(message);
}

grpc::ByteBuffer EncodeFiltersUpdated(std::string_view epoch, uint64_t position, const std::vector<std::string>& filter_names) {
  v1::WatchEventsResponse message;
  v1::FiltersUpdated& updated = *message.mutable_filters_updated();
  updated.set_position(FormatPosition(epoch, position));
  for (const std::string& name : filter_names) updated.add_filter_names(name);
  return Encode(message);
}

grpc::ByteBuffer EncodeWarning(v1::SlowConsumerWarning warning) {
  v1::WatchEventsResponse message;
  *message.mutable_slow_consumer_warning() = std::move(warning);
  return Encode(message);
}

grpc::ByteBuffer EncodeDraining(const std::string& position) {
  v1::WatchEventsResponse message;
  message.mutable_draining()->set_position(position);
  return Encode(message);
}

}  // namespace demarche::rpc
