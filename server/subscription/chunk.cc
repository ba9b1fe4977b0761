#include "server/subscription/chunk.h"

#include <algorithm>
#include <cstring>

#include "demarche/v1/event_service.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "server/subscription/position.h"

namespace demarche::subscription {
namespace {

constexpr size_t kHexDigits = 16;

// Tag of a field with a length, of a number below 16.
constexpr char TagOf(int field) { return static_cast<char>(field << 3 | 2); }

}  // namespace

FrameWriter::FrameWriter(std::string_view epoch) {
  const std::string position = FormatPosition(epoch, 0);
  position_ = {TagOf(v1::EventBatch::kPositionsFieldNumber), static_cast<char>(position.size())};
  position_ += position;
  EncodeTime(0);
}

void FrameWriter::EncodeTime(int64_t append_time_us) {
  const std::string time = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(append_time_us).SerializeAsString();
  time_us_ = append_time_us;
  time_ = {TagOf(v1::EventBatch::kAppendTimesFieldNumber), static_cast<char>(time.size())};
  time_ += time;
}

void FrameWriter::Write(std::string_view frame, uint64_t position, char* out) const {
  std::memcpy(out, frame.data(), frame.size());
  out += frame.size();
  std::memcpy(out, position_.data(), position_.size());
  out += position_.size();
  for (size_t digit = 1; digit <= kHexDigits; ++digit, position >>= 4) *(out - digit) = "0123456789abcdef"[position & 15];
  std::memcpy(out, time_.data(), time_.size());
}

Chunk::Chunk(uint64_t number, size_t max_events, size_t max_bytes)
    : number_(number),
      max_events_(std::min(max_events, limits::kMaxBatchEvents)),
      max_bytes_(max_bytes),
      bytes_(std::make_unique_for_overwrite<char[]>(max_bytes)) {}

void Chunk::Add(const FrameWriter& writer, std::string_view frame, uint64_t position) {
  const uint32_t begin = used_bytes();
  writer.Write(frame, position, bytes_.get() + begin);
  entries_[count_++] = {position, begin + static_cast<uint32_t>(writer.SizeOf(frame))};
}

uint32_t Chunk::FirstAfter(uint64_t position, uint32_t first, uint32_t last) const {
  const auto is_before = [](uint64_t wanted, const Entry& entry) { return wanted < entry.position; };
  return static_cast<uint32_t>(std::upper_bound(entries_.begin() + first, entries_.begin() + last, position, is_before) -
                               entries_.begin());
}

}  // namespace demarche::subscription
