#include <gtest/gtest.h>

#include "pipeline/assembly/dates.h"
#include "pipeline/assembly/merge.h"

namespace demarche::assembly {
namespace {

// A sentence of words separated by blanks; tokens carry text and lower case only.
class WordsOf {
 public:
  explicit WordsOf(std::string text) : text_(std::move(text)), lower_(text_) {
    for (char& c : lower_) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    size_t begin = 0;
    while (begin < text_.size()) {
      const size_t end = std::min(text_.find(' ', begin), text_.size());
      document::Token token;
      token.text = std::string_view(text_).substr(begin, end - begin);
      token.lower = token.lemma = std::string_view(lower_).substr(begin, end - begin);
      sentence_.tokens.push_back(token);
      begin = end + 1;
    }
  }

  // The date nearest the first word, seen from Wednesday 2025-06-11.
  std::string Date(bool is_future) const {
    const document::TokenRange all{0, static_cast<uint16_t>(sentence_.tokens.size())};
    const auto date = FindDate(sentence_, all, 0, DaysFromDate(2025, 6, 11), is_future);
    if (!date) return "";
    return std::to_string(date->year()) + "-" + std::to_string(date->month()) + "-" + std::to_string(date->day());
  }

 private:
  const std::string text_;
  std::string lower_;
  document::Sentence sentence_;
};

TEST(DatesTest, CivilDaysRoundTrip) {
  EXPECT_EQ(DaysFromDate(1970, 1, 1), 0);
  EXPECT_EQ(DaysFromDate(2000, 3, 1), 11017);
  for (int64_t days = -800000; days < 800000; days += 997) {
    const v1::EventDate date = DateFromDays(days);
    EXPECT_EQ(DaysFromDate(date.year(), date.month(), date.day()), days);
  }
}

TEST(DatesTest, ReadsExpressionsFromThePublicationDate) {
  const struct {
    const char* text;
    bool is_future;
    const char* date;
  } cases[] = {
      {"left on Monday", false, "2025-6-9"},
      {"left on Wednesday", false, "2025-6-11"},
      {"will leave on Monday", true, "2025-6-16"},
      {"left last Wednesday", false, "2025-6-4"},
      {"left yesterday", false, "2025-6-10"},
      {"will leave tomorrow", true, "2025-6-12"},
      {"left on Feb. 12", false, "2025-2-12"},
      {"left on December 3", false, "2024-12-3"},
      {"left on 3 March 2014", false, "2014-3-3"},
      {"left on March 3 , 2014", false, "2014-3-3"},
      {"left in March", false, "2025-3-0"},
      {"will leave in March", true, "2026-3-0"},
      {"left in 2014", false, "2014-0-0"},
      {"left last month", false, "2025-5-0"},
      {"will leave next year", true, "2026-0-0"},
      {"left three years ago", false, "2022-0-0"},
      {"left 2020 years ago", false, "5-0-0"},
      {"left 5000 years ago", false, ""},
      {"left 999999 days ago", false, ""},
      {"left 99999999999 months ago", false, ""},
      {"may leave", false, ""},
      {"left with 2014 men", false, ""},
  };
  for (const auto& test : cases) EXPECT_EQ(WordsOf(test.text).Date(test.is_future), test.date) << test.text;
}

TEST(DatesTest, AgeCountsFromTheLatestDayThatTheDateAllows) {
  const int64_t publish = DaysFromDate(2025, 6, 11);
  v1::EventDate date;
  date.set_year(2025);
  EXPECT_LT(AgeInDays(date, publish), 0);
  date.set_month(5);
  EXPECT_EQ(AgeInDays(date, publish), 11);
  date.set_day(1);
  EXPECT_EQ(AgeInDays(date, publish), 41);
}

Draft MakeDraft(v1::EventType type, const std::string& kind, const std::string& actor, const std::string& recipient) {
  Draft draft;
  draft.event.set_type(type);
  draft.event.set_kind(kind);
  draft.event.set_factuality(v1::FACTUALITY_ACTUAL);
  draft.event.set_time_frame(v1::TIME_FRAME_CURRENT);
  draft.event.set_confidence(0.5);
  if (!actor.empty()) draft.event.add_actors()->set_country_code(actor);
  if (!recipient.empty()) draft.event.add_recipients()->set_country_code(recipient);
  draft.event.add_evidence()->set_sentence(kind);
  return draft;
}

TEST(MergeTest, SameActNeedsTypePartiesAndClass) {
  const Draft expelled = MakeDraft(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "NOR", "CHN");
  EXPECT_TRUE(SameAct(expelled, MakeDraft(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "NOR", "")));
  EXPECT_FALSE(SameAct(expelled, MakeDraft(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "SWE", "CHN")));
  EXPECT_FALSE(SameAct(expelled, MakeDraft(v1::EVENT_TYPE_ACCUSE, "criticism", "NOR", "CHN")));
  Draft denied = expelled;
  denied.event.set_factuality(v1::FACTUALITY_DENIED);
  EXPECT_FALSE(SameAct(expelled, denied));
  Draft monday = expelled, tuesday = expelled;
  monday.event.mutable_event_date()->set_year(2024);
  tuesday.event.mutable_event_date()->set_year(2025);
  EXPECT_FALSE(SameAct(monday, tuesday));
  EXPECT_TRUE(SameAct(monday, expelled));
}

TEST(MergeTest, MeetingsMatchBothWaysRound) {
  EXPECT_TRUE(SameAct(MakeDraft(v1::EVENT_TYPE_CONSULT, "leader_call", "USA", "RUS"),
                      MakeDraft(v1::EVENT_TYPE_CONSULT, "leader_call", "RUS", "USA")));
  EXPECT_FALSE(SameAct(MakeDraft(v1::EVENT_TYPE_CONSULT, "leader_call", "USA", "RUS"),
                       MakeDraft(v1::EVENT_TYPE_CONSULT, "leader_call", "UKR", "USA")));
}

TEST(MergeTest, BodyWinsOverTitleAndEvidenceIsBounded) {
  std::vector<Draft> drafts = {MakeDraft(v1::EVENT_TYPE_SANCTION, "sanctions_imposed", "NOR", "")};
  drafts[0].field = document::Field::kTitle;
  for (int i = 0; i < 20; ++i) drafts.push_back(MakeDraft(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "NOR", "CHN"));
  MergeDrafts(drafts);
  EXPECT_EQ(drafts[0].event.kind(), "diplomats_expelled");
  EXPECT_EQ(drafts[0].event.recipients(0).country_code(), "CHN");
  EXPECT_EQ(drafts[0].event.evidence_size(), kMostEvidence);
  EXPECT_EQ(drafts[0].event.evidence(0).sentence(), "diplomats_expelled");
  for (size_t i = 1; i < drafts.size(); ++i) EXPECT_TRUE(drafts[i].is_dropped) << i;
}

}  // namespace
}  // namespace demarche::assembly
