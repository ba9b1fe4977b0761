// Subscribe over a real connection.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/stream_server.h"

namespace demarche::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class SubscribeTest : public ::testing::Test {
 protected:
  ~SubscribeTest() override {
    context.TryCancel();
    if (!is_finished) Finish();
  }
  void Start(const std::vector<v1::NamedFilter>& filters = {}) {
    v1::SubscribeRequest request;
    request.mutable_start()->mutable_start()->set_earliest(true);
    for (const auto& filter : filters) *request.mutable_start()->add_filters() = filter;
    stream->Write(request);
  }
  void Grant(uint64_t events, uint64_t bytes = 0) {
    v1::SubscribeRequest request;
    request.mutable_grant()->set_events(events);
    request.mutable_grant()->set_bytes(bytes);
    stream->Write(request);
  }
  void Change(const std::vector<v1::NamedFilter>& filters) {
    v1::SubscribeRequest request;
    request.mutable_change_filters();
    for (const auto& filter : filters) *request.mutable_change_filters()->add_filters() = filter;
    stream->Write(request);
  }
  void Ping(uint64_t nonce) {
    v1::SubscribeRequest request;
    request.mutable_ping()->set_nonce(nonce);
    stream->Write(request);
  }
  // The next message that is no CaughtUp.
  v1::SubscribeResponse Next() {
    v1::SubscribeResponse response;
    while (stream->Read(&response) && response.message().has_caught_up()) continue;
    return response;
  }
  std::vector<std::string> NextIds(size_t count) {
    std::vector<std::string> ids;
    while (ids.size() < count) {
      v1::SubscribeResponse response;
      if (!stream->Read(&response)) break;
      for (const auto& event : response.message().event_batch().events()) ids.push_back(event.event_id());
    }
    return ids;
  }
  grpc::Status Finish() {
    is_finished = true;
    for (v1::SubscribeResponse response; stream->Read(&response);) continue;
    return stream->Finish();
  }
  static v1::NamedFilter Named(const std::string& name, const std::string& filter) {
    v1::NamedFilter named;
    named.set_name(name);
    named.set_filter(filter);
    return named;
  }

  StreamServer server;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubscribeRequest, v1::SubscribeResponse>> stream =
      server.event_stub->Subscribe(&context);
  bool is_finished = false;
};

TEST_F(SubscribeTest, SendsAsMuchAsIsGranted) {
  server.Append(300, 10);
  Start();
  EXPECT_TRUE(Next().message().has_started());
  Ping(7);
  EXPECT_EQ(Next().pong(), 7u) << "no event without credit";
  Grant(2);
  EXPECT_THAT(NextIds(2), ElementsAre(StreamServer::AppendedId(1), StreamServer::AppendedId(2)));
  Ping(8);
  EXPECT_EQ(Next().pong(), 8u);
  Grant(298);
  EXPECT_THAT(NextIds(298), SizeIs(298));
}

TEST_F(SubscribeTest, LiveEventsTakeCreditToo) {
  Start();
  Next();
  Grant(1);
  server.Append(2, 10);
  EXPECT_THAT(NextIds(1), ElementsAre(StreamServer::AppendedId(1)));
  Grant(1);
  EXPECT_THAT(NextIds(1), ElementsAre(StreamServer::AppendedId(2)));
}

TEST_F(SubscribeTest, BytesThatWereTakenTooMuchAreADebt) {
  Start();
  Next();
  Grant(100, 1);
  server.Append(1, 1000);
  EXPECT_THAT(NextIds(1), SizeIs(1));
  server.Append(1, 1000);
  Grant(0, 500);
  Ping(1);
  EXPECT_EQ(Next().pong(), 1u);
  Grant(0, 1000);
  EXPECT_THAT(NextIds(1), ElementsAre(StreamServer::AppendedId(2)));
}

TEST_F(SubscribeTest, NewFiltersApplyAfterThePositionTold) {
  Start({Named("a", "type = AID")});
  Next();
  Grant(100);
  Change({Named("a", "type = CONSULT"), Named("b", "type = ASSAULT")});
  const v1::SubscribeResponse updated = Next();
  ASSERT_TRUE(updated.message().has_filters_updated());
  EXPECT_THAT(updated.message().filters_updated().filter_names(), ElementsAre("a", "b"));
  server.Publish(MakeItem("one", "event AID\nevent CONSULT"));
  const v1::SubscribeResponse batch = Next();
  ASSERT_THAT(batch.message().event_batch().events(), SizeIs(1));
  EXPECT_EQ(batch.message().event_batch().events(0).type(), v1::EVENT_TYPE_CONSULT);
  EXPECT_EQ(batch.message().event_batch().matched_filters(0), 1u);
}

TEST_F(SubscribeTest, StopEndsWell) {
  Start();
  Next();
  v1::SubscribeRequest request;
  request.mutable_stop();
  stream->Write(request);
  EXPECT_TRUE(Finish().ok());
}

TEST_F(SubscribeTest, RefusesWhatIsWrong) {
  Grant(1);
  EXPECT_EQ(ReasonOf(Finish()), "REQUEST_INVALID");
}

TEST_F(SubscribeTest, AWrongFilterEndsIt) {
  Start();
  Next();
  Change({Named("", "type = NONSENSE")});
  EXPECT_EQ(ReasonOf(Finish()), "FILTER_INVALID");
}

TEST_F(SubscribeTest, DrainingTellsThePosition) {
  server.Append(2, 10);
  Start();
  Next();
  Grant(2);
  NextIds(2);
  server.events.Drain();
  const v1::SubscribeResponse draining = Next();
  ASSERT_TRUE(draining.message().has_draining());
  EXPECT_EQ(draining.message().draining().position().back(), '2');
  EXPECT_EQ(ReasonOf(Finish()), "DRAINING");
}

}  // namespace
}  // namespace demarche::testing_support
