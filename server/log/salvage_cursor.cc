#include "server/log/salvage_cursor.h"

#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "rocksdb/options.h"
#include "server/log/keys.h"

namespace demarche::log {

// One file. A row whose key is no number ends it.
class SalvageCursor::File {
 public:
  explicit File(std::unique_ptr<rocksdb::SstFileReader> reader)
      : reader_(std::move(reader)), iterator_(reader_->NewIterator(rocksdb::ReadOptions())) {
    Seek(0);
  }

  std::optional<uint64_t> number() const { return iterator_->Valid() ? NumberOf(iterator_->key().ToStringView()) : std::nullopt; }
  std::string_view row() const { return iterator_->value().ToStringView(); }

  void Next() {
    const uint64_t next = *number() + 1;
    iterator_->Next();
    if (!iterator_->status().ok()) Seek(next);
  }

 private:
  bool Try(uint64_t number) {
    iterator_->Seek(KeyOfNumber(number));
    return iterator_->status().ok();
  }

  // To the next row that can be read. Behind damage: first a number that can be sought, in steps that double, then the least one.
  void Seek(uint64_t number) {
    if (Try(number)) return;
    uint64_t bad = number;
    uint64_t step = 1;
    for (; !Try(bad + step); step *= 2) {
      if (std::numeric_limits<uint64_t>::max() - bad < 4 * step) return;
      bad += step;
    }
    uint64_t good = bad + step;
    while (good - bad > 1) {
      const uint64_t middle = bad + (good - bad) / 2;
      (Try(middle) ? good : bad) = middle;
    }
    Try(good);
  }

  const std::unique_ptr<rocksdb::SstFileReader> reader_;
  const std::unique_ptr<rocksdb::Iterator> iterator_;
};

SalvageCursor::SalvageCursor(const std::vector<std::string>& directories, Table table) {
  for (const std::string& directory : directories) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
      if (entry.path().extension() != ".sst") continue;
      auto reader = std::make_unique<rocksdb::SstFileReader>(rocksdb::Options());
      if (!reader->Open(entry.path().native()).ok()) continue;
      if (reader->GetTableProperties()->column_family_name == NameOf(table))
        files_.push_back(std::make_unique<File>(std::move(reader)));
    }
  }
  PickLeast();
}

SalvageCursor::~SalvageCursor() = default;

void SalvageCursor::Next() {
  const uint64_t number = *current_->number();
  for (const auto& file : files_) {
    if (file->number() == number) file->Next();
  }
  PickLeast();
}

void SalvageCursor::PickLeast() {
  current_ = nullptr;
  for (const auto& file : files_) {
    const auto number = file->number();
    if (number && (current_ == nullptr || *number < *current_->number())) current_ = file.get();
  }
}

uint64_t SalvageCursor::number() const { return *current_->number(); }

std::string_view SalvageCursor::row() const { return current_->row(); }

std::vector<std::string_view> SalvageCursor::rows() const {
  std::vector<std::string_view> rows;
  for (const auto& file : files_) {
    if (file->number() == number()) rows.push_back(file->row());
  }
  return rows;
}

}  // namespace demarche::log
