#ifndef DEMARCHE_PIPELINE_RESOURCES_TABLE_H_
#define DEMARCHE_PIPELINE_RESOURCES_TABLE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace demarche::resources {

// A row of a table: the table's name, the line number, from 1, and the cells. Views point into the name and the table's text.
struct Row {
  std::string_view table;
  int line = 0;
  std::vector<std::string_view> cells;
};

// Reads a plain text table: cells separated by one tab, rows by '\n'; empty lines and lines that begin with '#' are passed
// over. INVALID_ARGUMENT names `name` and the line of a row that has not exactly `columns` cells (missing ones at the end
// are not allowed: write an empty cell).
absl::StatusOr<std::vector<Row>> ReadTable(std::string_view name, std::string_view text, size_t columns);

// What is wrong with a row: INVALID_ARGUMENT, `table:line: problem 'value'`.
absl::Status RowError(const Row& row, std::string_view problem, std::string_view value);

// The table that was built in under this path; NOT_FOUND when there is none.
absl::StatusOr<std::vector<Row>> ReadBuiltInTable(std::string_view path, size_t columns);

// Splits a cell at `separator`; an empty cell has no parts.
std::vector<std::string_view> Split(std::string_view cell, char separator);

}  // namespace demarche::resources

#endif  // DEMARCHE_PIPELINE_RESOURCES_TABLE_H_
