#include "server/log/mark_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/document/hash.h"

namespace demarche::log {
namespace {

// A slot is the magic, one byte of length, the serialised Mark, zeros, and the SHA-256 of all before. It fills a sector, and
// each slot has a page of its own.
constexpr std::string_view kMagic = "demarche mark 2\n";
constexpr size_t kVersionAt = 14;  // the digit in the magic
constexpr size_t kSlotBytes = 512;
constexpr size_t kHashBytes = 32;
constexpr off_t kSlotDistance = 4096;

std::string Encode(const stored::v1::Mark& mark) {
  const std::string body = mark.SerializeAsString();
  std::string slot = absl::StrCat(std::string(kMagic), std::string(1, static_cast<char>(body.size())), body);
  slot.resize(kSlotBytes - kHashBytes);
  return slot + Sha256({slot});
}

std::optional<stored::v1::Mark> Decode(std::string_view slot) {
  if (slot.size() != kSlotBytes || slot.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  const std::string_view hashed = slot.substr(0, kSlotBytes - kHashBytes);
  if (Sha256({hashed}) != slot.substr(hashed.size())) return std::nullopt;
  const std::string_view body = hashed.substr(kMagic.size() + 1, static_cast<unsigned char>(hashed[kMagic.size()]));
  stored::v1::Mark mark;
  if (!mark.ParseFromArray(body.data(), static_cast<int>(body.size()))) return std::nullopt;
  return mark;
}

std::string ReadSlot(int file, int slot) {
  std::string bytes(kSlotBytes, '\0');
  const ssize_t size = pread(file, bytes.data(), bytes.size(), slot * kSlotDistance);
  bytes.resize(size < 0 ? 0 : size);
  return bytes;
}

// Whether a slot is whole but of another version.
bool IsOfOtherVersion(std::string_view slot) {
  if (slot.size() != kSlotBytes || slot.substr(0, kVersionAt) != kMagic.substr(0, kVersionAt)) return false;
  const std::string_view hashed = slot.substr(0, kSlotBytes - kHashBytes);
  return slot[kVersionAt] != kMagic[kVersionAt] && Sha256({hashed}) == slot.substr(hashed.size());
}

absl::Status WriteSlot(int file, int slot, const std::string& bytes, const std::string& path) {
  if (pwrite(file, bytes.data(), bytes.size(), slot * kSlotDistance) == static_cast<ssize_t>(bytes.size())) return absl::OkStatus();
  return FileError("cannot write", path);
}

}  // namespace

absl::Status MarkFile::Create(const DataDirectory& directory, const stored::v1::Mark& mark, const char* name) {
  const std::string path = directory.PathOf(name);
  const std::string temporary = path + ".new";
  const FileDescriptor file(open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  if (!file.is_open()) return FileError("cannot create", temporary);
  for (int slot : {0, 1}) {
    if (absl::Status status = WriteSlot(file.get(), slot, Encode(mark), temporary); !status.ok()) return status;
  }
  if (fsync(file.get()) != 0) return FileError("cannot sync", temporary);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return FileError("cannot create", path);
  return directory.Sync();
}

absl::StatusOr<MarkFile> MarkFile::Open(const DataDirectory& directory, bool read_only, const char* name) {
  MarkFile result;
  result.path_ = directory.PathOf(name);
  result.file_ = FileDescriptor(open(result.path_.c_str(), (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC));
  if (!result.file_.is_open()) {
    return absl::DataLossError(absl::StrCat(FileError("cannot open", result.path_).message()));
  }
  const std::string bytes[] = {ReadSlot(result.file_.get(), 0), ReadSlot(result.file_.get(), 1)};
  const std::optional<stored::v1::Mark> slots[] = {Decode(bytes[0]), Decode(bytes[1])};
  if (!slots[0] && !slots[1] && (IsOfOtherVersion(bytes[0]) || IsOfOtherVersion(bytes[1]))) {
    return absl::FailedPreconditionError(
        absl::StrCat(result.path_, ": format version ", bytes[IsOfOtherVersion(bytes[0]) ? 0 : 1].substr(kVersionAt, 1),
                     " is not known; this program reads version ", std::string(kMagic.substr(kVersionAt, 1))));
  }
  if (!slots[0] && !slots[1]) return absl::DataLossError(absl::StrCat(result.path_, ": both slots are damaged"));
  result.slot_ = !slots[0] || (slots[1] && slots[1]->seal().number() > slots[0]->seal().number()) ? 1 : 0;
  result.mark_ = *slots[result.slot_];
  result.is_slot_damaged_ = !slots[1 - result.slot_];
  return result;
}

absl::Status MarkFile::Write(const stored::v1::Mark& mark) {
  if (absl::Status status = WriteSlot(file_.get(), 1 - slot_, Encode(mark), path_); !status.ok()) return status;
  if (fdatasync(file_.get()) != 0) return FileError("cannot sync", path_);
  slot_ = 1 - slot_;
  mark_ = mark;
  is_slot_damaged_ = false;
  return absl::OkStatus();
}

}  // namespace demarche::log
