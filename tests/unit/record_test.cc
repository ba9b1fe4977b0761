#include "server/record/record.h"

#include "demarche/v1/event_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::record {
namespace {

v1::DiplomaticEvent Event() {
  v1::DiplomaticEvent event;
  event.set_event_id("e1");
  event.set_revision(1);
  event.set_state(v1::EVENT_STATE_NEW);
  event.set_type(v1::EVENT_TYPE_CONSULT);
  event.set_kind("leader_call");
  event.set_confidence(0.75);
  event.add_actors()->set_country_code("USA");
  event.add_recipients()->set_organization_code("NATO");
  event.mutable_event_date()->set_year(2025);
  event.mutable_event_date()->set_month(2);
  event.add_evidence()->set_publisher("Sample A");
  event.mutable_evidence(0)->set_sentence(std::string(300, 'x'));
  event.mutable_location()->set_country_code("CHE");
  return event;
}

TEST(Frame, RunsOfFramesAreABody) {
  v1::EventBatch batch;
  ASSERT_TRUE(batch.ParseFromString(MakeFrame(Event()) + MakeFrame(Event())));
  ASSERT_EQ(batch.events_size(), 2);
  EXPECT_EQ(batch.events(1).SerializeAsString(), Event().SerializeAsString());
}

TEST(Frame, GivesItsEventBack) {
  EXPECT_EQ(EventBytes(MakeFrame(Event())), Event().SerializeAsString());
  EXPECT_EQ(EventBytes(MakeFrame(Event()) + "x"), "");
  EXPECT_EQ(EventBytes("no frame"), "");
  EXPECT_EQ(EventBytes(""), "");
}

TEST(Header, HoldsWhatFiltersLookAt) {
  const stored::v1::FilterHeader header = MakeStoredEvent(Event()).header();
  EXPECT_EQ(header.state(), v1::EVENT_STATE_NEW);
  EXPECT_EQ(header.type(), v1::EVENT_TYPE_CONSULT);
  EXPECT_EQ(header.kind(), "leader_call");
  EXPECT_EQ(header.confidence(), 0.75);
  EXPECT_EQ(header.actors(0).country(), "USA");
  EXPECT_EQ(header.recipients(0).organization(), "NATO");
  EXPECT_EQ(header.event_date(), 20250200);
  EXPECT_EQ(header.publisher(), "Sample A");
  EXPECT_EQ(header.location_country(), "CHE");
}

TEST(Header, AnUnknownDateIsZero) { EXPECT_EQ(MakeHeader(v1::DiplomaticEvent()).event_date(), 0); }

}  // namespace
}  // namespace demarche::record
