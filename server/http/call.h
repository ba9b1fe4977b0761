#ifndef DEMARCHE_SERVER_HTTP_CALL_H_
#define DEMARCHE_SERVER_HTTP_CALL_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

namespace demarche::http {

// A stream without messages looks so often whether its client is still there.
inline constexpr absl::Duration kPresenceInterval = absl::Seconds(1);

// A call in bytes: one message goes out, messages come back. The thread of an HTTP request uses it, and waits; the stub outlives
// it.
class Call {
 public:
  Call(grpc::GenericStub& stub, const std::string& path, std::unique_ptr<grpc::ClientContext> context, const std::string& request);
  // Cancels the call.
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  enum class Got { kMessage, kEnd, kNothing };
  // The next message, or the end; nothing when neither came in time.
  Got Read(absl::Duration patience, std::string& message);
  // How the call ended; waits for it. Once.
  google::rpc::Status Finish();

 private:
  // For the operation under way, the only one. Whether it went well.
  bool Wait();

  const std::unique_ptr<grpc::ClientContext> context_;
  grpc::CompletionQueue queue_;
  const std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer incoming_;
  bool is_reading_ = false;
  bool is_finished_ = false;
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_CALL_H_
