#include "server/http/event_stream.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/http/json.h"

namespace demarche::http {
namespace {

constexpr char kWatchEvents[] = "/demarche.v1.EventService/WatchEvents";

// Browsers wait this long before they reconnect.
constexpr char kRetryLine[] = "retry: 2000\n";

std::string Text(const std::string& id, const std::string& name, const std::string& data) {
  return absl::StrCat(id.empty() ? "" : absl::StrCat("id: ", id, "\n"), "event: ", name, "\ndata: ", data, "\n\n");
}

// The position that a message says is reached; empty when it says nothing of the kind.
std::string PositionOf(const v1::WatchEventsResponse& message) {
  switch (message.response_case()) {
    case v1::WatchEventsResponse::kStarted:
      return message.started().position();
    case v1::WatchEventsResponse::kProgress:
      return message.progress().position();
    case v1::WatchEventsResponse::kCaughtUp:
      return message.caught_up().position();
    case v1::WatchEventsResponse::kFellBehind:
      return message.fell_behind().position();
    case v1::WatchEventsResponse::kGap:
      return message.gap().resumed_at();
    case v1::WatchEventsResponse::kDraining:
      return message.draining().position();
    default:
      return "";
  }
}

}  // namespace

std::string ToServerSentEvents(const v1::WatchEventsResponse& message) {
  std::string text;
  if (message.has_event_batch()) {
    const v1::EventBatch& batch = message.event_batch();
    for (int i = 0; i < batch.events_size(); ++i) text += Text(batch.positions(i), "event", EventJson(batch, i));
    return text;
  }
  const auto* descriptor = v1::WatchEventsResponse::GetDescriptor();
  const auto* reflection = v1::WatchEventsResponse::GetReflection();
  const auto* field = reflection->GetOneofFieldDescriptor(message, descriptor->oneof_decl(0));
  if (field == nullptr) return "";
  if (message.has_started()) text = kRetryLine;
  return text + Text(PositionOf(message), field->name(), ToJson(reflection->GetMessage(message, field)));
}

EventStream::EventStream(grpc::GenericStub& stub, std::unique_ptr<grpc::ClientContext> context,
                         const v1::WatchEventsRequest& request)
    : call_(stub, kWatchEvents, std::move(context), request.SerializeAsString()) {}

bool EventStream::Open() {
  has_first_ = call_.Read(absl::InfiniteDuration(), first_) == Call::Got::kMessage;
  return has_first_;
}

bool EventStream::Send(httplib::DataSink& sink) {
  std::string bytes = std::move(first_);
  const Call::Got got = std::exchange(has_first_, false) ? Call::Got::kMessage : call_.Read(kPresenceInterval, bytes);
  if (got == Call::Got::kNothing) return sink.is_writable();
  if (got == Call::Got::kEnd) {
    const std::string last = Text("", "error", ErrorJson(Finish()));
    sink.write(last.data(), last.size());
    sink.done();
    return true;
  }
  v1::WatchEventsResponse message;
  message.ParseFromString(bytes);
  const std::string text = ToServerSentEvents(message);
  return sink.write(text.data(), text.size());
}

}  // namespace demarche::http
