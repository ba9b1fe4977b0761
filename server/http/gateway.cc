#include "server/http/gateway.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/error/error.h"
#include "server/http/body.h"
#include "server/http/call_context.h"
#include "server/http/event_stream.h"
#include "server/http/headers.h"
#include "server/http/json.h"
#include "server/http/parameters.h"
#include "server/http/rpc/dialect.h"
#include "server/limits/limits.h"

namespace demarche::http {
namespace {

constexpr char kJson[] = "application/json";

void Refuse(const google::rpc::Status& status, httplib::Response& response) {
  response.status = HttpCode(status.code());
  AddErrorHeaders(status, response);
  response.set_content(ErrorJson(status), kJson);
}

// Answers a call that was made for one message.
void Answer(const grpc::Status& status, const google::protobuf::Message& message, httplib::Response& response) {
  if (!status.ok()) return Refuse(DetailsOf(status), response);
  response.set_content(ToJson(message), kJson);
}

std::unique_ptr<grpc::ClientContext> UnaryContextOf(const httplib::Request& request) {
  auto context = ContextOf(request);
  context->set_deadline(std::chrono::system_clock::now() + limits::kHttpCallTime);
  return context;
}

}  // namespace

Gateway::Gateway(const std::shared_ptr<grpc::Channel>& channel, StreamSlots& slots)
    : stub_(channel), events_(v1::EventService::NewStub(channel)), items_(v1::IngestService::NewStub(channel)), slots_(slots) {}

void Gateway::AddTo(httplib::Server& server) {
  server.Get("/v1/events", [this](const auto& request, auto& response) { List(request, response); });
  server.Get("/v1/events:watch", [this](const auto& request, auto& response) { Watch(request, response); });
  server.Post("/v1/newsItems", [this](const httplib::Request& request, httplib::Response& response,
                                      const httplib::ContentReader& reader) { Publish(request, reader, response); });
}

void Gateway::List(const httplib::Request& request, httplib::Response& response) {
  const auto list = ListRequestOf(request);
  if (!list.ok()) return Refuse(error::ToRpc(list.status()), response);
  const auto context = UnaryContextOf(request);
  v1::ListEventsResponse page;
  Answer(events_->ListEvents(context.get(), *list, &page), page, response);
}

void Gateway::Publish(const httplib::Request& request, const httplib::ContentReader& reader, httplib::Response& response) {
  const auto body = ReadBody(reader, response);
  if (!body.ok()) {
    response.set_content(ErrorJson(error::ToRpc(body.status())), kJson);
    return EndConnection(response);
  }
  // Any other type a web page may post without asking for leave first.
  const std::string type = request.get_header_value("Content-Type");
  const Dialect* dialect = DialectOf(type);
  if (dialect == nullptr || dialect->content_type != std::string_view(kJson)) {
    const std::string problem = absl::StrCat("must be ", kJson, ", got '", type, "'");
    return Refuse(error::ToRpc(error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "Content-Type", problem)), response);
  }
  v1::PublishNewsItemRequest publish;
  if (absl::Status status = ParseJson(*body, *publish.mutable_news_item()); !status.ok()) {
    return Refuse(error::ToRpc(status), response);
  }
  const auto context = UnaryContextOf(request);
  v1::PublishNewsItemResponse published;
  const grpc::Status status = items_->PublishNewsItem(context.get(), publish, &published);
  Answer(status, published.result(), response);
}

void Gateway::Watch(const httplib::Request& request, httplib::Response& response) {
  const auto watch = WatchRequestOf(request);
  if (!watch.ok()) return Refuse(error::ToRpc(watch.status()), response);
  const std::shared_ptr<void> slot = slots_.Take();
  if (slot == nullptr) return Refuse(error::ToRpc(slots_.Full(absl::StatusCode::kUnavailable)), response);
  const auto stream = std::make_shared<EventStream>(stub_, ContextOf(request), *watch);
  if (!stream->Open()) return Refuse(stream->Finish(), response);
  AddStreamHeaders(response);
  response.set_chunked_content_provider("text/event-stream",
                                        [stream, slot](size_t, httplib::DataSink& sink) { return stream->Send(sink); });
}

}  // namespace demarche::http
