#include "server/rpc/guard.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/support/server_callback.h"
#include "openssl/rand.h"
#include "pipeline/document/hash.h"
#include "server/error/error.h"
#include "server/rpc/status.h"

namespace demarche::rpc {
namespace {

using grpc::internal::MethodHandler;

constexpr size_t kRequestIdBytes = 8;
constexpr size_t kMaxRequestIdBytes = 64;

// The first value of a header.
std::string_view Header(const grpc::CallbackServerContext& context, const char* name) {
  const auto found = context.client_metadata().find(name);
  return found == context.client_metadata().end() ? std::string_view()
                                                  : std::string_view(found->second.data(), found->second.size());
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string RequestIdOf(const grpc::CallbackServerContext& context) {
  const std::string_view given = Header(context, "x-request-id");
  if (!given.empty() && given.size() <= kMaxRequestIdBytes && IsPrintable(given)) return std::string(given);
  unsigned char bytes[kRequestIdBytes] = {};
  RAND_bytes(bytes, sizeof(bytes));
  return ToHex({reinterpret_cast<const char*>(bytes), sizeof(bytes)});
}

// Over the loopback interface, a socket in the file system, or the channel inside this process.
bool IsThisMachine(const std::string& peer) {
  const bool is_network = absl::StartsWith(peer, "ipv4:") || absl::StartsWith(peer, "ipv6:");
  return !is_network || absl::StartsWith(peer, "ipv4:127.") || absl::StartsWith(peer, "ipv6:[::1]") ||
         absl::StartsWith(peer, "ipv6:%5B::1%5D");
}

std::string Property(const grpc::AuthContext& auth, const char* name) {
  const auto values = auth.FindPropertyValues(name);
  return values.empty() ? "" : std::string(values.front().data(), values.front().size());
}

// Answers a call of each kind with a status, without looking at what was sent.
class Refusal : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Refusal(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};
class WriteRefusal : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  explicit WriteRefusal(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

// Stands before the handler of a method.
class GuardedHandler : public MethodHandler {
 public:
  GuardedHandler(MethodHandler& inner, const google::protobuf::MethodDescriptor& method, Guard& guard)
      : inner_(inner),
        name_(method.service()->full_name() + "/" + method.name()),
        reads_first_(!method.client_streaming()),
        is_streaming_(method.client_streaming() || method.server_streaming()),
        guard_(guard) {}

  // Keeps the bytes as they are until it is known whether they are wanted.
  void* Deserialize(grpc_call*, grpc_byte_buffer* request, grpc::Status*, void**) override { return request; }

  void RunHandler(const HandlerParameter& call) override {
    auto& context = static_cast<CallContext&>(*call.server_context);
    const absl::Status status = guard_.Admit(name_, is_streaming_, context);
    if (call.request != nullptr) context.caller.CountMessage(grpc_byte_buffer_length(static_cast<grpc_byte_buffer*>(call.request)));
    if (!status.ok()) {
      const auto refuse = RefuserOf(status);
      return Run(*refuse, call, call.call_requester);
    }
    if (!is_streaming_) return Run(inner_, call, call.call_requester);
    Run(inner_, call, [close = guard_.OpenStream(name_, context), done = call.call_requester] {
      close();
      done();
    });
  }

 private:
  void Run(MethodHandler& handler, const HandlerParameter& call, std::function<void()> done) const {
    grpc::Status status = call.status;
    void* request = nullptr;
    void* data = nullptr;
    if (reads_first_) {
      request = handler.Deserialize(call.call->call(), static_cast<grpc_byte_buffer*>(call.request), &status, &data);
    }
    handler.RunHandler(HandlerParameter(call.call, call.server_context, request, status, data, std::move(done)));
  }

  std::unique_ptr<MethodHandler> RefuserOf(const absl::Status& status) const {
    using grpc::ByteBuffer;
    if (!reads_first_) {
      return std::make_unique<grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>>(
          [status](grpc::CallbackServerContext*) { return new Refusal(status); });
    }
    if (is_streaming_) {
      return std::make_unique<grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>>(
          [status](grpc::CallbackServerContext*, const ByteBuffer*) { return new WriteRefusal(status); });
    }
    return std::make_unique<grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>>(
        [status](grpc::CallbackServerContext* context, const ByteBuffer*, ByteBuffer*) {
          grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
          reactor->Finish(ToGrpc(status));
          return reactor;
        });
  }

  MethodHandler& inner_;
  const std::string name_;
  const bool reads_first_;  // the request comes before the handler runs
  const bool is_streaming_;
  Guard& guard_;
};

// The handler of a method of a service, which gRPC shows to the service alone.
struct Opened : grpc::Service {
  static MethodHandler& HandlerOf(grpc::Service& service, int index) { return *(service.*(&Opened::GetHandler))(index); }
};

grpc::internal::RpcMethod::RpcType TypeOf(const google::protobuf::MethodDescriptor& method) {
  using grpc::internal::RpcMethod;
  if (method.client_streaming()) return method.server_streaming() ? RpcMethod::BIDI_STREAMING : RpcMethod::CLIENT_STREAMING;
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
}

}  // namespace

absl::Status Guard::Admit(const std::string& method, bool is_streaming, CallContext& context) {
  const std::string peer = context.peer();
  const auto auth = context.auth_context();
  const std::string security = auth == nullptr ? "" : Property(*auth, "transport_security_type");
  const bool is_tls = security == "tls" || security == "ssl";
  const std::string subject = is_tls && auth->IsPeerAuthenticated() ? Property(*auth, "x509_common_name") : "";
  const auth::Credentials credentials{Header(context, "authorization"), subject, is_tls || IsThisMachine(peer)};
  Decision decision{method, is_streaming, peer, "", "", RequestIdOf(context), absl::OkStatus()};
  // Whether the server is healthy may be asked by everybody.
  const bool is_for_everybody = auth::ScopeOf(method) == auth::Scope::kNone;
  const absl::StatusOr<auth::Identity> identity = is_for_everybody ? auth::Identity() : authenticator_.Authenticate(credentials);
  decision.status = identity.status();
  if (identity.ok()) {
    decision.principal = identity->principal;
    decision.token_id = identity->token_id;
    decision.status = auth::CheckScope(method, *identity);
  }
  context.caller.reads = reads_of_(peer);
  if (decision.status.ok()) {
    auth::Quota& quota = quotas_.Of(identity->principal);
    context.caller = {identity->principal, &quota, decision.request_id, context.caller.reads};
    if (!is_for_everybody) context.caller.CountCall();
    if (is_streaming) decision.status = quota.OpenStream();
  }
  audit_(decision);
  return decision.status;
}

std::function<void()> Guard::OpenStream(const std::string& method, const CallContext& context) {
  const uint64_t number = sessions_.Add({context.caller.principal, context.peer(), method, absl::Now()});
  return [this, number, quota = context.caller.quota] {
    sessions_.Remove(number);
    quota->CloseStream();
  };
}

GuardedService::GuardedService(grpc::Service& service, const google::protobuf::ServiceDescriptor& descriptor, Guard& guard) {
  names_.reserve(static_cast<size_t>(descriptor.method_count()));
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const auto& method = *descriptor.method(i);
    names_.push_back("/" + descriptor.full_name() + "/" + method.name());
    auto* added = new grpc::internal::RpcServiceMethod(names_.back().c_str(), TypeOf(method),
                                                       new GuardedHandler(Opened::HandlerOf(service, i), method, guard));
    added->SetServerApiType(grpc::internal::RpcServiceMethod::ApiType::CALL_BACK);
    AddMethod(added);
  }
}

}  // namespace demarche::rpc
