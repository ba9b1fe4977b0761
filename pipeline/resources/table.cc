#include "pipeline/resources/table.h"

#include <string>

#include "pipeline/resources/resource.h"

namespace demarche::resources {

std::vector<std::string_view> Split(std::string_view cell, char separator) {
  std::vector<std::string_view> parts;
  if (cell.empty()) return parts;
  size_t begin = 0;
  for (size_t end = cell.find(separator); end != std::string_view::npos; end = cell.find(separator, begin)) {
    parts.push_back(cell.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(cell.substr(begin));
  return parts;
}

absl::StatusOr<std::vector<Row>> ReadTable(std::string_view name, std::string_view text, size_t columns) {
  std::vector<Row> rows;
  int number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    Row row{name, number, Split(line, '\t')};
    if (row.cells.size() != columns) {
      return absl::InvalidArgumentError(std::string(name) + ":" + std::to_string(number) + ": expected " + std::to_string(columns) +
                                        " cells, found " + std::to_string(row.cells.size()));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::Status RowError(const Row& row, std::string_view problem, std::string_view value) {
  return absl::InvalidArgumentError(std::string(row.table) + ":" + std::to_string(row.line) + ": " + std::string(problem) + " '" +
                                    std::string(value) + "'");
}

absl::StatusOr<std::vector<Row>> ReadBuiltInTable(std::string_view path, size_t columns) {
  const auto text = Find(path);
  if (!text) return absl::NotFoundError("no table '" + std::string(path) + "' was built in");
  return ReadTable(path, *text, columns);
}

}  // namespace demarche::resources
