#ifndef DEMARCHE_SERVER_RPC_CALLER_H_
#define DEMARCHE_SERVER_RPC_CALLER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server_context.h"
#include "server/auth/authenticator.h"
#include "server/auth/quota.h"
#include "server/listen/inflow.h"

namespace demarche::rpc {

// Who makes a call. Set by the guard before the service sees the call.
struct Caller {
  std::string principal = auth::kAnonymous;
  auth::Quota* quota = nullptr;  // null: none; lives as long as the server
  std::string request_id;        // as the client gave it, or made here
  listen::ReadsPtr reads;        // of its connection; null: not counted

  absl::Status TakeItem(size_t bytes) const { return quota == nullptr ? absl::OkStatus() : quota->TakeItem(bytes); }
  void CountCall() const {
    if (reads != nullptr) ++reads->calls;
  }
  // A message has come, of so many bytes.
  void CountMessage(size_t bytes) const {
    if (reads == nullptr) return;
    reads->message_bytes += bytes;
    ++reads->messages;
  }
};

// The filters of one stream, which count for its caller until it ends. Not of several threads at a time.
class HeldFilters {
 public:
  explicit HeldFilters(auth::Quota* quota) : quota_(quota) {}
  ~HeldFilters() { Change(0).IgnoreError(); }
  HeldFilters(const HeldFilters&) = delete;
  HeldFilters& operator=(const HeldFilters&) = delete;

  // As Quota::ChangeFilters.
  absl::Status Change(size_t wanted) {
    if (quota_ == nullptr) return absl::OkStatus();
    if (absl::Status status = quota_->ChangeFilters(count_, wanted); !status.ok()) return status;
    count_ = wanted;
    return absl::OkStatus();
  }

 private:
  auth::Quota* const quota_;
  size_t count_ = 0;
};

// The context of each call of a guarded server.
class CallContext : public grpc::CallbackServerContext {
 public:
  Caller caller;
};

class CallContextAllocator : public grpc::ContextAllocator {
 public:
  grpc::CallbackServerContext* NewCallbackServerContext() override { return new CallContext; }
  void Release(grpc::CallbackServerContext* context) override { delete context; }
  // Of calls to methods that are not there, which gRPC releases as it does the others.
  grpc::GenericCallbackServerContext* NewGenericCallbackServerContext() override { return new grpc::GenericCallbackServerContext; }
  void Release(grpc::GenericCallbackServerContext* context) override { delete context; }
};

// Who makes the call; the anonymous one in a server without a guard.
inline Caller CallerOf(const grpc::CallbackServerContext& context) {
  const auto* known = dynamic_cast<const CallContext*>(&context);
  return known == nullptr ? Caller() : known->caller;
}

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_CALLER_H_
