#include "server/subscription/batch.h"

#include <cstring>
#include <utility>

#include "demarche/v1/event_service.pb.h"
#include "google/protobuf/io/coded_stream.h"

namespace demarche::subscription {
namespace {

using ::google::protobuf::io::CodedOutputStream;

// Pieces below this on average cost more as pieces than as one copy.
constexpr size_t kMinPieceBytes = 2 * limits::kKiB;

void AppendVarint(uint32_t value, std::string& out) {
  uint8_t bytes[5];
  const uint8_t* end = CodedOutputStream::WriteVarint32ToArray(value, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(end - bytes));
}

void AppendPacked(int field, const std::string& packed, std::string& out) {
  out.push_back(static_cast<char>(field << 3 | 2));
  AppendVarint(static_cast<uint32_t>(packed.size()), out);
  out += packed;
}

}  // namespace

bool BatchBuilder::Add(const std::shared_ptr<const Chunk>& chunk, uint32_t first, uint32_t last, const Match& match) {
  const uint32_t begin = chunk->begin(first);
  uint32_t next = first;
  while (next < last && batch_.events + (next - first) < max_events_) {
    const size_t bytes = batch_.bytes + chunk->end(next) - begin;
    if (bytes > limits::kMaxBatchBytes && batch_.events + (next - first) > 0) break;
    ++next;
  }
  if (next == first) return false;
  AddPiece({std::shared_ptr<const char>(chunk, chunk->data() + begin), chunk->end(next - 1) - begin});
  batch_.events += next - first;
  batch_.last_position = chunk->position(next - 1);
  const size_t added = next - first;
  if (match.filters < 0x80) {
    matched_.append(added, static_cast<char>(match.filters));
  } else {
    for (size_t i = 0; i < added; ++i) AppendVarint(match.filters, matched_);
  }
  exits_.append(added, match.is_exit ? '\1' : '\0');
  return next == last && batch_.events < max_events_;
}

void BatchBuilder::AddPiece(Batch::Piece piece) {
  batch_.bytes += piece.size;
  if (!batch_.pieces.empty()) {
    Batch::Piece& last = batch_.pieces.back();
    const bool is_same_chunk = !last.data.owner_before(piece.data) && !piece.data.owner_before(last.data);
    if (is_same_chunk && last.data.get() + last.size == piece.data.get()) {
      last.size += piece.size;
      return;
    }
  }
  batch_.pieces.push_back(std::move(piece));
}

BatchPtr BatchBuilder::Build() {
  if (batch_.pieces.size() > 1 && batch_.bytes / batch_.pieces.size() < kMinPieceBytes) Gather();
  AppendPacked(v1::EventBatch::kMatchedFiltersFieldNumber, matched_, batch_.beside);
  AppendPacked(v1::EventBatch::kFilterExitFieldNumber, exits_, batch_.beside);
  batch_.bytes += batch_.beside.size();
  return std::make_shared<const Batch>(std::move(batch_));
}

void BatchBuilder::Gather() {
  const std::shared_ptr<char[]> whole(new char[batch_.bytes]);
  size_t size = 0;
  for (const Batch::Piece& piece : batch_.pieces) {
    std::memcpy(whole.get() + size, piece.data.get(), piece.size);
    size += piece.size;
  }
  batch_.pieces.assign(1, {std::shared_ptr<const char>(whole, whole.get()), size});
}

}  // namespace demarche::subscription
