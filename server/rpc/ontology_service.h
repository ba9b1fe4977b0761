#ifndef DEMARCHE_SERVER_RPC_ONTOLOGY_SERVICE_H_
#define DEMARCHE_SERVER_RPC_ONTOLOGY_SERVICE_H_

#include <memory>

#include "demarche/v1/ontology_service.grpc.pb.h"
#include "pipeline/actors/directory.h"
#include "pipeline/resources/ontology/ontology.h"

namespace demarche::rpc {

// What the classifier knows: types, modes, kinds, who an actor is on a date, and who held offices when. Answers from memory, so in
// gRPC's threads.
class OntologyService final : public v1::OntologyService::CallbackService {
 public:
  OntologyService(std::shared_ptr<const ontology::Ontology> ontology, std::shared_ptr<const actors::Directory> directory)
      : ontology_(std::move(ontology)), directory_(std::move(directory)) {}

  grpc::ServerUnaryReactor* ListEventTypes(grpc::CallbackServerContext* context, const v1::ListEventTypesRequest* request,
                                           v1::ListEventTypesResponse* response) override;
  grpc::ServerUnaryReactor* ListEventKinds(grpc::CallbackServerContext* context, const v1::ListEventKindsRequest* request,
                                           v1::ListEventKindsResponse* response) override;
  grpc::ServerUnaryReactor* LookupActor(grpc::CallbackServerContext* context, const v1::LookupActorRequest* request,
                                        v1::LookupActorResponse* response) override;
  grpc::ServerUnaryReactor* ListOfficeTerms(grpc::CallbackServerContext* context, const v1::ListOfficeTermsRequest* request,
                                            v1::ListOfficeTermsResponse* response) override;

 private:
  std::shared_ptr<const ontology::Ontology> ontology_;
  std::shared_ptr<const actors::Directory> directory_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ONTOLOGY_SERVICE_H_
