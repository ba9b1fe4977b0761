#ifndef DEMARCHE_SERVER_LOG_MARK_FILE_H_
#define DEMARCHE_SERVER_LOG_MARK_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/data_directory.h"

namespace demarche::log {

inline constexpr char kMarkName[] = "MARK";

// The file that says how far the log was acknowledged, apart from the log so that a log cut short is noticed. Two slots are
// written in turn, each with a checksum: a write that a crash cuts in two damages one slot and leaves the other. One thread.
class MarkFile {
 public:
  // A new file with this mark in both slots, synced with its directory entry, in place of the one that may be there: a crash leaves
  // the one or the other.
  static absl::Status Create(const DataDirectory& directory, const stored::v1::Mark& mark, const char* name = kMarkName);
  // DATA_LOSS names the file when it is missing or neither slot is whole; FAILED_PRECONDITION when its format is not known.
  static absl::StatusOr<MarkFile> Open(const DataDirectory& directory, bool read_only, const char* name = kMarkName);

  // The newest whole mark.
  const stored::v1::Mark& mark() const { return mark_; }
  const std::string& path() const { return path_; }
  // Whether the other slot is damaged: by a crash, then it held the mark of a later batch; or by something worse.
  bool is_slot_damaged() const { return is_slot_damaged_; }

  // Returns when the mark is on the disk. After an error the file must not be written any more.
  absl::Status Write(const stored::v1::Mark& mark);

 private:
  MarkFile() = default;

  std::string path_;
  FileDescriptor file_;
  stored::v1::Mark mark_;
  int slot_ = 0;  // that holds mark_
  bool is_slot_damaged_ = false;
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_MARK_FILE_H_
