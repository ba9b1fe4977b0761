#ifndef DEMARCHE_SERVER_LOG_SALVAGE_CURSOR_H_
#define DEMARCHE_SERVER_LOG_SALVAGE_CURSOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rocksdb/sst_file_reader.h"
#include "server/log/store.h"

namespace demarche::log {

// Walks through a table whose keys are numbers, in all files of it in some directories, and passes over the blocks and files that
// cannot be read. Each file is read by itself: what one does not give hides nothing of another. Keys that were deleted may come
// back.
class SalvageCursor {
 public:
  SalvageCursor(const std::vector<std::string>& directories, Table table);
  ~SalvageCursor();

  bool is_at_end() const { return current_ == nullptr; }
  void Next();

  // Below: not at the end.
  uint64_t number() const;
  std::string_view row() const;
  // All versions of the row, where several files have one.
  std::vector<std::string_view> rows() const;

 private:
  class File;

  void PickLeast();

  std::vector<std::unique_ptr<File>> files_;
  const File* current_ = nullptr;
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_SALVAGE_CURSOR_H_
