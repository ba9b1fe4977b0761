#ifndef DEMARCHE_PIPELINE_STORIES_DATES_H_
#define DEMARCHE_PIPELINE_STORIES_DATES_H_

#include <cstdint>

#include "demarche/v1/event.pb.h"

// Dates in one number: year, month and day in the bits from 9, 5 and 0 on, 0 where not given.
namespace demarche::stories {

int32_t PackedDate(const v1::EventDate& date);

// Whether it has a day.
inline bool NamesDay(int32_t packed) { return (packed & 31) != 0; }

// The day that a date names, days since 1970; 0 when it names none.
int32_t DayOf(int32_t packed);
inline int32_t DayOf(const v1::EventDate& date) { return DayOf(PackedDate(date)); }

// Whether the dates may be one: a part that is not given agrees with any.
bool MayAgree(int32_t a, int32_t b);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_DATES_H_
