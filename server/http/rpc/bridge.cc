#include "server/http/rpc/bridge.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "server/error/error.h"
#include "server/http/body.h"
#include "server/http/call_context.h"
#include "server/http/headers.h"
#include "server/http/json.h"
#include "server/limits/limits.h"

namespace demarche::http {
namespace {

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

bool IsStream(const google::protobuf::MethodDescriptor& method) { return method.server_streaming() || method.client_streaming(); }

// gRPC-Web has one form for both kinds of calls, Connect has one for each.
bool Fits(const Dialect& dialect, bool is_stream) {
  return dialect.protocol == Protocol::kGrpcWeb || (dialect.protocol == Protocol::kConnectStream) == is_stream;
}

void RefuseType(const httplib::Request& request, const std::string& wanted, httplib::Response& response) {
  const absl::Status status = error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "Content-Type",
                                              absl::StrCat("'", request.get_header_value("Content-Type"), "', where ", wanted));
  response.status = 415;
  response.set_header("Accept-Post", ContentTypes());
  response.set_content(ErrorJson(error::ToRpc(status)), "application/json");
}

// Writes what comes next. False when the client has gone.
bool SendNext(Call& call, const Dialect& dialect, const google::protobuf::Descriptor& type, httplib::DataSink& sink) {
  std::string message;
  google::rpc::Status status;
  switch (call.Read(kPresenceInterval, message)) {
    case Call::Got::kNothing:
      return sink.is_writable();
    case Call::Got::kMessage: {
      const auto written = Written(message, dialect, type);
      if (written.ok()) return sink.write(written->data(), written->size());
      status = error::ToRpc(written.status());
      break;
    }
    case Call::Got::kEnd:
      status = call.Finish();
      break;
  }
  const std::string last = WrittenEnd(status, dialect);
  sink.write(last.data(), last.size());
  sink.done();
  return true;
}

}  // namespace

Bridge::Bridge(const std::shared_ptr<grpc::Channel>& channel, std::vector<std::string> services, StreamSlots& slots)
    : stub_(channel), services_(std::move(services)), slots_(slots) {}

void Bridge::AddTo(httplib::Server& server) {
  for (const std::string& name : services_) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) {
      const Method& method = *service->method(i);
      const std::string pattern = absl::StrReplaceAll(PathOf(method), {{".", "\\."}});
      server.Post(pattern, [this, &method](const httplib::Request& request, httplib::Response& response,
                                           const httplib::ContentReader& reader) { Serve(method, request, reader, response); });
    }
  }
}

void Bridge::Serve(const Method& method, const httplib::Request& request, const httplib::ContentReader& reader,
                   httplib::Response& response) {
  const Dialect* dialect = DialectOf(request.get_header_value("Content-Type"));
  const auto body = ReadBody(reader, response);
  if (dialect == nullptr) {
    RefuseType(request, "one of these is wanted: " + ContentTypes(), response);
  } else if (!Fits(*dialect, IsStream(method))) {
    RefuseType(request,
               PathOf(method) + (IsStream(method) ? " is a stream: application/connect+json or +proto"
                                                  : " is no stream: application/json or /proto"),
               response);
  } else if (!body.ok()) {
    WriteError(error::ToRpc(body.status()), *dialect, response);
  } else if (IsStream(method)) {
    ServeStream(method, *dialect, request, *body, response);
  } else {
    ServeUnary(method, *dialect, request, *body, response);
  }
  if (!body.ok()) EndConnection(response);
}

absl::StatusOr<std::shared_ptr<Call>> Bridge::Open(const Method& method, const Dialect& dialect, const httplib::Request& request,
                                                   const std::string& body) {
  const std::string version = request.get_header_value("Connect-Protocol-Version");
  if (!version.empty() && version != "1") {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "Connect-Protocol-Version", "must be 1, got '" + version + "'");
  }
  auto timeout = TimeoutOf(request, dialect);
  if (!timeout.ok()) return timeout.status();
  if (*timeout == absl::ZeroDuration()) return absl::DeadlineExceededError("the client does not wait at all");
  const auto message = MessageOf(body, dialect, *method.input_type());
  if (!message.ok()) return message.status();
  auto context = ContextOf(request);
  if (!IsStream(method)) {
    const absl::Duration most = absl::FromChrono(limits::kHttpCallTime);
    timeout = std::min(timeout->value_or(most), most);
  }
  if (timeout->has_value()) context->set_deadline(absl::ToChronoTime(absl::Now() + **timeout));
  return std::make_shared<Call>(stub_, PathOf(method), std::move(context), *message);
}

void Bridge::ServeUnary(const Method& method, const Dialect& dialect, const httplib::Request& request, const std::string& body,
                        httplib::Response& response) {
  const auto call = Open(method, dialect, request, body);
  if (!call.ok()) return WriteError(error::ToRpc(call.status()), dialect, response);
  std::string message;
  (*call)->Read(absl::InfiniteDuration(), message);  // it has a deadline
  const google::rpc::Status status = (*call)->Finish();
  if (status.code() != 0) return WriteError(status, dialect, response);
  auto written = Written(message, dialect, *method.output_type());
  if (!written.ok()) return WriteError(error::ToRpc(written.status()), dialect, response);
  if (dialect.protocol == Protocol::kGrpcWeb) *written += WrittenEnd(status, dialect);
  response.set_content(*written, dialect.content_type);
}

void Bridge::ServeStream(const Method& method, const Dialect& dialect, const httplib::Request& request, const std::string& body,
                         httplib::Response& response) {
  AddStreamHeaders(response);
  if (method.client_streaming()) {
    return WriteError(error::ToRpc(error::Make(absl::StatusCode::kUnimplemented, v1::ERROR_REASON_NOT_SERVED,
                                               PathOf(method) + " takes a stream of requests, which HTTP/1.1 does not carry: "
                                                                "use gRPC")),
                      dialect, response);
  }
  const std::shared_ptr<void> slot = slots_.Take();
  if (slot == nullptr) return WriteError(error::ToRpc(slots_.Full(absl::StatusCode::kResourceExhausted)), dialect, response);
  const auto call = Open(method, dialect, request, body);
  if (!call.ok()) return WriteError(error::ToRpc(call.status()), dialect, response);
  response.set_chunked_content_provider(
      dialect.content_type, [call = *call, slot, &dialect, &type = *method.output_type()](size_t, httplib::DataSink& sink) {
        return SendNext(*call, dialect, type, sink);
      });
}

}  // namespace demarche::http
