#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/stories/improve.h"
#include "tests/support/newsroom.h"

namespace demarche {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::Article;
using testing_support::Event;
using testing_support::Newsroom;

v1::DiplomaticEvent Expulsion(std::string sentence) {
  return Event(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "KEN", "GHA", std::move(sentence));
}

v1::DiplomaticEvent OnDay(v1::DiplomaticEvent event, int day) {
  event.mutable_event_date()->set_year(2024);
  event.mutable_event_date()->set_month(3);
  event.mutable_event_date()->set_day(day);
  return event;
}

const char kBugged[] = "Kenya expelled two Ghanaian diplomats over a bugged conference room.";
const char kBuggedToo[] = "Two diplomats were thrown out by Kenya after a conference room was found bugged.";

TEST(Stories, AnotherPublisherMakesARevisionAndNoSecondEvent) {
  Newsroom room;
  const auto first = room.Publish({"1", "A", 0, {Expulsion(kBugged)}});
  const auto second = room.Publish({"1", "B", 0, {Expulsion(kBuggedToo)}});
  EXPECT_EQ(first.event_ids, second.event_ids);
  ASSERT_THAT(second.changes, SizeIs(1));
  const v1::DiplomaticEvent& event = *second.changes[0].event;
  EXPECT_EQ(event.state(), v1::EVENT_STATE_UPDATED);
  EXPECT_EQ(event.revision(), 2u);
  EXPECT_EQ(event.publisher_count(), 2u);
  EXPECT_EQ(event.item_count(), 2u);
  EXPECT_THAT(event.evidence(), SizeIs(2));
  ASSERT_TRUE(second.changes[0].before != nullptr);
  EXPECT_EQ(second.changes[0].before->publisher_count(), 1u);
}

TEST(Stories, CorroborationAloneMakesFewRevisions) {
  Newsroom room;
  std::vector<uint32_t> counts;
  for (int i = 0; i < 24; ++i) {
    const auto told = room.Publish({"1", "publisher" + std::to_string(i), 0, {Expulsion(kBugged + std::string(i, '!'))}});
    for (const auto& change : told.changes) counts.push_back(change.event->publisher_count());
  }
  EXPECT_THAT(counts, ElementsAre(1, 2, 3, 5, 10, 20));
  EXPECT_TRUE(stories::IsMilestone(49, 50));
  EXPECT_FALSE(stories::IsMilestone(50, 99));
}

TEST(Stories, AnotherMatterOrDayIsAnotherEvent) {
  Newsroom room;
  const auto first = room.Publish({"1", "A", 0, {OnDay(Expulsion(kBugged), 1)}});
  const auto matter =
      room.Publish({"2", "B", 0, {OnDay(Expulsion("Kenya expelled two diplomats for smuggling antique carpets."), 1)}});
  const auto day = room.Publish({"3", "C", 3, {OnDay(Expulsion(kBuggedToo), 4)}});
  EXPECT_NE(first.event_ids, matter.event_ids);
  EXPECT_NE(first.event_ids, day.event_ids);
}

TEST(Stories, TheOtherWayRoundIsAnotherEvent) {
  Newsroom room;
  const auto first = room.Publish({"1", "A", 0, {Expulsion(kBugged)}});
  v1::DiplomaticEvent back = Event(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "GHA", "KEN", kBuggedToo);
  EXPECT_NE(first.event_ids, room.Publish({"2", "B", 0, {back}}).event_ids);
}

TEST(Stories, APlanComesTrue) {
  Newsroom room;
  v1::DiplomaticEvent plan = OnDay(Event(v1::EVENT_TYPE_CONSULT, "leader_visit", "CHL", "PER", "Lima awaits a visit on water."), 9);
  plan.set_factuality(v1::FACTUALITY_PLANNED);
  plan.set_time_frame(v1::TIME_FRAME_FUTURE);
  const auto planned = room.Publish({"1", "A", 0, {plan}});
  const auto held = room.Publish(
      {"2", "A", 8, {OnDay(Event(v1::EVENT_TYPE_CONSULT, "leader_visit", "CHL", "PER", "The visit to Lima on water."), 9)}});
  EXPECT_EQ(planned.event_ids, held.event_ids);
  EXPECT_EQ(held.changes.at(0).event->factuality(), v1::FACTUALITY_ACTUAL);
  EXPECT_EQ(held.changes.at(0).before->factuality(), v1::FACTUALITY_PLANNED);
}

TEST(Stories, ADenialIsLinkedToWhatItDenies) {
  Newsroom room;
  const auto actual = room.Publish({"1", "A", 0, {Expulsion(kBugged)}});
  v1::DiplomaticEvent denial = Expulsion("Kenya denied that it expelled diplomats over a bugged conference room.");
  denial.set_factuality(v1::FACTUALITY_DENIED);
  const auto denied = room.Publish({"2", "B", 0, {denial}});
  EXPECT_NE(actual.event_ids, denied.event_ids);
  EXPECT_THAT(denied.changes.at(0).event->contradicted_event_ids(), ElementsAre(actual.event_ids[0]));
  EXPECT_EQ(room.Find(denied.event_ids[0]).story_id(), room.Find(actual.event_ids[0]).story_id());
  EXPECT_EQ(room.Find(actual.event_ids[0]).publisher_count(), 1u);
}

TEST(Stories, RelatedEventsOfAnItemShareAStory) {
  Newsroom room;
  const auto told =
      room.Publish({"1",
                    "A",
                    0,
                    {Event(v1::EVENT_TYPE_CONSULT, "summit_held", "JPN", "VNM", "Japan and Vietnam met at a summit."),
                     Event(v1::EVENT_TYPE_AGREE, "aid_pledged", "JPN", "VNM", "Japan pledged aid for bridges."),
                     Event(v1::EVENT_TYPE_ACCUSE, "criticism", "NOR", "POL", "Norway criticised Poland over salmon.")}});
  ASSERT_THAT(told.event_ids, SizeIs(3));
  EXPECT_EQ(room.Find(told.event_ids[0]).story_id(), room.Find(told.event_ids[1]).story_id());
  EXPECT_NE(room.Find(told.event_ids[0]).story_id(), room.Find(told.event_ids[2]).story_id());
}

TEST(Stories, AWithdrawnItemTakesItsEvidenceAlong) {
  Newsroom room;
  const Article a{"1", "A", 0, {Expulsion(kBugged)}}, b{"1", "B", 0, {Expulsion(kBuggedToo)}};
  const auto first = room.Publish(a), second = room.Publish(b);
  const auto less = room.Withdraw(b, second);
  ASSERT_THAT(less.changes, SizeIs(1));
  EXPECT_EQ(less.changes[0].event->state(), v1::EVENT_STATE_UPDATED);
  EXPECT_EQ(less.changes[0].event->publisher_count(), 1u);
  const auto gone = room.Withdraw(a, first);
  ASSERT_THAT(gone.changes, SizeIs(1));
  EXPECT_EQ(gone.changes[0].event->state(), v1::EVENT_STATE_RETRACTED);
  EXPECT_THAT(gone.changes[0].event->evidence(), IsEmpty());
  EXPECT_NE(room.Publish({"2", "C", 0, {Expulsion(kBugged)}}).event_ids, first.event_ids);
}

TEST(Stories, ACorrectedItemChangesItsEventAndRetractsWhatItNoLongerTells) {
  Newsroom room;
  v1::DiplomaticEvent criticism = Event(v1::EVENT_TYPE_ACCUSE, "criticism", "NOR", "POL", "Norway criticised Poland over salmon.");
  const auto before = room.Publish({"1", "A", 0, {OnDay(Expulsion(kBugged), 1), criticism}});
  const auto after = room.Correct({"1", "A", 0, {OnDay(Expulsion(kBuggedToo), 2)}, 1}, before);
  EXPECT_EQ(after.event_ids.at(0), before.event_ids.at(0));
  EXPECT_EQ(room.Find(before.event_ids[0]).event_date().day(), 2);
  EXPECT_EQ(room.Find(before.event_ids[0]).state(), v1::EVENT_STATE_UPDATED);
  EXPECT_EQ(room.Find(before.event_ids[1]).state(), v1::EVENT_STATE_RETRACTED);
}

// Three unchanged sentences make the second item a copy of the first.
Article CopyWith(v1::DiplomaticEvent changed) {
  return {"9",
          "B",
          0,
          {Event(v1::EVENT_TYPE_ACCUSE, "criticism", "NOR", "POL", "Norway criticised Poland over salmon farms."),
           Event(v1::EVENT_TYPE_AGREE, "aid_pledged", "JPN", "VNM", "Japan pledged aid to Vietnam for bridges."),
           Event(v1::EVENT_TYPE_CONSULT, "leader_call", "EGY", "SDN", "Egypt and Sudan spoke about dams."), std::move(changed)}};
}

TEST(Stories, ACopyIsAnItemAndNoPublisher) {
  Newsroom room;
  Article original = CopyWith(Expulsion(kBugged));
  original.id = "1";
  original.publisher = "A";
  const auto first = room.Publish(original);
  const auto copy = room.Publish(CopyWith(Expulsion(kBuggedToo)));
  EXPECT_EQ(copy.outcome, v1::PUBLISH_OUTCOME_NEAR_DUPLICATE);
  EXPECT_EQ(copy.original_news_item_id, "1");
  EXPECT_EQ(copy.event_ids, first.event_ids);
  EXPECT_THAT(copy.changes, IsEmpty());
  const auto exact = room.Publish({"10", "C", 0, original.events});
  EXPECT_EQ(exact.outcome, v1::PUBLISH_OUTCOME_NEAR_DUPLICATE);
  EXPECT_EQ(exact.event_ids, first.event_ids);
}

TEST(Stories, DidNotSignInACopyNeverCorroborates) {
  Newsroom room;
  v1::DiplomaticEvent signing =
      Event(v1::EVENT_TYPE_SUPPORT, "treaty_signed", "CHL", "PER", "Chile did sign the water treaty with Peru.");
  Article original = CopyWith(signing);
  original.id = "1";
  original.publisher = "A";
  const auto first = room.Publish(original);
  v1::DiplomaticEvent negated = signing;
  negated.set_factuality(v1::FACTUALITY_NEGATED);
  negated.mutable_evidence(0)->set_sentence("Chile did not sign the water treaty with Peru.");
  const auto copy = room.Publish(CopyWith(negated));
  EXPECT_EQ(copy.outcome, v1::PUBLISH_OUTCOME_NEAR_DUPLICATE);
  EXPECT_NE(copy.event_ids.at(3), first.event_ids.at(3));
  EXPECT_THAT(room.Find(copy.event_ids[3]).contradicted_event_ids(), ElementsAre(first.event_ids[3]));
}

// Every way an item can go wrong or the process can end leaves what was stored, and a retry gives what a run without them gives.
TEST(Memory, AnEndBetweenAnyTwoStepsChangesNothing) {
  std::vector<Article> articles;
  for (int i = 0; i < 40; ++i) {
    const std::string matter = i % 3 == 0   ? kBugged
                               : i % 3 == 1 ? kBuggedToo
                                            : "Kenya expelled two diplomats for smuggling carpets.";
    articles.push_back(
        {std::to_string(i), "publisher" + std::to_string(i % 7), i / 8, {Expulsion(matter + std::string(i % 5, '!'))}});
  }
  Newsroom calm({.copies = {.max_items = 10}, .max_events = 4}), rough({.copies = {.max_items = 10}, .max_events = 4});
  for (size_t i = 0; i < articles.size(); ++i) {
    const auto wanted = calm.Publish(articles[i]);
    rough.Learn(articles[i]);
    if (i % 2 == 0) rough.Fail();  // the append fails
    if (i % 2 == 1) rough.Restart();
    const auto got = rough.Publish(articles[i]);
    if (i % 3 == 0) rough.Restart();  // after the append, before the answer
    ASSERT_EQ(got.event_ids, wanted.event_ids) << i;
    ASSERT_EQ(got.changes.size(), wanted.changes.size()) << i;
  }
  EXPECT_EQ(rough.state.rows, calm.state.rows);
}

}  // namespace
}  // namespace demarche
