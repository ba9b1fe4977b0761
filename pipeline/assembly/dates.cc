#include "pipeline/assembly/dates.h"

#include <cstdlib>
#include <iterator>
#include <string>

#include "absl/strings/numbers.h"
#include "pipeline/document/strings.h"

namespace demarche::assembly {
namespace {

using document::Sentence;
using document::Token;
using document::TokenRange;

constexpr std::string_view kWeekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
constexpr std::string_view kShortMonths[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kNumbers[] = {"one",   "two",   "three", "four", "five",   "six",
                                         "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
constexpr std::string_view kTens[] = {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr int kEarliestYear = 1900, kLatestYear = 2100;  // that a number of four digits may be
constexpr int kFirstYear = 1, kLastYear = 9999;          // that an EventDate may hold
constexpr int kLargestNumber = 1'000'000;                // in '... days ago'
constexpr int kYearsInDecade = 10;
constexpr int kDaysInWeek = 7, kMonthsInYear = 12;

int Weekday(std::string_view word) {
  for (int i = 0; i < kDaysInWeek; ++i) {
    if (kWeekdays[i] == word) return i;
  }
  return -1;
}

// 1 to 12, or 0. 'may' and 'march' only when written as names.
int Month(const Token& token) {
  if (token.text.empty() || token.text[0] < 'A' || token.text[0] > 'Z') return 0;
  std::string_view word = token.lower;
  if (!word.empty() && word.back() == '.') word.remove_suffix(1);
  if (word == "sept") return 9;
  for (int i = 0; i < kMonthsInYear; ++i) {
    if (kMonths[i] == word || kShortMonths[i] == word) return i + 1;
  }
  return 0;
}

int Number(std::string_view word) {
  int value = 0;
  if (absl::SimpleAtoi(View(word), &value)) return value > 0 && value <= kLargestNumber ? value : 0;
  for (size_t i = 0; i < std::size(kNumbers); ++i) {
    if (kNumbers[i] == word) return static_cast<int>(i + 1);
  }
  for (size_t i = 0; i < std::size(kTens); ++i) {
    if (kTens[i] == word) return static_cast<int>(10 * (i + 2));
  }
  return word == "a" || word == "an" ? 1 : 0;
}

int Day(std::string_view word) {
  for (const std::string_view suffix : {"st", "nd", "rd", "th"}) {
    if (word.size() > 2 && word.substr(word.size() - 2) == suffix) word.remove_suffix(2);
  }
  int value = 0;
  return absl::SimpleAtoi(View(word), &value) && value >= 1 && value <= 31 ? value : 0;
}

int Year(std::string_view word) {
  int value = 0;
  return word.size() == 4 && absl::SimpleAtoi(View(word), &value) && value >= kEarliestYear && value <= kLatestYear ? value : 0;
}

v1::EventDate MakeDate(int year, int month, int day) {
  v1::EventDate date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// Reads one expression at a token.
class Reader {
 public:
  Reader(const Sentence& sentence, TokenRange range, int64_t publish_days, bool is_future)
      : tokens_(sentence.tokens),
        range_(range),
        publish_(publish_days),
        is_future_(is_future),
        today_(DateFromDays(publish_days)) {}

  std::optional<v1::EventDate> At(size_t i) const {
    const std::string_view word = tokens_[i].lower;
    if (word == "today") return DateFromDays(publish_);
    if (word == "yesterday") return DateFromDays(publish_ - 1);
    if (word == "tomorrow") return DateFromDays(publish_ + 1);
    if (const int weekday = Weekday(word); weekday >= 0) return OnWeekday(weekday, Before(i));
    if (Month(tokens_[i]) != 0) return InMonth(i);
    if (Year(word) != 0 && Month(tokens_[i == 0 ? 0 : i - 1]) == 0 && (IsBeforeYear(Before(i)) || IsListedYear(i))) {
      return MakeDate(Year(word), 0, 0);
    }
    if (word == "year" || word == "month") return Relative(word == "year", Before(i));
    if (word == "day" && i >= 3 && i >= range_.begin + 3u && Before(i) == "'s" && tokens_[i - 2].lower == "year") {
      return MakeDate(is_future_ ? today_.year() + 1 : today_.year(), 1, 1);
    }
    if (word == "ago" && i >= 2 && i >= range_.begin + 2u) return Ago(i);
    return std::nullopt;
  }

 private:
  std::string_view Before(size_t i) const { return i > range_.begin ? tokens_[i - 1].lower : std::string_view(); }
  std::string_view After(size_t i) const { return i + 1 < range_.end ? tokens_[i + 1].lower : std::string_view(); }

  static bool IsBeforeYear(std::string_view word) {
    for (const std::string_view one : {"in", "since", "of", "until", "early", "late", "during", "the"}) {
      if (word == one) return true;
    }
    return false;
  }
  // 'in 2021 and 2022'.
  bool IsListedYear(size_t i) const { return i >= 2 && Before(i) == "and" && Year(tokens_[i - 2].lower) != 0; }

  std::optional<v1::EventDate> OnWeekday(int weekday, std::string_view before) const {
    const int today = static_cast<int>(((publish_ + 3) % kDaysInWeek + kDaysInWeek) % kDaysInWeek);  // 1970-01-01: a Thursday
    const int back = (today - weekday + kDaysInWeek) % kDaysInWeek;
    if (before == "next" || (is_future_ && before != "last")) return DateFromDays(publish_ + (kDaysInWeek - back));
    return DateFromDays(publish_ - (before == "last" && back == 0 ? kDaysInWeek : back));
  }

  // 'Feb. 12', '12 February 2014', 'March 2022', 'in March'.
  std::optional<v1::EventDate> InMonth(size_t i) const {
    const int month = Month(tokens_[i]);
    int day = Day(After(i)), year = Year(After(i));
    size_t next = i + 1;
    if (day != 0) ++next;
    if (day == 0 && i > range_.begin) day = Day(tokens_[i - 1].lower);
    if (next < range_.end && tokens_[next].lower == ",") ++next;
    if (year == 0 && next < range_.end) year = Year(tokens_[next].lower);
    if (day == 0 && year == 0 && Before(i) != "in" && Before(i) != "since" && Before(i) != "last" && Before(i) != "next") {
      return std::nullopt;
    }
    if (year == 0) year = NearestYear(month, day);
    return MakeDate(year, month, day);
  }

  int NearestYear(int month, int day) const {
    const bool later = month > today_.month() || (month == today_.month() && day > today_.day());
    if (is_future_) return later || (month == today_.month() && day == 0) ? today_.year() : today_.year() + 1;
    return later ? today_.year() - 1 : today_.year();
  }

  std::optional<v1::EventDate> Relative(bool is_year, std::string_view before) const {
    const int step = before == "last" ? -1 : before == "next" ? 1 : 0;
    if (step == 0) return std::nullopt;
    return Shifted(is_year, step);
  }

  v1::EventDate Shifted(bool is_year, int step) const {
    if (is_year) return MakeDate(today_.year() + step, 0, 0);
    const int months = today_.year() * kMonthsInYear + today_.month() - 1 + step;
    return MakeDate(months / kMonthsInYear, months % kMonthsInYear + 1, 0);
  }

  std::optional<v1::EventDate> Ago(size_t i) const {
    const std::string_view unit = tokens_[i - 1].lower;
    const int count = Number(tokens_[i - 2].lower);
    if (count == 0) return std::nullopt;
    if (unit == "decade" || unit == "decades") return Shifted(true, -count * kYearsInDecade);
    if (unit == "week" || unit == "weeks") return DateFromDays(publish_ - count * kDaysInWeek);
    if (unit == "year" || unit == "years") return Shifted(true, -count);
    if (unit == "month" || unit == "months") return Shifted(false, -count);
    if (unit == "day" || unit == "days") return DateFromDays(publish_ - count);
    return std::nullopt;
  }

  const std::vector<Token>& tokens_;
  const TokenRange range_;
  const int64_t publish_;
  const bool is_future_;
  const v1::EventDate today_;
};

}  // namespace

// After Howard Hinnant's public-domain algorithms for civil dates.
int64_t DaysFromDate(int year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t yoe = y - era * 400;
  const int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

v1::EventDate DateFromDays(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t doe = days - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;
  const int day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return MakeDate(static_cast<int>(yoe + era * 400 + (month <= 2)), month, day);
}

std::optional<v1::EventDate> FindDate(const Sentence& sentence, TokenRange range, int trigger, int64_t publish_days,
                                      bool is_future) {
  const Reader reader(sentence, range, publish_days, is_future);
  std::optional<v1::EventDate> best;
  int best_distance = 0;
  for (int i = range.begin; i < range.end; ++i) {
    const auto date = reader.At(static_cast<size_t>(i));
    if (!date || date->year() < kFirstYear || date->year() > kLastYear) continue;
    const int distance = std::abs(i - trigger);
    if (!best || distance < best_distance) {
      best = date;
      best_distance = distance;
    }
  }
  return best;
}

int64_t AgeInDays(const v1::EventDate& date, int64_t publish_days) {
  if (date.month() == 0) return publish_days - DaysFromDate(date.year(), 12, 31);
  if (date.day() != 0) return publish_days - DaysFromDate(date.year(), date.month(), date.day());
  const int next_month = date.month() % kMonthsInYear + 1;
  return publish_days - (DaysFromDate(date.year() + (next_month == 1), next_month, 1) - 1);
}

}  // namespace demarche::assembly
