#include "server/tracing/otlp.h"

#include <utility>
#include <variant>

#include "demarche/otlp/v1/trace.pb.h"
#include "google/protobuf/util/json_util.h"

namespace demarche::tracing {
namespace {

constexpr char kServiceName[] = "demarched";
constexpr char kScopeName[] = "demarche.ingest";
constexpr int kInternal = 1;  // SpanKind
constexpr int kServer = 2;
constexpr int kError = 2;  // StatusCode

void AddAttribute(const std::string& key, const std::variant<std::string, int64_t>& value,
                  google::protobuf::RepeatedPtrField<otlp::v1::KeyValue>& attributes) {
  otlp::v1::KeyValue& attribute = *attributes.Add();
  attribute.set_key(key);
  if (const auto* text = std::get_if<std::string>(&value)) {
    attribute.mutable_value()->set_string_value(*text);
  } else {
    attribute.mutable_value()->set_int_value(std::get<int64_t>(value));
  }
}

void Fill(const Span& span, otlp::v1::Span& out) {
  out.set_trace_id(span.context.trace_id);
  out.set_span_id(span.context.span_id);
  out.set_parent_span_id(span.parent_span_id);
  out.set_trace_state(span.context.state);
  out.set_flags(span.context.flags);
  out.set_name(span.name);
  out.set_kind(span.is_server ? kServer : kInternal);
  out.set_start_time_unix_nano(static_cast<uint64_t>(span.start_ns));
  out.set_end_time_unix_nano(static_cast<uint64_t>(span.end_ns));
  for (const auto& [key, value] : span.attributes) AddAttribute(key, value, *out.mutable_attributes());
  if (span.error.empty()) return;
  out.mutable_status()->set_code(kError);
  out.mutable_status()->set_message(span.error);
}

}  // namespace

absl::StatusOr<std::string> ToOtlpJson(const std::vector<Span>& spans, const std::string& service_version) {
  otlp::v1::ExportTraceServiceRequest request;
  otlp::v1::ResourceSpans& of_server = *request.add_resource_spans();
  AddAttribute("service.name", kServiceName, *of_server.mutable_resource()->mutable_attributes());
  AddAttribute("service.version", service_version, *of_server.mutable_resource()->mutable_attributes());
  otlp::v1::ScopeSpans& of_scope = *of_server.add_scope_spans();
  of_scope.mutable_scope()->set_name(kScopeName);
  of_scope.mutable_scope()->set_version(service_version);
  for (const Span& span : spans) Fill(span, *of_scope.add_spans());
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(request, &json);
  if (!status.ok()) return absl::InvalidArgumentError(status.message().as_string());
  return json;
}

}  // namespace demarche::tracing
