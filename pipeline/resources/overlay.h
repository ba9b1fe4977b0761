#ifndef DEMARCHE_PIPELINE_RESOURCES_OVERLAY_H_
#define DEMARCHE_PIPELINE_RESOURCES_OVERLAY_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/resources/table.h"

namespace demarche::resources {

inline constexpr size_t kMaxOverlayTableBytes = size_t{16} << 20;

// Tables of the user's that are laid over the built-in ones: a row with the key of a built-in row replaces it, any other is added.
// Immutable; outlives the rows that it gives.
class Overlay {
 public:
  // Nothing is laid over.
  Overlay() = default;
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  // Reads the tables of a directory, which have the paths of the built-in ones: `actors/people.tsv`. Files that do not end in .tsv
  // are passed over. NOT_FOUND when the directory cannot be read; INVALID_ARGUMENT names a table that none can be laid over, or
  // file and line of what is no text.
  static absl::StatusOr<std::shared_ptr<const Overlay>> Read(const std::string& directory);

  // The rows of the built-in table `path`, whose text is given, with those that are laid over it. Errors are those of ReadTable.
  absl::StatusOr<std::vector<Row>> ReadTable(std::string_view path, std::string_view text, size_t columns) const;
  // The same with the text that was built in; NOT_FOUND when there is none.
  absl::StatusOr<std::vector<Row>> ReadBuiltInTable(std::string_view path, size_t columns) const;

  // `overlay.` and eight digits that stand for the content; empty when nothing is laid over.
  const std::string& version() const { return version_; }
  size_t table_count() const { return tables_.size(); }

 private:
  struct Table {
    std::string name;  // of the file, as errors give it
    std::string text;
  };

  std::map<std::string, Table, std::less<>> tables_;  // by path below the directory
  std::string version_;
};

}  // namespace demarche::resources

#endif  // DEMARCHE_PIPELINE_RESOURCES_OVERLAY_H_
