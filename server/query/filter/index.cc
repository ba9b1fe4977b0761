#include "server/query/filter/index.h"

#include <algorithm>

namespace demarche::query {
namespace {

void Erase(std::vector<FilterIndex::Id>& ids, FilterIndex::Id id) {
  const auto found = std::find(ids.begin(), ids.end(), id);
  if (found == ids.end()) return;  // a filter may name an anchor twice
  *found = ids.back();
  ids.pop_back();
}

}  // namespace

FilterIndex::Id FilterIndex::Add(const Filter& filter) {
  const auto known = by_text_.find(filter.text());
  if (known != by_text_.end()) {
    ++entries_[known->second].users;
    return known->second;
  }
  if (unused_.empty()) {
    unused_.push_back(static_cast<Id>(entries_.size()));
    entries_.emplace_back();
  }
  const Id id = unused_.back();
  unused_.pop_back();
  by_text_.emplace(filter.text(), id);
  entries_[id] = {filter, 1, 0};
  for (const std::string& anchor : filter.anchors()) by_anchor_[anchor].push_back(id);
  if (filter.anchors().empty()) others_.push_back(id);
  return id;
}

void FilterIndex::Remove(Id id) {
  Entry& entry = entries_[id];
  if (--entry.users > 0) return;
  for (const std::string& anchor : entry.filter->anchors()) {
    const auto found = by_anchor_.find(anchor);
    if (found == by_anchor_.end()) continue;
    Erase(found->second, id);
    if (found->second.empty()) by_anchor_.erase(found);
  }
  if (entry.filter->anchors().empty()) Erase(others_, id);
  by_text_.erase(entry.filter->text());
  entry.filter.reset();
  unused_.push_back(id);
}

void FilterIndex::FindMatches(const stored::v1::FilterHeader& header, std::vector<Id>& ids) {
  ids.clear();
  ++round_;
  Ask(others_, header, ids);
  if (by_anchor_.empty()) return;
  FindAnchors(header, anchors_);
  for (const std::string& anchor : anchors_) {
    const auto found = by_anchor_.find(anchor);
    if (found != by_anchor_.end()) Ask(found->second, header, ids);
  }
}

void FilterIndex::Ask(const std::vector<Id>& candidates, const stored::v1::FilterHeader& header, std::vector<Id>& ids) {
  for (const Id id : candidates) {
    Entry& entry = entries_[id];
    if (entry.asked == round_) continue;
    entry.asked = round_;
    if (entry.filter->Matches(header)) ids.push_back(id);
  }
}

}  // namespace demarche::query
