#include "server/rpc/encode.h"

#include <vector>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/time_util.h"

namespace demarche::rpc {

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

grpc::ByteBuffer Wrap(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  if (!message.Dump(&slices).ok()) return {};
  uint8_t head[1 + 10];
  head[0] = 1 << 3 | 2;
  const uint8_t* end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(message.Length(), head + 1);
  slices.insert(slices.begin(), grpc::Slice(head, static_cast<size_t>(end - head)));
  return {slices.data(), slices.size()};
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

google::protobuf::Timestamp ToTimestamp(int64_t time_us) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(time_us);
}

}  // namespace demarche::rpc
