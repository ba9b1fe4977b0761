#include "pipeline/stories/match.h"

#include <algorithm>
#include <span>
#include <utility>

#include "pipeline/stories/dates.h"
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
constexpr double kMeetings = 0.12;
constexpr double kDeeds = 0.27;
constexpr double kWords = 0.36;
constexpr size_t kTelling = 2;  // words from which on a matter is one
// What raises or lowers it.
constexpr double kOtherKind = 0.12;
constexpr double kOtherType = 0.12;
constexpr double kPartialParties = 0.08;
constexpr double kSameDate = -0.06;
constexpr double kPlannedBefore = 0.06;

double BaseOf(int type) {
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
bool MayBeOf(int day, int factuality, int first, int last) {
  if (factuality == v1::FACTUALITY_PLANNED) return day >= first && day <= last + kPlannedAhead;
  return day <= last && day >= first - kReportedWithin;
}

Dates CompareDates(const Traits& a, const Traits& b) {
  if (!MayAgree(a.date, b.date)) return Dates::kOther;
  if (NamesDay(a.date) && NamesDay(b.date)) return Dates::kSame;  // they agree
  const int day_a = DayOf(a.date), day_b = DayOf(b.date);
  bool fits = false;
  if (day_a != 0) {
    fits = MayBeOf(day_a, b.factuality, b.first_day, b.last_day);
  } else if (day_b != 0) {
    fits = MayBeOf(day_b, a.factuality, a.first_day, a.last_day);
  } else {
    const bool came_true = a.factuality == v1::FACTUALITY_PLANNED && b.factuality == v1::FACTUALITY_ACTUAL;
    fits = DistanceTo(b.first_day, a.first_day, a.last_day) <= (came_true ? kPlannedAhead : kReportsApart);
  }
  return fits ? Dates::kCompatible : Dates::kOther;
}

bool AgreeInMode(const Traits& a, const Traits& b) {
  if (a.mode == b.mode || a.mode == v1::EVENT_MODE_UNSPECIFIED || b.mode == v1::EVENT_MODE_UNSPECIFIED) return true;
  // A call is no visit; a visit, a meeting in a third place and one of many may be one.
  return a.type == v1::EVENT_TYPE_CONSULT && a.mode != v1::EVENT_MODE_PHONE && b.mode != v1::EVENT_MODE_PHONE;
}

bool AgreeInPlace(const Traits& a, const Traits& b) { return a.place == 0 || b.place == 0 || a.place == b.place; }

bool AgreeInPlace(const v1::DiplomaticEvent& a, const v1::DiplomaticEvent& b) {
  const std::string &left = a.location().country_code(), &right = b.location().country_code();
  return left.empty() || right.empty() || left == right;
}

// Of one act, or of the one and its denial.
Verdict::Kind CompareFactuality(int known, int report) {
  if (known == report) return Verdict::kSame;
  const auto is_real = [](int f) { return f == v1::FACTUALITY_ACTUAL; };
  const auto is_asserted = [&](int f) { return is_real(f) || f == v1::FACTUALITY_PLANNED; };
  if (is_asserted(known) && is_asserted(report)) return Verdict::kSame;
  if (IsDenial(known) && IsDenial(report)) return Verdict::kSame;
  if ((is_real(known) && IsDenial(report)) || (IsDenial(known) && is_real(report))) return Verdict::kContradicts;
  return Verdict::kOther;
}

// What an event and a report are, names and words aside: of one act or not, and how much of the matter must then agree.
struct Fit {
  Verdict::Kind kind = Verdict::kOther;
  double wanted = 0;
};

Fit Compare(const Traits& a, const Traits& b) {
  const Verdict::Kind kind = CompareFactuality(a.factuality, b.factuality);
  if (kind == Verdict::kOther || FamilyOf(a.type) != FamilyOf(b.type)) return {};
  if (!AgreeInMode(a, b) || !AgreeInPlace(a, b)) return {};
  const Dates dates = CompareDates(a, b);
  if (dates == Dates::kOther) return {};
  // Background stays apart from news, unless both say when.
  const bool is_past = a.time_frame == v1::TIME_FRAME_PAST, was_past = b.time_frame == v1::TIME_FRAME_PAST;
  if (is_past != was_past && dates != Dates::kSame) return {};
  double wanted = BaseOf(b.type);
  if (a.type != b.type) wanted += kOtherType;
  if (a.kind != b.kind) wanted += kOtherKind;
  if (dates == Dates::kSame) wanted += kSameDate;
  if (a.factuality != b.factuality) wanted += kPlannedBefore;
  return {kind, wanted};
}

// What tells next to nothing beyond the act itself is taken for the act that it fits in all else.
bool TellLittle(size_t known_words, size_t words) { return known_words < kTelling || words < kTelling; }

Verdict Decide(const Fit& fit, Agreement parties, double overlap) {
  const double score = overlap - fit.wanted - (parties == Agreement::kPartial ? kPartialParties : 0);
  return score >= 0 ? Verdict{fit.kind, score} : Verdict{};
}

Agreement CompareSides(uint32_t a, uint32_t b) {
  if (a == b) return Agreement::kFull;
  return (a & b) == a || (a & b) == b ? Agreement::kPartial : Agreement::kNone;
}

// At best.
Agreement CompareParties(const Traits& a, const Traits& b) {
  if (a.reciprocal || b.reciprocal || a.type == v1::EVENT_TYPE_CONSULT || b.type == v1::EVENT_TYPE_CONSULT) {
    return CompareSides(a.actors | a.recipients, b.actors | b.recipients);
  }
  if ((a.actors & b.actors) == 0 && (a.recipients & b.recipients) == 0) return Agreement::kNone;
  return std::min(CompareSides(a.actors, b.actors), CompareSides(a.recipients, b.recipients));
}

}  // namespace

Report MakeReport(const v1::DiplomaticEvent& event) {
  const auto day = static_cast<int32_t>(event.publish_time().seconds() / kDaySeconds);
  std::vector<uint32_t> matter = MatterOf(event);
  std::vector<uint16_t> words = HalvesOf(matter);
  return {&event, std::move(matter), day, TraitsOf(event, day, day), std::move(words)};
}

int FamilyOf(int type) {
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

Verdict Judge(const stored::v1::KnownEvent& known, const Report& report, const Weights& weights) {
  const Fit fit = Compare(TraitsOf(known.event(), known.first_day(), known.last_day()), report.traits);
  if (fit.kind == Verdict::kOther || !AgreeInPlace(known.event(), *report.event)) return {};
  const Agreement parties = CompareParties(known.event(), *report.event);
  if (parties == Agreement::kNone) return {};
  const bool is_same_kind = known.event().kind() == report.event->kind();
  if (TellLittle(static_cast<size_t>(known.words_size()), report.matter.size()) && is_same_kind && parties == Agreement::kFull) {
    return {fit.kind, 0};
  }
  return Decide(fit, parties,
                MatterOverlap<uint32_t>({known.words().data(), static_cast<size_t>(known.words_size())}, report.matter, weights));
}

Verdict JudgeOutline(const Outline& known, const Report& report, const Weights& weights) {
  const Fit fit = Compare(known.traits(), report.traits);
  if (fit.kind == Verdict::kOther) return {};
  const Agreement parties = CompareParties(known.traits(), report.traits);
  if (parties == Agreement::kNone) return {};
  const Verdict verdict = Decide(fit, parties, MatterOverlap<uint16_t>(known.words(), report.words, weights));
  if (verdict.kind != Verdict::kOther || !TellLittle(known.words().size(), report.words.size())) return verdict;
  return known.traits().kind == report.traits.kind && parties == Agreement::kFull ? Verdict{fit.kind, 0} : Verdict{};
}

bool MayReplace(const v1::DiplomaticEvent& before, const v1::DiplomaticEvent& corrected) {
  return FamilyOf(before.type()) == FamilyOf(corrected.type()) && CompareParties(before, corrected) != Agreement::kNone;
}

}  // namespace demarche::stories
