#include "server/http/call.h"

#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "server/http/json.h"

namespace demarche::http {
namespace {

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace

Call::Call(grpc::GenericStub& stub, const std::string& path, std::unique_ptr<grpc::ClientContext> context,
           const std::string& request)
    : context_(std::move(context)), stream_(stub.PrepareCall(context_.get(), path, &queue_)) {
  stream_->StartCall(this);
  if (!Wait()) return;  // Finish knows why
  stream_->WriteLast(BufferOf(request), grpc::WriteOptions(), this);
  Wait();
}

Call::~Call() {
  context_->TryCancel();
  if (!is_finished_) Finish();
  queue_.Shutdown();
  Wait();
}

bool Call::Wait() {
  void* tag = nullptr;
  bool is_ok = false;
  return queue_.Next(&tag, &is_ok) && is_ok;
}

Call::Got Call::Read(absl::Duration patience, std::string& message) {
  if (!is_reading_) {
    stream_->Read(&incoming_, this);
    is_reading_ = true;
  }
  void* tag = nullptr;
  bool is_ok = false;
  const auto deadline = absl::ToChronoTime(absl::Now() + patience);
  if (queue_.AsyncNext(&tag, &is_ok, deadline) == grpc::CompletionQueue::TIMEOUT) return Got::kNothing;
  is_reading_ = false;
  if (!is_ok) return Got::kEnd;
  message = BytesOf(incoming_);
  return Got::kMessage;
}

google::rpc::Status Call::Finish() {
  if (is_reading_) Wait();
  is_reading_ = false;
  is_finished_ = true;
  grpc::Status status;
  stream_->Finish(&status, this);
  Wait();
  return DetailsOf(status);
}

}  // namespace demarche::http
