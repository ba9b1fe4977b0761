#include "pipeline/document/clean_text.h"

#include <algorithm>

namespace demarche::document {

void OffsetMap::AddCopied(uint32_t received, uint32_t count) {
  if (count == 0) return;
  if (!runs_.empty() && runs_.back().copied && runs_.back().received.end == received) {
    runs_.back().received.end += count;
  } else {
    runs_.push_back({clean_size_, {received, received + count}, true});
  }
  clean_size_ += count;
}

void OffsetMap::AddReplaced(Span received, uint32_t clean) {
  if (clean == 0) return;
  runs_.push_back({clean_size_, received, false});
  clean_size_ += clean;
}

const OffsetMap::Run& OffsetMap::RunAt(uint32_t clean) const {
  auto after =
      std::upper_bound(runs_.begin(), runs_.end(), clean, [](uint32_t offset, const Run& run) { return offset < run.clean; });
  return *std::prev(after);
}

Span OffsetMap::ToReceived(Span clean) const {
  if (runs_.empty()) return {};
  if (clean.empty()) {
    const Run& run = RunAt(std::min(clean.begin, clean_size_ - 1));
    const uint32_t at = run.copied ? run.received.begin + (clean.begin - run.clean) : run.received.begin;
    return {at, at};
  }
  const Run& first = RunAt(clean.begin);
  const Run& last = RunAt(clean.end - 1);
  return {first.copied ? first.received.begin + (clean.begin - first.clean) : first.received.begin,
          last.copied ? last.received.begin + (clean.end - last.clean) : last.received.end};
}

}  // namespace demarche::document
