#include "server/rpc/subscription_service.h"

#include "server/error/error.h"
#include "server/rpc/not_served.h"
#include "server/rpc/unary.h"

namespace demarche::rpc {

grpc::ServerUnaryReactor* SubscriptionService::CreateSubscription(grpc::CallbackServerContext* context,
                                                                  const v1::CreateSubscriptionRequest*,
                                                                  v1::CreateSubscriptionResponse*) {
  return Answer(context, error::NotServed("CreateSubscription"));
}

grpc::ServerUnaryReactor* SubscriptionService::GetSubscription(grpc::CallbackServerContext* context,
                                                               const v1::GetSubscriptionRequest*, v1::GetSubscriptionResponse*) {
  return Answer(context, error::NotServed("GetSubscription"));
}

grpc::ServerUnaryReactor* SubscriptionService::ListSubscriptions(grpc::CallbackServerContext* context,
                                                                 const v1::ListSubscriptionsRequest*,
                                                                 v1::ListSubscriptionsResponse*) {
  return Answer(context, error::NotServed("ListSubscriptions"));
}

grpc::ServerUnaryReactor* SubscriptionService::UpdateSubscription(grpc::CallbackServerContext* context,
                                                                  const v1::UpdateSubscriptionRequest*,
                                                                  v1::UpdateSubscriptionResponse*) {
  return Answer(context, error::NotServed("UpdateSubscription"));
}

grpc::ServerUnaryReactor* SubscriptionService::DeleteSubscription(grpc::CallbackServerContext* context,
                                                                  const v1::DeleteSubscriptionRequest*,
                                                                  v1::DeleteSubscriptionResponse*) {
  return Answer(context, error::NotServed("DeleteSubscription"));
}

grpc::ServerUnaryReactor* SubscriptionService::SeekSubscription(grpc::CallbackServerContext* context,
                                                                const v1::SeekSubscriptionRequest*, v1::SeekSubscriptionResponse*) {
  return Answer(context, error::NotServed("SeekSubscription"));
}

grpc::ServerUnaryReactor* SubscriptionService::ListDeadLetters(grpc::CallbackServerContext* context,
                                                               const v1::ListDeadLettersRequest*, v1::ListDeadLettersResponse*) {
  return Answer(context, error::NotServed("ListDeadLetters"));
}

grpc::ServerUnaryReactor* SubscriptionService::ReplayDeadLetters(grpc::CallbackServerContext* context,
                                                                 const v1::ReplayDeadLettersRequest*,
                                                                 v1::ReplayDeadLettersResponse*) {
  return Answer(context, error::NotServed("ReplayDeadLetters"));
}

grpc::ServerBidiReactor<v1::ConsumeRequest, v1::ConsumeResponse>* SubscriptionService::Consume(grpc::CallbackServerContext*) {
  return new NotServedStream<v1::ConsumeRequest, v1::ConsumeResponse>("Consume");
}

}  // namespace demarche::rpc
