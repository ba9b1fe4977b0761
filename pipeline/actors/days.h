#ifndef DEMARCHE_PIPELINE_ACTORS_DAYS_H_
#define DEMARCHE_PIPELINE_ACTORS_DAYS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace demarche::actors {

// A day as yyyymmdd; comparable.
using Day = int32_t;
inline constexpr Day kFirstDay = 0;
inline constexpr Day kLastDay = 99991231;

// The first or last day that 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD' means; INVALID_ARGUMENT for anything else.
absl::StatusOr<Day> FirstDayOf(std::string_view text);
absl::StatusOr<Day> LastDayOf(std::string_view text);

// The day of a time, in UTC.
Day DayOf(absl::Time time);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_DAYS_H_
