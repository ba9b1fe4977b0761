#ifndef DEMARCHE_SERVER_RPC_GUARD_H_
#define DEMARCHE_SERVER_RPC_GUARD_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "server/auth/authenticator.h"
#include "server/auth/quota.h"
#include "server/rpc/caller.h"
#include "server/rpc/sessions.h"

namespace demarche::rpc {

// What the guard decided of a call. Never texts or tokens.
struct Decision {
  std::string method;
  bool is_streaming = false;
  std::string peer;
  std::string principal;  // empty when it is not known
  std::string token_id;   // empty without one
  std::string request_id;
  absl::Status status;  // why not
};

// Decides of every call whether it is served. Any thread; what it refers to outlives it.
class Guard {
 public:
  using Auditor = std::function<void(const Decision&)>;                      // from any thread; must not block
  using ReadsOf = std::function<listen::ReadsPtr(const std::string& peer)>;  // the same
  Guard(auth::Authenticator& authenticator, auth::Quotas& quotas, Sessions& sessions, Auditor audit, ReadsOf reads_of)
      : authenticator_(authenticator),
        quotas_(quotas),
        sessions_(sessions),
        audit_(std::move(audit)),
        reads_of_(std::move(reads_of)) {}

  // Sets who calls. UNAUTHENTICATED, PERMISSION_DENIED, QUOTA_EXCEEDED.
  absl::Status Admit(const std::string& method, bool is_streaming, CallContext& context);
  // A stream was admitted: counted until the function that is given back is called, once.
  std::function<void()> OpenStream(const std::string& method, const CallContext& context);

 private:
  auth::Authenticator& authenticator_;
  auth::Quotas& quotas_;
  Sessions& sessions_;
  const Auditor audit_;
  const ReadsOf reads_of_;
};

// A service behind a guard: its calls reach it, read and parsed, when the guard admits them, and are refused unread otherwise.
// Register it in place of the service, with a server whose contexts come from CallContextAllocator. Service and guard outlive the
// server.
class GuardedService : public grpc::Service {
 public:
  // `service` serves the methods of the descriptor with callbacks.
  GuardedService(grpc::Service& service, const google::protobuf::ServiceDescriptor& descriptor, Guard& guard);

 private:
  std::vector<std::string> names_;  // gRPC keeps no copies
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_GUARD_H_
