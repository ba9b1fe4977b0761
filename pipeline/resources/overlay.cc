#include "pipeline/resources/overlay.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/document/hash.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/resource.h"

namespace demarche::resources {
namespace {

namespace fs = std::filesystem;

constexpr size_t kVersionDigits = 8;

// A table that may be laid over, and the columns that make the key of a row.
struct Known {
  std::string_view path;
  std::vector<size_t> key;
};

const std::vector<Known>& KnownTables() {
  static const auto* const tables = new std::vector<Known>{
      {"actors/states.tsv", {0}},           {"actors/organizations.tsv", {1}}, {"actors/people.tsv", {0}},
      {"actors/offices.tsv", {0, 1, 2, 4}}, {"actors/roles.tsv", {0}},         {"actors/places.tsv", {0, 1}},
      {"actors/cities.tsv", {0}},           {"actors/choices.tsv", {0, 1}},    {"actors/descriptions.tsv", {0}},
      {"ontology/kinds.tsv", {0}},          {"lexicon/verbs.tsv", {0}},        {"lexicon/nouns.tsv", {0}},
      {"lexicon/operators.tsv", {0}},       {"lexicon/contents.tsv", {0, 1}},  {"lexicon/classes.tsv", {0}},
      {"lexicon/ranks.tsv", {0}},           {"lexicon/irregular.tsv", {0}}};
  return *tables;
}

const Known* FindKnown(std::string_view path) {
  for (const Known& known : KnownTables()) {
    if (known.path == path) return &known;
  }
  return nullptr;
}

std::string KeyOf(const Row& row, const std::vector<size_t>& columns) {
  std::string key;
  for (size_t column : columns) absl::StrAppend(&key, View(row.cells[column]), "\t");
  return key;
}

// The first byte that no table may have: of text that is not UTF-8, a carriage return, a NUL.
std::optional<size_t> FirstBadByte(std::string_view text) {
  for (size_t at = 0, begin = 0; at < text.size(); begin = at) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, text.size(), c);
    if (c <= 0 || c == '\r') return begin;
  }
  return std::nullopt;
}

absl::Status CheckText(const std::string& name, std::string_view text) {
  const auto bad = FirstBadByte(text);
  if (!bad) return absl::OkStatus();
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(*bad), '\n');
  const char* problem = text[*bad] == '\r' ? "a carriage return: lines must end with a line feed alone" : "not UTF-8, or a NUL";
  return absl::InvalidArgumentError(absl::StrCat(name, ":", line, ": ", problem));
}

// The text of a file that is to be laid over the table `path`.
absl::StatusOr<std::string> ReadText(const fs::path& file, std::string_view path) {
  const std::string name = file.string();
  if (FindKnown(path) == nullptr) {
    std::string known;
    for (const Known& table : KnownTables()) absl::StrAppend(&known, known.empty() ? "" : ", ", View(table.path));
    return absl::InvalidArgumentError(absl::StrCat(name, ": there is no table '", View(path), "'; known are ", known));
  }
  std::error_code error;
  const uint64_t size = fs::file_size(file, error);  // an error for what is no regular file
  std::ifstream stream(file, std::ios::binary);
  if (error || !stream) return absl::NotFoundError(absl::StrCat(name, ": cannot be read"));
  if (size > kMaxOverlayTableBytes) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": ", size, " bytes, at most ", kMaxOverlayTableBytes, " are allowed"));
  }
  std::string text(size, '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
    return absl::NotFoundError(absl::StrCat(name, ": cannot be read"));
  if (absl::Status status = CheckText(name, text); !status.ok()) return status;
  return text;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Overlay>> Overlay::Read(const std::string& directory) {
  auto overlay = std::make_shared<Overlay>();
  std::error_code error;
  fs::recursive_directory_iterator files(directory, fs::directory_options::follow_directory_symlink, error);
  for (; !error && files != fs::recursive_directory_iterator(); files.increment(error)) {
    // Hidden ones are an editor's or, in a mounted Kubernetes ConfigMap, earlier versions.
    const bool is_hidden = files->path().filename().string().starts_with('.');
    if (is_hidden || files.depth() > 0) files.disable_recursion_pending();
    if (is_hidden || files->path().extension() != ".tsv") continue;
    const std::string path = files->path().lexically_relative(directory).generic_string();
    auto text = ReadText(files->path(), path);
    if (!text.ok()) return text.status();
    overlay->tables_.emplace(path, Table{files->path().string(), *std::move(text)});
  }
  if (error) return absl::NotFoundError(absl::StrCat("directory of overlays '", directory, "': ", error.message()));
  std::string digest;
  for (const auto& [path, table] : overlay->tables_) digest = Sha256({digest, path, table.text});
  if (!digest.empty()) overlay->version_ = absl::StrCat("overlay.", ToHex(digest).substr(0, kVersionDigits));
  return std::shared_ptr<const Overlay>(std::move(overlay));
}

absl::StatusOr<std::vector<Row>> Overlay::ReadTable(std::string_view path, std::string_view text, size_t columns) const {
  auto rows = resources::ReadTable(path, text, columns);
  const auto table = tables_.find(path);
  if (!rows.ok() || table == tables_.end()) return rows;
  auto own = resources::ReadTable(table->second.name, table->second.text, columns);
  if (!own.ok()) return own.status();
  const std::vector<size_t>& key = FindKnown(path)->key;
  StringMap<size_t> places;
  for (size_t i = 0; i < rows->size(); ++i) places.emplace(KeyOf((*rows)[i], key), i);
  StringMap<int> lines;
  for (Row& row : *own) {
    const std::string row_key = KeyOf(row, key);
    if (const auto [first, is_new] = lines.emplace(row_key, row.line); !is_new) {
      return RowError(row, absl::StrCat("stands in line ", first->second, " already:"), row.cells[key.front()]);
    }
    if (const auto place = places.find(row_key); place != places.end()) {
      (*rows)[place->second] = std::move(row);
    } else {
      rows->push_back(std::move(row));
    }
  }
  return rows;
}

absl::StatusOr<std::vector<Row>> Overlay::ReadBuiltInTable(std::string_view path, size_t columns) const {
  const auto text = Find(path);
  if (!text) return absl::NotFoundError(absl::StrCat("no table '", View(path), "' was built in"));
  return ReadTable(path, *text, columns);
}

}  // namespace demarche::resources
