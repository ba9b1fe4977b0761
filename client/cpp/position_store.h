#ifndef DEMARCHE_CLIENT_CPP_POSITION_STORE_H_
#define DEMARCHE_CLIENT_CPP_POSITION_STORE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace demarche::client {

// Where a watcher keeps how far its events have been dealt with. A store that keeps the position together with the results (in one
// transaction, or as part of each line written) makes the effects exactly once; any other makes them at least once.
class PositionStore {
 public:
  virtual ~PositionStore() = default;
  // The position saved last; empty when there is none yet.
  virtual absl::StatusOr<std::string> Load() = 0;
  virtual absl::Status Save(const std::string& position) = 0;
};

// One position in a file, which is replaced as a whole: a crash leaves the old one or the new one. One process at a time.
class FilePositionStore : public PositionStore {
 public:
  explicit FilePositionStore(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::string> Load() override;
  absl::Status Save(const std::string& position) override;

 private:
  const std::string path_;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_POSITION_STORE_H_
