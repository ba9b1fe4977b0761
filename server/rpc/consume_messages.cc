#include "server/rpc/consume_messages.h"

#include <string>

#include "demarche/v1/subscription_service.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "server/rpc/encode.h"
#include "server/subscription/position.h"

namespace demarche::rpc {
namespace {

using google::protobuf::io::CodedOutputStream;
using subscription::FormatPosition;

void AppendVarint(uint64_t value, std::string& out) {
  uint8_t bytes[10];
  const uint8_t* end = CodedOutputStream::WriteVarint64ToArray(value, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(end - bytes));
}

// The head of a field of so many bytes.
void AppendHead(int field, size_t bytes, std::string& out) {
  AppendVarint(static_cast<uint64_t>(field) << 3 | 2, out);
  AppendVarint(bytes, out);
}

void AppendField(int field, std::string_view content, std::string& out) {
  AppendHead(field, content.size(), out);
  out += content;
}

}  // namespace

grpc::ByteBuffer EncodeDeliveries(std::string_view epoch, const std::vector<subscriptions::Delivery>& deliveries) {
  std::string batch;
  std::string matched;
  std::string exits;
  std::string counts;
  for (const subscriptions::Delivery& delivery : deliveries) {
    const subscriptions::Event& event = *delivery.event;
    batch += event.frame;
    AppendField(v1::EventBatch::kPositionsFieldNumber, FormatPosition(epoch, event.position), batch);
    AppendField(v1::EventBatch::kAppendTimesFieldNumber, event.append_time, batch);
    AppendVarint(event.match.filters, matched);
    exits.push_back(event.match.is_exit ? '\1' : '\0');
    AppendVarint(delivery.count, counts);
  }
  AppendField(v1::EventBatch::kMatchedFiltersFieldNumber, matched, batch);
  AppendField(v1::EventBatch::kFilterExitFieldNumber, exits, batch);
  AppendField(v1::EventBatch::kDeliveryCountsFieldNumber, counts, batch);
  std::string head;
  AppendHead(v1::WatchEventsResponse::kEventBatchFieldNumber, batch.size(), head);
  const grpc::Slice slices[] = {grpc::Slice(head), grpc::Slice(batch)};
  return Wrap(grpc::ByteBuffer(slices, 2));
}

grpc::ByteBuffer EncodeAckResult(std::string_view epoch, const std::vector<subscriptions::Range>& confirmed,
                                 const std::vector<uint64_t>& lost) {
  v1::ConsumeResponse message;
  v1::AckResult& result = *message.mutable_ack_result();
  for (const subscriptions::Range& range : confirmed) {
    v1::PositionRange& added = *result.add_confirmed_ranges();
    added.set_first_position(FormatPosition(epoch, range.first));
    added.set_last_position(FormatPosition(epoch, range.last));
  }
  for (const uint64_t position : lost) result.add_lost_positions(FormatPosition(epoch, position));
  return Encode(message);
}

}  // namespace demarche::rpc
