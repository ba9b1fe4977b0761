// What was erased in the log is read from nowhere else: the ring, the lanes and the cursors forget it.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/memory_log.h"
#include "server/record/record.h"
#include "server/subscription/cursor.h"

namespace demarche::subscription {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Kind = Step::Kind;

class ToldWaiter : public Waiter {
 public:
  void OnMore() override { ++count; }
  int count = 0;
};

class ForgetTest : public ::testing::Test {
 protected:
  // Revision 1 of the event that says the word, in a record of its own.
  void Append(const std::string& event_id, const std::string& word) {
    std::vector<stored::v1::Record> records(1);
    *records[0].add_events() = EventOf(event_id, word);
    records[0].mutable_item()->set_news_item_id(event_id);
    ASSERT_TRUE(log_.Append(records).ok());
    unpublished_.push_back(std::make_shared<const stored::v1::Record>(std::move(records[0])));
  }
  void Publish() {
    hub_.Publish(unpublished_);
    unpublished_.clear();
  }
  void Dispatch() {
    for (const WaiterPtr& waiter : hub_.Dispatch()) waiter->OnMore();
  }
  static stored::v1::StoredEvent EventOf(const std::string& event_id, const std::string& word) {
    v1::DiplomaticEvent event;
    event.set_event_id(event_id);
    event.set_revision(1);
    event.set_type(v1::EVENT_TYPE_AID);
    event.add_evidence()->set_sentence(word);
    return record::MakeStoredEvent(event);
  }
  // As the committing thread does it.
  void Erase(const std::string& event_id) {
    stored::v1::Record record;
    record.mutable_item()->set_news_item_id("purge");
    ASSERT_TRUE(log_.Erase(record, {.revisions = {EventOf(event_id, "")}}).ok());
    hub_.Forget();
    unpublished_.push_back(std::make_shared<const stored::v1::Record>(std::move(record)));
    Publish();
  }
  // Everything up to the end, as sent; the kinds of other steps are noted.
  std::string ReadOn(Cursor& cursor) {
    std::string bytes;
    while (true) {
      const auto step = cursor.Next(waiter_, /*may_read=*/true);
      EXPECT_TRUE(step.ok()) << step.status();
      if (!step.ok() || step->kind == Kind::kIdle) return bytes;
      if (step->kind == Kind::kFellBehind) ++fell_behind_;
      if (step->batch == nullptr) continue;
      for (const Batch::Piece& piece : step->batch->pieces) bytes.append(piece.data.get(), piece.size);
    }
  }
  Cursor Open(const std::string& filter = "") {
    return Cursor(log_, hub_, FilterSet({*query::Filter::Compile(filter)}), 0, v1::ON_EXPIRED_FAIL);
  }

  log::MemoryLog log_;
  Hub hub_{log_.info(), {}};
  std::shared_ptr<ToldWaiter> waiter_ = std::make_shared<ToldWaiter>();
  std::vector<log::RecordPtr> unpublished_;
  int fell_behind_ = 0;
};

class ForgetWithFilterTest : public ForgetTest, public testing::WithParamInterface<const char*> {};

TEST_P(ForgetWithFilterTest, ALaggingWatchIsGivenWhatTheLogHas) {
  Cursor cursor = Open(GetParam());
  Append("e", "secret");
  Append("f", "other");
  Publish();
  Dispatch();
  Erase("e");
  Dispatch();
  EXPECT_THAT(ReadOn(cursor), testing::AllOf(Not(HasSubstr("secret")), HasSubstr("other"), HasSubstr("e")));
}

TEST_P(ForgetWithFilterTest, WhatWasNotDispatchedYetComesFromTheLog) {
  Cursor cursor = Open(GetParam());
  ReadOn(cursor);
  Append("e", "secret");
  Publish();
  Erase("e");
  Dispatch();
  EXPECT_EQ(waiter_->count, 1) << "it is told of more";
  EXPECT_THAT(ReadOn(cursor), testing::AllOf(Not(HasSubstr("secret")), HasSubstr("e")));
}

INSTANTIATE_TEST_SUITE_P(Filters, ForgetWithFilterTest, testing::Values("", "type = AID"),
                         [](const auto& param) { return std::string(*param.param == '\0' ? "None" : "Type"); });

// A dispatch that took its revisions before holds them alive.
TEST_F(ForgetTest, WhatADispatchHoldsAlreadyIsGivenByNoLane) {
  Router router(0);
  Router::Member& member = router.Join(FilterSet({*query::Filter::Compile("")}));
  Append("e", "secret");
  const auto chunk = std::make_shared<Chunk>(1, 10, 10'000);
  chunk->Add(hub_.writer(), unpublished_[0]->events(0).frame(), 1);
  router.Forget(1);
  Router::Member& late = router.Join(FilterSet({*query::Filter::Compile("type = AID")}));
  std::vector<WaiterPtr> woken;
  const Placed placed{unpublished_[0], chunk, 0, 0, 1};
  router.Dispatch({&placed, 1}, 0, 1, woken);
  for (Router::Member* of : {&member, &late}) {
    EXPECT_TRUE(of->lane().Take(0, 10, waiter_).is_behind) << "the log has it";
    EXPECT_EQ(of->lane().Take(1, 10, waiter_).batch, nullptr);
    router.Leave(*of);
  }
}

TEST_F(ForgetTest, WhatACursorReadBeforeIsReadAgain) {
  for (int i = 0; i < 3; ++i) Append("e" + std::to_string(i), "secret" + std::to_string(i));
  Cursor cursor = Open();  // they are in the log alone
  const auto first = cursor.Next(waiter_, /*may_read=*/true, /*max_events=*/1);
  ASSERT_EQ(first->kind, Kind::kEvents);
  unpublished_.clear();
  Erase("e1");
  EXPECT_THAT(ReadOn(cursor),
              testing::AllOf(Not(HasSubstr("secret1")), HasSubstr("secret2"), HasSubstr("e1"), Not(HasSubstr("secret0"))))
      << "each once, and none as it was";
}

TEST_F(ForgetTest, AWatchThatHasEverythingGoesOnFromTheRing) {
  Cursor cursor = Open();
  Append("e", "secret");
  Publish();
  Dispatch();
  ReadOn(cursor);
  Erase("e");
  Append("f", "other");
  Publish();
  Dispatch();
  EXPECT_THAT(ReadOn(cursor), HasSubstr("other"));
  EXPECT_EQ(fell_behind_, 0);
}

}  // namespace
}  // namespace demarche::subscription
