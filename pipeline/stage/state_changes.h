#ifndef DEMARCHE_PIPELINE_STAGE_STATE_CHANGES_H_
#define DEMARCHE_PIPELINE_STAGE_STATE_CHANGES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "google/protobuf/message_lite.h"
#include "pipeline/stage/keyed_state.h"

namespace demarche::stage {

// A letter for the sort of row and a number, eight bytes, big endian: rows of a sort lie in the order of their numbers.
std::string KeyOf(char sort, uint64_t number);
// The number of such a key.
uint64_t NumberOf(std::string_view key);

// DATA_LOSS when the row does not parse.
absl::Status ParseRow(std::string_view key, std::string_view bytes, google::protobuf::MessageLite& row);

// The state as it is stored with what changed since: of the items that were worked on and are not committed yet. What is discarded
// leaves neither a row nor a trace in the memory of the stages. One thread. The stored state outlives it.
class StateChanges {
 public:
  explicit StateChanges(const KeyedState& stored) : stored_(stored) {}

  // NOT_FOUND when there is no such row.
  absl::StatusOr<std::string> Find(std::string_view key) const;
  // The rows that begin with the prefix, changes included.
  absl::Status Visit(std::string_view prefix, const KeyedState::Visitor& visit) const;
  // DATA_LOSS when the row does not parse.
  absl::Status Find(std::string_view key, google::protobuf::MessageLite& row) const;

  void Put(std::string_view key, std::string value) { Change(key, std::move(value)); }
  void Put(std::string_view key, const google::protobuf::MessageLite& row) { Change(key, row.SerializeAsString()); }
  void Erase(std::string_view key) { Change(key, std::nullopt); }
  // Has it run, the latest first, when what was done since is discarded.
  void OnDiscard(std::function<void()> undo) { steps_.push_back({.undo = std::move(undo)}); }

  // An item begins: DiscardItem goes back to here.
  void BeginItem() { ++item_, item_start_ = steps_.size(), changed_.clear(); }
  void DiscardItem() { Undo(item_start_); }
  // What the item changed, each row once, as it is now.
  void AddItemTo(stored::v1::Record& record) const;

  // The changes are stored: they are kept here no more.
  void Committed();
  // They are not stored: they never were.
  void Discard() { Undo(0); }

 private:
  using Value = std::optional<std::string>;  // nothing: erased
  struct Row {
    Value value;
    uint64_t item = 0;  // that changed it last
  };
  using Rows = std::map<std::string, Row, std::less<>>;
  // To be taken back: a changed row as it was before, or what OnDiscard was given.
  struct Step {
    Rows::iterator row = {};
    bool is_new = false;
    Row before = {};
    std::function<void()> undo = nullptr;
  };
  void Change(std::string_view key, Value value);
  void Undo(size_t keep);

  const KeyedState& stored_;
  Rows rows_;
  std::vector<Step> steps_;
  uint64_t item_ = 0;
  size_t item_start_ = 0;                // of the steps
  std::vector<Rows::iterator> changed_;  // by the item, each once, in order
};

}  // namespace demarche::stage

#endif  // DEMARCHE_PIPELINE_STAGE_STATE_CHANGES_H_
