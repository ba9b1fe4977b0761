#include "pipeline/dedup/index.h"

#include <algorithm>
#include <span>
#include <utility>

#include "pipeline/dedup/prints.h"

namespace demarche::dedup {
namespace {

// Without the zeros behind the end.
template <typename Digests>
std::span<const uint32_t> Given(const Digests& digests) {
  return {digests.begin(), std::find(digests.begin(), digests.end(), 0)};
}

}  // namespace

Index::Entry Index::EntryOf(const document::Print& print) {
  Entry entry;
  entry.exact = print.exact;
  std::copy_n(print.sketch.begin(), std::min(kKept, print.sketch.size()), entry.sketch.begin());
  return entry;
}

// Where an item that has the digest keeps the next one.
size_t Index::SlotOf(const Entry& entry, By by, uint32_t digest) {
  if (by == By::kText) return 0;
  return 1 + static_cast<size_t>(std::find(entry.sketch.begin(), entry.sketch.begin() + kKeys, digest) - entry.sketch.begin());
}

void Index::Insert(uint64_t number, By by, uint32_t digest) {
  const auto low = static_cast<uint32_t>(number);
  Lasts& lasts = by == By::kText ? by_text_ : by_key_;
  const auto [last, is_first] = lasts.try_emplace(digest, low);
  uint32_t& next = NextOf(number, by, digest);
  next = low;
  if (is_first) return;
  uint64_t before = NumberOf(last->second);
  if (before < number) {
    last->second = low;
  } else {
    for (uint64_t at; (at = NumberOf(NextOf(before, by, digest))) < number;) before = at;
  }
  next = std::exchange(NextOf(before, by, digest), low);
}

void Index::Extract(uint64_t number, By by, uint32_t digest) {
  const auto low = static_cast<uint32_t>(number);
  Lasts& lasts = by == By::kText ? by_text_ : by_key_;
  const auto last = lasts.find(digest);
  const uint32_t next = NextOf(number, by, digest);
  if (next == low) {
    lasts.erase(last);
    return;
  }
  uint64_t before = NumberOf(last->second);
  while (NextOf(before, by, digest) != low) before = NumberOf(NextOf(before, by, digest));
  NextOf(before, by, digest) = next;
  if (last->second == low) last->second = static_cast<uint32_t>(before);
}

void Index::Link(uint64_t number) {
  const Entry& entry = At(number);
  if (entry.exact != 0) Insert(number, By::kText, static_cast<uint32_t>(entry.exact));
  for (size_t i = 0; i < kKeys && entry.sketch[i] != 0; ++i) Insert(number, By::kKey, entry.sketch[i]);
}

void Index::Unlink(uint64_t number) {
  const Entry& entry = At(number);
  if (entry.exact != 0) Extract(number, By::kText, static_cast<uint32_t>(entry.exact));
  for (size_t i = 0; i < kKeys && entry.sketch[i] != 0; ++i) Extract(number, By::kKey, entry.sketch[i]);
}

void Index::Add(uint64_t number, const document::Print& print) {
  if (size_ == 0) first_ = number;
  if (size_ == 0 || number % kBlock == 0) blocks_.emplace_back();
  ++size_;
  At(number) = EntryOf(print);
  Link(number);
}

void Index::AddFirst(uint64_t number, const Entry& entry) {
  if (size_ == 0 || first_ % kBlock == 0) blocks_.emplace_front();
  first_ = number;
  ++size_;
  At(number) = entry;
  Link(number);
}

void Index::RemoveLast() {
  const uint64_t number = first_ + size_ - 1;
  Unlink(number);
  --size_;
  if (size_ == 0 || number % kBlock == 0) blocks_.pop_back();
}

Index::Entry Index::RemoveFirst() {
  Unlink(first_);
  const Entry entry = At(first_);
  --size_;
  if (size_ == 0 || (first_ + 1) % kBlock == 0) blocks_.pop_front();
  ++first_;
  return entry;
}

Index::Entry Index::Hide(uint64_t number) {
  Unlink(number);
  return std::exchange(At(number), {});
}

void Index::Show(uint64_t number, const Entry& entry) {
  At(number) = entry;
  Link(number);
}

// The first item that has the digest; 0 when there is none.
uint64_t Index::FirstOf(By by, uint32_t digest) const {
  const Lasts& lasts = by == By::kText ? by_text_ : by_key_;
  const auto last = lasts.find(digest);
  if (last == lasts.end()) return 0;
  const Entry& entry = At(NumberOf(last->second));
  return NumberOf(entry.next[SlotOf(entry, by, digest)]);
}

uint64_t Index::FindExact(uint64_t exact) const {
  if (exact == 0) return 0;
  const uint64_t number = FirstOf(By::kText, static_cast<uint32_t>(exact));
  return number != 0 && At(number).exact == exact ? number : 0;
}

std::vector<uint64_t> Index::FindSimilar(const document::Print& print) const {
  const Entry entry = EntryOf(print);
  std::vector<std::pair<size_t, uint64_t>> found;
  for (size_t i = 0; i < kKeys && entry.sketch[i] != 0; ++i) {
    const uint64_t number = FirstOf(By::kKey, entry.sketch[i]);
    if (number == 0) continue;
    const size_t shared = CompareSketches(Given(entry.sketch), Given(At(number).sketch), kKept).shared;
    if (shared >= kShared) found.emplace_back(kKept - shared, number);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<uint64_t> numbers;
  for (const auto& [others, number] : found) numbers.push_back(number);
  return numbers;
}

}  // namespace demarche::dedup
