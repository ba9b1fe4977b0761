#include "pipeline/stories/match.h"

#include <algorithm>
#include <chrono>

#include "pipeline/document/parties.h"
#include "pipeline/stories/matter.h"
#include "pipeline/stories/parties.h"

namespace demarche::stories {
namespace {

constexpr int64_t kDaySeconds = 86'400;

// Days between an event and its report, or between two reports of it, where a date is not given.
constexpr int kReportedWithin = 1;
constexpr int kPlannedAhead = 21;
constexpr int kReportsApart = 1;

// How much of the matter must agree, by what the type leaves open: there is one call a day, and many demands.
constexpr double kMeetings = 0.10;
constexpr double kDeeds = 0.20;
constexpr double kWords = 0.28;
constexpr size_t kTelling = 2;  // words from which on a matter is one
// What raises or lowers it.
constexpr double kOtherKind = 0.12;
constexpr double kOtherType = 0.12;
constexpr double kPartialParties = 0.08;
constexpr double kSameDate = -0.06;
constexpr double kPlannedBefore = 0.06;

double BaseOf(v1::EventType type) {
  switch (type) {
    case v1::EVENT_TYPE_CONSULT:
      return kMeetings;
    case v1::EVENT_TYPE_AGREE:
    case v1::EVENT_TYPE_SUPPORT:
    case v1::EVENT_TYPE_CONCEDE:
    case v1::EVENT_TYPE_REQUEST:
    case v1::EVENT_TYPE_ACCUSE:
    case v1::EVENT_TYPE_REJECT:
    case v1::EVENT_TYPE_THREATEN:
      return kWords;
    default:
      return kDeeds;
  }
}

enum class Dates { kOther, kCompatible, kSame };

int DistanceTo(int day, int first, int last) { return std::max({first - day, day - last, 0}); }

// A date and the days of reports without one.
bool MayBeOf(int day, v1::Factuality factuality, int first, int last) {
  if (factuality == v1::FACTUALITY_PLANNED) return day >= first && day <= last + kPlannedAhead;
  return day <= last && day >= first - kReportedWithin;
}

Dates CompareDates(const stored::v1::KnownEvent& known, const Report& report) {
  const v1::DiplomaticEvent &a = known.event(), &b = *report.event;
  if (!document::MayAgree(a.event_date(), b.event_date())) return Dates::kOther;
  const int day_a = DayOf(a.event_date()), day_b = DayOf(b.event_date());
  if (day_a != 0 && day_b != 0) return Dates::kSame;  // they agree
  bool fits = false;
  if (day_a != 0) {
    fits = MayBeOf(day_a, b.factuality(), report.publish_day, report.publish_day);
  } else if (day_b != 0) {
    fits = MayBeOf(day_b, a.factuality(), known.first_day(), known.last_day());
  } else {
    const int apart =
        a.factuality() == v1::FACTUALITY_PLANNED && b.factuality() == v1::FACTUALITY_ACTUAL ? kPlannedAhead : kReportsApart;
    fits = DistanceTo(report.publish_day, known.first_day(), known.last_day()) <= apart;
  }
  return fits ? Dates::kCompatible : Dates::kOther;
}

bool AgreeInMode(const v1::DiplomaticEvent& a, const v1::DiplomaticEvent& b) {
  if (a.mode() == b.mode() || a.mode() == v1::EVENT_MODE_UNSPECIFIED || b.mode() == v1::EVENT_MODE_UNSPECIFIED) return true;
  // A call is no visit; a visit, a meeting in a third place and one of many may be one.
  return a.type() == v1::EVENT_TYPE_CONSULT && a.mode() != v1::EVENT_MODE_PHONE && b.mode() != v1::EVENT_MODE_PHONE;
}

bool AgreeInPlace(const v1::DiplomaticEvent& a, const v1::DiplomaticEvent& b) {
  const std::string &left = a.location().country_code(), &right = b.location().country_code();
  return left.empty() || right.empty() || left == right;
}

// Of one act, or of the one and its denial.
Verdict::Kind CompareFactuality(v1::Factuality known, v1::Factuality report) {
  if (known == report) return Verdict::kSame;
  const auto is_real = [](v1::Factuality f) { return f == v1::FACTUALITY_ACTUAL; };
  const auto is_asserted = [&](v1::Factuality f) { return is_real(f) || f == v1::FACTUALITY_PLANNED; };
  if (is_asserted(known) && is_asserted(report)) return Verdict::kSame;
  if (IsDenial(known) && IsDenial(report)) return Verdict::kSame;
  if ((is_real(known) && IsDenial(report)) || (IsDenial(known) && is_real(report))) return Verdict::kContradicts;
  return Verdict::kOther;
}

}  // namespace

Report MakeReport(const v1::DiplomaticEvent& event) {
  return {&event, MatterOf(event), static_cast<int32_t>(event.publish_time().seconds() / kDaySeconds)};
}

int FamilyOf(v1::EventType type) {
  switch (type) {
    case v1::EVENT_TYPE_SUPPORT:
      return v1::EVENT_TYPE_AGREE;
    case v1::EVENT_TYPE_CONCEDE:
      return v1::EVENT_TYPE_RETREAT;
    case v1::EVENT_TYPE_COOPERATE:
      return v1::EVENT_TYPE_AID;
    case v1::EVENT_TYPE_COERCE:
      return v1::EVENT_TYPE_SANCTION;
    default:
      return type;
  }
}

int32_t DayOf(const v1::EventDate& date) {
  if (date.day() == 0) return 0;
  const std::chrono::year_month_day day{std::chrono::year(date.year()), std::chrono::month(static_cast<unsigned>(date.month())),
                                        std::chrono::day(static_cast<unsigned>(date.day()))};
  return static_cast<int32_t>(std::chrono::sys_days(day).time_since_epoch().count());
}

Verdict Judge(const stored::v1::KnownEvent& known, const Report& report) {
  const v1::DiplomaticEvent &a = known.event(), &b = *report.event;
  Verdict verdict{CompareFactuality(a.factuality(), b.factuality()), 0};
  if (verdict.kind == Verdict::kOther || FamilyOf(a.type()) != FamilyOf(b.type())) return {};
  if (!AgreeInMode(a, b) || !AgreeInPlace(a, b)) return {};
  const Agreement parties = CompareParties(a, b);
  if (parties == Agreement::kNone) return {};
  const Dates dates = CompareDates(known, report);
  if (dates == Dates::kOther) return {};
  // Background stays apart from news, unless both say when.
  const bool is_past = a.time_frame() == v1::TIME_FRAME_PAST, was_past = b.time_frame() == v1::TIME_FRAME_PAST;
  if (is_past != was_past && dates != Dates::kSame) return {};

  double wanted = BaseOf(b.type());
  if (a.type() != b.type()) wanted += kOtherType;
  if (a.kind() != b.kind()) wanted += kOtherKind;
  if (parties == Agreement::kPartial) wanted += kPartialParties;
  if (dates == Dates::kSame) wanted += kSameDate;
  if (a.factuality() != b.factuality()) wanted += kPlannedBefore;
  // What tells next to nothing beyond the act itself is taken for the act that it fits in all else.
  const bool tells_little = static_cast<size_t>(known.words_size()) < kTelling || report.matter.size() < kTelling;
  if (tells_little && a.kind() == b.kind() && parties == Agreement::kFull) return verdict;
  verdict.score = MatterOverlap(known.words(), report.matter) - wanted;
  return verdict.score >= 0 ? verdict : Verdict{};
}

bool MayReplace(const v1::DiplomaticEvent& before, const v1::DiplomaticEvent& corrected) {
  return FamilyOf(before.type()) == FamilyOf(corrected.type()) && CompareParties(before, corrected) != Agreement::kNone;
}

}  // namespace demarche::stories
