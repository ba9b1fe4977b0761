#include "pipeline/stage/state_changes.h"

#include <utility>

#include "pipeline/document/strings.h"

namespace demarche::stage {
namespace {

constexpr int kNumberBytes = 8;

}  // namespace

std::string KeyOf(char sort, uint64_t number) {
  std::string key(1, sort);
  for (int shift = 8 * (kNumberBytes - 1); shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
  return key;
}

uint64_t NumberOf(std::string_view key) {
  uint64_t number = 0;
  for (const char byte : key.substr(1, kNumberBytes)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

absl::Status ParseRow(std::string_view key, std::string_view bytes, google::protobuf::MessageLite& row) {
  if (row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError("a row of the state does not parse: " + std::string(key.substr(0, 1)));
}

absl::StatusOr<std::string> StateChanges::Find(std::string_view key) const {
  const auto row = rows_.find(key);
  if (row == rows_.end()) return stored_.FindState(key);
  if (!row->second.value) return absl::NotFoundError("the row was erased");
  return *row->second.value;
}

absl::Status StateChanges::Find(std::string_view key, google::protobuf::MessageLite& row) const {
  const auto bytes = Find(key);
  if (!bytes.ok()) return bytes.status();
  return ParseRow(key, *bytes, row);
}

absl::Status StateChanges::Visit(std::string_view prefix, const KeyedState::Visitor& visit) const {
  auto changed = rows_.lower_bound(prefix);
  const auto is_ours = [&] { return changed != rows_.end() && changed->first.compare(0, prefix.size(), prefix) == 0; };
  const auto visit_changed = [&]() -> absl::Status {
    absl::Status status = changed->second.value ? visit(changed->first, *changed->second.value) : absl::OkStatus();
    ++changed;
    return status;
  };
  absl::Status status = stored_.VisitState(prefix, [&](std::string_view key, std::string_view value) -> absl::Status {
    while (is_ours() && changed->first < key) {
      if (absl::Status visited = visit_changed(); !visited.ok()) return visited;
    }
    if (is_ours() && changed->first == key) return visit_changed();
    return visit(key, value);
  });
  while (status.ok() && is_ours()) status = visit_changed();
  return status;
}

void StateChanges::Change(std::string_view key, Value value) {
  const auto [row, is_new] = rows_.try_emplace(std::string(key));
  if (is_new || row->second.item != item_) changed_.push_back(row);
  steps_.push_back({.row = row, .is_new = is_new, .before = std::exchange(row->second, {std::move(value), item_})});
}

void StateChanges::Undo(size_t keep) {
  while (steps_.size() > keep) {
    Step step = std::move(steps_.back());
    steps_.pop_back();
    if (step.undo) {
      step.undo();
    } else if (step.is_new) {
      rows_.erase(step.row);
    } else {
      step.row->second = std::move(step.before);
    }
  }
  changed_.clear();
}

void StateChanges::AddItemTo(stored::v1::Record& record) const {
  for (const auto& row : changed_) {
    stored::v1::StateChange& change = *record.add_state();
    change.set_key(row->first);
    if (row->second.value) change.set_value(*row->second.value);
  }
}

void StateChanges::Committed() {
  rows_.clear();
  steps_.clear();
  changed_.clear();
  item_start_ = 0;
}

}  // namespace demarche::stage
