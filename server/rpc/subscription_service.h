#ifndef DEMARCHE_SERVER_RPC_SUBSCRIPTION_SERVICE_H_
#define DEMARCHE_SERVER_RPC_SUBSCRIPTION_SERVICE_H_

#include "demarche/v1/subscription_service.grpc.pb.h"

namespace demarche::rpc {

// Durable subscriptions: none of it is served yet, and each rpc says so (NOT_SERVED). Holds nothing; outlives the gRPC server.
class SubscriptionService final : public v1::SubscriptionService::CallbackService {
 public:
  grpc::ServerUnaryReactor* CreateSubscription(grpc::CallbackServerContext* context, const v1::CreateSubscriptionRequest* request,
                                               v1::CreateSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* GetSubscription(grpc::CallbackServerContext* context, const v1::GetSubscriptionRequest* request,
                                            v1::GetSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* ListSubscriptions(grpc::CallbackServerContext* context, const v1::ListSubscriptionsRequest* request,
                                              v1::ListSubscriptionsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSubscription(grpc::CallbackServerContext* context, const v1::UpdateSubscriptionRequest* request,
                                               v1::UpdateSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSubscription(grpc::CallbackServerContext* context, const v1::DeleteSubscriptionRequest* request,
                                               v1::DeleteSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* SeekSubscription(grpc::CallbackServerContext* context, const v1::SeekSubscriptionRequest* request,
                                             v1::SeekSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context, const v1::ListDeadLettersRequest* request,
                                            v1::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* ReplayDeadLetters(grpc::CallbackServerContext* context, const v1::ReplayDeadLettersRequest* request,
                                              v1::ReplayDeadLettersResponse* response) override;
  grpc::ServerBidiReactor<v1::ConsumeRequest, v1::ConsumeResponse>* Consume(grpc::CallbackServerContext* context) override;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_SUBSCRIPTION_SERVICE_H_
