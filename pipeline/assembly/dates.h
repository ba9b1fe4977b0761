#ifndef DEMARCHE_PIPELINE_ASSEMBLY_DATES_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_DATES_H_

#include <cstdint>
#include <optional>

#include "demarche/v1/event.pb.h"
#include "pipeline/document/document.h"

namespace demarche::assembly {

// Days since 1970-01-01 of a proleptic Gregorian date, and back.
int64_t DaysFromDate(int year, int month, int day);
v1::EventDate DateFromDays(int64_t days);

// The date that words of the range give, seen from the day of publication; the expression nearest to `trigger` counts.
// `is_future`: a bare weekday or month is the next one, else the last. Nothing when the words name none.
std::optional<v1::EventDate> FindDate(const document::Sentence& sentence, document::TokenRange range, int trigger,
                                      int64_t publish_days, bool is_future);

// Days from the latest day that the date allows to the day of publication; negative in the future.
int64_t AgeInDays(const v1::EventDate& date, int64_t publish_days);

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_DATES_H_
