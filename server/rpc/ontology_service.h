#ifndef DEMARCHE_SERVER_RPC_ONTOLOGY_SERVICE_H_
#define DEMARCHE_SERVER_RPC_ONTOLOGY_SERVICE_H_

#include "demarche/v1/ontology_service.grpc.pb.h"
#include "pipeline/run/current.h"
#include "pipeline/run/stage_list.h"

namespace demarche::rpc {

// What the classifier knows: types, modes, kinds, who an actor is on a date, and who held offices when. Answers from memory, so in
// gRPC's threads.
class OntologyService final : public v1::OntologyService::CallbackService {
 public:
  // Outlived by the resources, which may be replaced meanwhile.
  explicit OntologyService(const run::Current<run::Resources>& resources) : resources_(resources) {}

  grpc::ServerUnaryReactor* ListEventTypes(grpc::CallbackServerContext* context, const v1::ListEventTypesRequest* request,
                                           v1::ListEventTypesResponse* response) override;
  grpc::ServerUnaryReactor* ListEventKinds(grpc::CallbackServerContext* context, const v1::ListEventKindsRequest* request,
                                           v1::ListEventKindsResponse* response) override;
  grpc::ServerUnaryReactor* LookupActor(grpc::CallbackServerContext* context, const v1::LookupActorRequest* request,
                                        v1::LookupActorResponse* response) override;
  grpc::ServerUnaryReactor* ListOfficeTerms(grpc::CallbackServerContext* context, const v1::ListOfficeTermsRequest* request,
                                            v1::ListOfficeTermsResponse* response) override;

 private:
  const run::Current<run::Resources>& resources_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ONTOLOGY_SERVICE_H_
