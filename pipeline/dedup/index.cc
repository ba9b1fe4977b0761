#include "pipeline/dedup/index.h"

#include <algorithm>
#include <span>

#include "pipeline/dedup/prints.h"

namespace demarche::dedup {
namespace {

// Without the zeros behind the end.
template <typename Digests>
std::span<const uint32_t> Given(const Digests& digests) {
  return {digests.begin(), std::find(digests.begin(), digests.end(), 0)};
}

}  // namespace

Index::Entry Index::Make(const document::Print& print) {
  Entry entry;
  entry.exact = print.exact;
  std::copy_n(print.sketch.begin(), std::min(kKept, print.sketch.size()), entry.sketch.begin());
  return entry;
}

void Index::Link(uint64_t number, const Entry& entry) {
  const auto low = static_cast<uint32_t>(number);
  if (entry.exact != 0) by_exact_.try_emplace(static_cast<uint32_t>(entry.exact), low);
  for (size_t i = 0; i < kKeys && entry.sketch[i] != 0; ++i) by_key_.try_emplace(entry.sketch[i], low);
}

void Index::Unlink(uint64_t number, const Entry& entry) {
  const auto erase = [low = static_cast<uint32_t>(number)](auto& map, uint32_t key) {
    const auto found = map.find(key);
    if (found != map.end() && found->second == low) map.erase(found);
  };
  erase(by_exact_, static_cast<uint32_t>(entry.exact));
  for (size_t i = 0; i < kKeys && entry.sketch[i] != 0; ++i) erase(by_key_, entry.sketch[i]);
}

void Index::Add(uint64_t number, const document::Print& print) {
  if (entries_.empty()) first_ = number;
  entries_.push_back(Make(print));
  Link(number, entries_.back());
}

void Index::AddFirst(uint64_t number, const document::Print& print) {
  first_ = number;
  entries_.push_front(Make(print));
  Link(number, entries_.front());
}

void Index::RemoveFirst() {
  Unlink(first_, entries_.front());
  entries_.pop_front();
  ++first_;
}

void Index::RemoveLast() {
  Unlink(first_ + entries_.size() - 1, entries_.back());
  entries_.pop_back();
}

void Index::Hide(uint64_t number) {
  Unlink(number, At(number));
  At(number) = Entry{};
}

void Index::Show(uint64_t number, const document::Print& print) {
  At(number) = Make(print);
  Link(number, At(number));
}

uint64_t Index::FindExact(uint64_t exact) const {
  const auto found = by_exact_.find(static_cast<uint32_t>(exact));
  if (found == by_exact_.end()) return 0;
  const uint64_t number = first_ + static_cast<uint32_t>(found->second - static_cast<uint32_t>(first_));
  return exact != 0 && At(number).exact == exact ? number : 0;
}

std::vector<uint64_t> Index::FindSimilar(const document::Print& print) const {
  const Entry entry = Make(print);
  std::vector<uint64_t> found;
  for (size_t i = 0; i < kKeys && entry.sketch[i] != 0; ++i) {
    const auto at = by_key_.find(entry.sketch[i]);
    if (at == by_key_.end()) continue;
    const uint64_t number = first_ + static_cast<uint32_t>(at->second - static_cast<uint32_t>(first_));
    if (CompareSketches(Given(entry.sketch), Given(At(number).sketch), kKept).shared >= kShared) found.push_back(number);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace demarche::dedup
