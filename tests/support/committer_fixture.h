#ifndef DEMARCHE_TESTS_SUPPORT_COMMITTER_FIXTURE_H_
#define DEMARCHE_TESTS_SUPPORT_COMMITTER_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ingest/coder.h"
#include "server/ingest/committer.h"
#include "server/record/record.h"
#include "tests/support/fake_log.h"
#include "tests/support/line_stage.h"
#include "tests/support/newsroom.h"

namespace demarche::testing_support {

// The stages that remember in the committing thread; what a coder would give is given by hand. All is of the principal 'p'.
class CommitterFixture : public testing::Test {
 protected:
  CommitterFixture() { Restart(); }

  // As after the end of the process: what is not in the log is gone. `stored` has what was remembered, and is read until the next
  // one.
  void Restart() { Restart(log_); }
  void Restart(const stage::KeyedState& stored) {
    committer_.reset();
    memory_ = *run::Memory::Open(stored, {});
    coder_ = std::make_unique<ingest::Coder>(runner_, log_, *memory_, /*store_text=*/true);
    committer_ = std::make_unique<ingest::Committer>(log_, *memory_, *coder_);
  }
  ingest::TicketPtr Ticketed(const Article& article, tracing::ItemTracePtr trace = nullptr) {
    auto ticket = std::make_unique<ingest::Ticket>();
    ticket->trace = std::move(trace);
    ticket->item = Newsroom::ItemOf(article);
    ticket->principal = "p";
    coder_->Code(*ticket);
    ticket->coded = Newsroom::CodedOf(article);
    return ticket;
  }
  static ingest::TicketPtr Withdrawal(const std::string& publisher, const std::string& id, bool is_purge = false) {
    auto ticket = std::make_unique<ingest::Ticket>();
    ticket->is_withdrawal = true;
    ticket->is_purge = is_purge;
    ticket->item.set_publisher(publisher);
    ticket->item.set_news_item_id(id);
    ticket->principal = "p";
    return ticket;
  }
  std::vector<log::RecordPtr> Commit(std::vector<ingest::TicketPtr>& group) { return committer_->Commit(group); }
  absl::StatusOr<ingest::Published> CommitOne(ingest::TicketPtr ticket) {
    std::vector<ingest::TicketPtr> group;
    group.push_back(std::move(ticket));
    durable_ = Commit(group);
    return *group[0]->result;
  }
  v1::DiplomaticEvent Latest(const std::string& event_id) {
    v1::DiplomaticEvent event;
    EXPECT_TRUE(event.ParseFromString(std::string(record::EventBytes(log_.FindEvent(event_id)->event.frame()))));
    return event;
  }

  FakeLog log_;
  run::Runner runner_{LinePlan()};
  std::unique_ptr<run::Memory> memory_;
  std::unique_ptr<ingest::Coder> coder_;
  std::unique_ptr<ingest::Committer> committer_;
  std::vector<log::RecordPtr> durable_;  // of the last CommitOne
};

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_COMMITTER_FIXTURE_H_
