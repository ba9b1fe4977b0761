#include "pipeline/stories/index.h"

#include <utility>
#include <vector>

namespace demarche::stories {
namespace {

constexpr size_t kMostVisited = 64;

}  // namespace

// Makes room for the outline of an event.
void Index::Reserve(uint32_t number) {
  if (outlines_.empty()) first_ = number;
  for (; number < first_; --first_) outlines_.emplace_front();
  while (number - first_ >= outlines_.size()) outlines_.emplace_back();
}

Outline Index::Put(uint32_t number, Outline outline) {
  if (outline.is_empty() && !Has(number)) return {};
  Reserve(number);
  const std::vector<uint32_t> before = At(number).links(), now = outline.links();
  std::swap(At(number), outline);
  if (!outline.is_empty()) weights_.Remove(outline.words());
  if (!At(number).is_empty()) weights_.Add(At(number).words());
  if (before != now) {
    for (const uint32_t link : before) Unlink(number, link);
    for (const uint32_t link : now) Link(number, link);
  }
  return outline;
}

Outline Index::RemoveFirst(uint32_t number) {
  Outline removed;
  if (!Has(number)) return removed;
  std::swap(At(number), removed);
  weights_.Remove(removed.words());
  while (!outlines_.empty() && outlines_.front().is_empty()) {
    outlines_.pop_front();
    ++first_;
  }
  for (const uint32_t link : removed.links()) {
    const auto list = lists_.find(link);
    if (list == lists_.end() || nodes_[list->second].number != number) continue;
    // What stands behind it was removed before.
    for (uint32_t node = list->second; node != 0;) Free(std::exchange(node, nodes_[node].next));
    lists_.erase(list);
  }
  return removed;
}

void Index::Free(uint32_t node) {
  nodes_[node].next = free_;
  free_ = node;
}

void Index::Link(uint32_t number, uint32_t link) {
  uint32_t* at = &lists_[link];
  while (*at != 0 && nodes_[*at].number > number) at = &nodes_[*at].next;
  if (*at != 0 && nodes_[*at].number == number) return;
  uint32_t node = free_;
  if (node == 0) {
    node = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    free_ = nodes_[node].next;
  }
  nodes_[node] = {number, *at};
  *at = node;
}

void Index::Unlink(uint32_t number, uint32_t link) {
  const auto list = lists_.find(link);
  if (list == lists_.end()) return;
  uint32_t* at = &list->second;
  while (*at != 0 && nodes_[*at].number > number) at = &nodes_[*at].next;
  if (*at == 0 || nodes_[*at].number != number) return;
  const uint32_t node = std::exchange(*at, nodes_[*at].next);
  Free(node);
  if (list->second == 0) lists_.erase(list);
}

void Index::Visit(std::span<const uint32_t> links, absl::FunctionRef<void(uint32_t number, const Outline& outline)> visit) const {
  size_t visited = 0;
  for (const uint32_t link : links) {
    const auto list = lists_.find(link);
    if (list == lists_.end()) continue;
    for (uint32_t node = list->second; node != 0 && Has(nodes_[node].number); node = nodes_[node].next) {
      visit(nodes_[node].number, At(nodes_[node].number));
      if (++visited == kMostVisited) return;
    }
  }
}

}  // namespace demarche::stories
