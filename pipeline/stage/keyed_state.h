#ifndef DEMARCHE_PIPELINE_STAGE_KEYED_STATE_H_
#define DEMARCHE_PIPELINE_STAGE_KEYED_STATE_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace demarche::stage {

// Rows that the remembering stages keep on disk, committed together with the events they led to.
class KeyedState {
 public:
  using Visitor = std::function<absl::Status(std::string_view key, std::string_view value)>;

  virtual ~KeyedState() = default;

  // NOT_FOUND when there is no such row.
  virtual absl::StatusOr<std::string> FindState(std::string_view key) const = 0;
  // All rows whose key begins with the prefix, in the order of the keys, until the visitor gives an error, which is passed on.
  virtual absl::Status VisitState(std::string_view prefix, const Visitor& visit) const = 0;
};

}  // namespace demarche::stage

#endif  // DEMARCHE_PIPELINE_STAGE_KEYED_STATE_H_
