#include "server/rpc/encode.h"

#include <cstdint>

#include "demarche/v1/event_service.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/time_util.h"
#include "server/subscription/position.h"

namespace demarche::rpc {
namespace {

using ::google::protobuf::io::CodedOutputStream;
using ::google::protobuf::util::TimeUtil;

// Tag of WatchEventsResponse.event_batch.
constexpr uint8_t kEventBatchTag = (v1::WatchEventsResponse::kEventBatchFieldNumber << 3) | 2;

grpc::Slice FrameSlice(const subscription::Delivery& delivery) {
  const std::string& frame = delivery.record->events(delivery.index).frame();
  auto* owner = new log::RecordPtr(delivery.record);
  return {const_cast<char*>(frame.data()), frame.size(), [](void* data) { delete static_cast<log::RecordPtr*>(data); }, owner};
}

// What stands beside the events.
std::string Companions(std::string_view epoch, const std::vector<subscription::Delivery>& deliveries) {
  v1::EventBatch batch;
  for (const subscription::Delivery& delivery : deliveries) {
    batch.add_positions(subscription::FormatPosition(epoch, delivery.position));
    *batch.add_append_times() = ToTimestamp(delivery.record->append_time_us());
    batch.add_matched_filters(delivery.match.filters);
    batch.add_filter_exit(delivery.match.is_exit);
  }
  return batch.SerializeAsString();
}

}  // namespace

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

grpc::ByteBuffer EncodeBatch(std::string_view epoch, const std::vector<subscription::Delivery>& deliveries) {
  const std::string companions = Companions(epoch, deliveries);
  size_t size = companions.size();
  std::vector<grpc::Slice> slices(1);
  slices.reserve(deliveries.size() + 2);
  for (const subscription::Delivery& delivery : deliveries) {
    slices.push_back(FrameSlice(delivery));
    size += slices.back().size();
  }
  slices.emplace_back(companions);
  uint8_t head[1 + 10];
  head[0] = kEventBatchTag;
  const uint8_t* end = CodedOutputStream::WriteVarint64ToArray(size, head + 1);
  slices[0] = grpc::Slice(head, static_cast<size_t>(end - head));
  return {slices.data(), slices.size()};
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

google::protobuf::Timestamp ToTimestamp(int64_t time_us) { return TimeUtil::MicrosecondsToTimestamp(time_us); }

}  // namespace demarche::rpc
