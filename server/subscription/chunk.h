#ifndef DEMARCHE_SERVER_SUBSCRIPTION_CHUNK_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_CHUNK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/limits/limits.h"

namespace demarche::subscription {

// Encodes revisions for all subscribers alike: the stored frame, its position and its append time, each with its tag, so that any
// run of them is a valid piece of an EventBatch.
class FrameWriter {
 public:
  explicit FrameWriter(std::string_view epoch);

  // Of the revisions written from here on.
  void SetTime(int64_t append_time_us) {
    if (append_time_us != time_us_) EncodeTime(append_time_us);  // records that were appended together share theirs
  }

  size_t SizeOf(std::string_view frame) const { return frame.size() + position_.size() + time_.size(); }
  // Writes SizeOf(frame) bytes.
  void Write(std::string_view frame, uint64_t position, char* out) const;

 private:
  void EncodeTime(int64_t append_time_us);

  std::string position_;  // encoded but for its digits
  int64_t time_us_ = 0;
  std::string time_;  // encoded
};

// A stretch of the stream as it is sent: encoded revisions, one after the other. One thread adds; others read what they were told
// of under a lock meanwhile, for what is written once stays as it is and where it is.
class Chunk {
 public:
  // Numbers tell the chunks of a ring apart.
  Chunk(uint64_t number, size_t max_events, size_t max_bytes);

  // Whether so many bytes find room. An empty chunk always has: it is made as large as its first revision.
  bool HasRoom(size_t bytes) const { return count_ < max_events_ && used_bytes() + bytes <= max_bytes_; }
  void Add(const FrameWriter& writer, std::string_view frame, uint64_t position);

  uint64_t number() const { return number_; }
  uint32_t count() const { return count_; }
  uint32_t used_bytes() const { return count_ == 0 ? 0 : entries_[count_ - 1].end; }

  const char* data() const { return bytes_.get(); }
  uint64_t position(uint32_t entry) const { return entries_[entry].position; }
  uint32_t begin(uint32_t entry) const { return entry == 0 ? 0 : entries_[entry - 1].end; }
  uint32_t end(uint32_t entry) const { return entries_[entry].end; }
  // The first of the entries `first` to `last` (which is not looked at) that lies after the position.
  uint32_t FirstAfter(uint64_t position, uint32_t first, uint32_t last) const;

 private:
  struct Entry {
    uint64_t position;
    uint32_t end;  // offset in bytes_
  };

  const uint64_t number_;
  const size_t max_events_;
  const size_t max_bytes_;
  const std::unique_ptr<char[]> bytes_;
  uint32_t count_ = 0;  // of the adding thread
  std::array<Entry, limits::kMaxBatchEvents> entries_;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_CHUNK_H_
