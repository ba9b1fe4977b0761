#include "pipeline/stories/dates.h"

#include <chrono>

namespace demarche::stories {
namespace {

constexpr int kYearBit = 9;
constexpr int kMonthBit = 5;
constexpr int32_t kMonthMask = 15;
constexpr int32_t kDayMask = 31;

int32_t YearOf(int32_t packed) { return packed >> kYearBit; }
int32_t MonthOf(int32_t packed) { return packed >> kMonthBit & kMonthMask; }
int32_t DayOfMonth(int32_t packed) { return packed & kDayMask; }

}  // namespace

int32_t PackedDate(const v1::EventDate& date) { return date.year() << kYearBit | date.month() << kMonthBit | date.day(); }

int32_t DayOf(int32_t packed) {
  if (DayOfMonth(packed) == 0) return 0;
  const std::chrono::year_month_day day{std::chrono::year(YearOf(packed)),
                                        std::chrono::month(static_cast<unsigned>(MonthOf(packed))),
                                        std::chrono::day(static_cast<unsigned>(DayOfMonth(packed)))};
  return static_cast<int32_t>(std::chrono::sys_days(day).time_since_epoch().count());
}

bool MayAgree(int32_t a, int32_t b) {
  const auto agree = [&](int32_t (*part)(int32_t)) { return part(a) == 0 || part(b) == 0 || part(a) == part(b); };
  return agree(YearOf) && agree(MonthOf) && agree(DayOfMonth);
}

}  // namespace demarche::stories
