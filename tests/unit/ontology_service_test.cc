#include "server/rpc/ontology_service.h"

#include <memory>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace demarche::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The service with the built-in tables behind a real socket.
class OntologyServiceTest : public ::testing::Test {
 protected:
  OntologyServiceTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ =
        v1::OntologyService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  }
  ~OntologyServiceTest() override { server_->Shutdown(); }

  v1::LookupActorResponse Lookup(const std::string& name, absl::CivilDay day) {
    v1::LookupActorRequest request;
    request.set_name(name);
    request.mutable_time()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone())));
    v1::LookupActorResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->LookupActor(&context, request, &response).ok());
    return response;
  }
  grpc::Status List(const v1::ListOfficeTermsRequest& request, v1::ListOfficeTermsResponse& response) {
    grpc::ClientContext context;
    return stub_->ListOfficeTerms(&context, request, &response);
  }

  run::Current<run::Resources> resources_{std::make_shared<const run::Resources>(*run::Resources::Load())};
  OntologyService service_{resources_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::OntologyService::Stub> stub_;
};

TEST_F(OntologyServiceTest, SaysWhoSomebodyIsOnADay) {
  const auto kallas = Lookup("Kallas", absl::CivilDay(2025, 2, 13));
  ASSERT_GE(kallas.actors_size(), 1);
  EXPECT_EQ(kallas.actors(0).entity_id(), "person/kaja-kallas");
  EXPECT_EQ(kallas.actors(0).organization_code(), "EU");
  EXPECT_EQ(Lookup("Kallas", absl::CivilDay(2023, 2, 13)).actors(0).country_code(), "EST");
  const auto minister = Lookup("foreign minister of Iran", absl::CivilDay(2019, 5, 1));
  ASSERT_EQ(minister.actors_size(), 1);
  EXPECT_EQ(minister.actors(0).display_name(), "Mohammad Javad Zarif");
  EXPECT_FALSE(minister.actors(0).office_stale());
  EXPECT_TRUE(Lookup("Kallas", absl::CivilDay(2099, 1, 1)).actors(0).office_stale());
}

TEST_F(OntologyServiceTest, ListsTheTermsOfAnOffice) {
  v1::ListOfficeTermsRequest request;
  request.set_code("IRN");
  request.set_role("foreign_minister");
  request.mutable_start_time()->set_seconds(1388534400);  // 2014-01-01
  request.mutable_end_time()->set_seconds(1672531200);    // 2023-01-01
  v1::ListOfficeTermsResponse response;
  ASSERT_TRUE(List(request, response).ok());
  std::vector<std::string> names;
  for (const v1::OfficeTerm& term : response.terms()) names.push_back(term.display_name());
  EXPECT_THAT(names, ElementsAre("Mohammad Javad Zarif", "Hossein Amir-Abdollahian"));
  EXPECT_EQ(response.terms(0).office(), "Foreign Minister of Iran");
  EXPECT_EQ(response.terms(0).start_date(), "2013-08-15");
  EXPECT_FALSE(response.terms(0).end_date().empty());
}

TEST_F(OntologyServiceTest, RefusesWhatItDoesNotKnow) {
  v1::ListOfficeTermsRequest request;
  v1::ListOfficeTermsResponse response;
  EXPECT_THAT(List(request, response).error_message(), HasSubstr("code"));
  request.set_code("ZZZ");
  EXPECT_EQ(List(request, response).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_code("IRN");
  request.set_role("jester");
  EXPECT_EQ(List(request, response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_role("");
  request.mutable_start_time()->set_seconds(1672531200);
  request.mutable_end_time()->set_seconds(1388534400);
  EXPECT_THAT(List(request, response).error_message(), HasSubstr("end_time"));
}

}  // namespace
}  // namespace demarche::rpc
