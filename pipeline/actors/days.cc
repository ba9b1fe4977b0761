#include "pipeline/actors/days.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace demarche::actors {
namespace {

// 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD' with the given month and day where they are absent.
absl::StatusOr<Day> ReadDay(std::string_view text, int month, int day) {
  const auto number = [&](size_t at, size_t count) {
    int value = 0;
    for (size_t i = at; i < at + count; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const bool has_month = text.size() >= 7, has_day = text.size() == 10;
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return absl::InvalidArgumentError("not a date");
  if ((has_month && text[4] != '-') || (has_day && text[7] != '-')) return absl::InvalidArgumentError("not a date");
  const int year = number(0, 4);
  if (has_month) month = number(5, 2);
  if (has_day) day = number(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return absl::InvalidArgumentError("not a date");
  return year * 10000 + month * 100 + day;
}

}  // namespace

absl::StatusOr<Day> FirstDayOf(std::string_view text) { return ReadDay(text, 1, 1); }
absl::StatusOr<Day> LastDayOf(std::string_view text) { return ReadDay(text, 12, 31); }

Day DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return static_cast<Day>(std::clamp<int64_t>(day.year() * 10000 + day.month() * 100 + day.day(), kFirstDay, kLastDay));
}

}  // namespace demarche::actors
