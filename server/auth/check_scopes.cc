// Fails the build when the table of scopes and the services differ: an rpc without a row, a row without an rpc. Prints the table as
// a page otherwise.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "demarche/v1/admin_service.pb.h"
#include "demarche/v1/classifier_service.pb.h"
#include "demarche/v1/event_service.pb.h"
#include "demarche/v1/ingest_service.pb.h"
#include "demarche/v1/ontology_service.pb.h"
#include "demarche/v1/subscription_service.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "server/auth/scope.h"

namespace demarche {
namespace {

std::vector<std::string> Methods() {
  const google::protobuf::FileDescriptor* files[] = {v1::GetPipelineStatusRequest::descriptor()->file(),
                                                     v1::ClassifyNewsItemRequest::descriptor()->file(),
                                                     v1::WatchEventsRequest::descriptor()->file(),
                                                     v1::PublishNewsItemRequest::descriptor()->file(),
                                                     v1::LookupActorRequest::descriptor()->file(),
                                                     v1::CreateSubscriptionRequest::descriptor()->file(),
                                                     grpc::health::v1::HealthCheckRequest::descriptor()->file()};
  std::vector<std::string> methods;
  for (const auto* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      const auto* service = file->service(i);
      for (int j = 0; j < service->method_count(); ++j) methods.push_back(service->full_name() + "/" + service->method(j)->name());
    }
  }
  std::sort(methods.begin(), methods.end());
  return methods;
}

int Check() {
  const std::vector<std::string> methods = Methods();
  int faults = 0;
  for (const std::string& method : methods) {
    if (auth::ScopeOf(method).has_value()) continue;
    std::cerr << "server/auth/scope.cc: no row for " << method << ": say which scope it asks for\n";
    ++faults;
  }
  for (const auth::ScopeRow& row : auth::ScopeTable()) {
    if (std::binary_search(methods.begin(), methods.end(), std::string(row.method))) continue;
    std::cerr << "server/auth/scope.cc: there is no rpc " << row.method << '\n';
    ++faults;
  }
  if (faults > 0) return 1;
  std::cout << "| rpc | scope |\n| --- | --- |\n";
  for (const std::string& method : methods)
    std::cout << "| " << method << " | " << auth::ScopeName(*auth::ScopeOf(method)) << " |\n";
  return 0;
}

}  // namespace
}  // namespace demarche

int main() { return demarche::Check(); }
