#include "client/cli/json.h"

#include "absl/strings/str_cat.h"
#include "client/cpp/utf8.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/wrappers.pb.h"

namespace demarche::cli {
namespace {

// The parser quotes the input in its messages: a line of a megabyte is not worth reading.
constexpr size_t kMaxMessageBytes = 300;

}  // namespace

std::string ToJson(const google::protobuf::Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  // Only an Any of an unknown type or a time out of range fails.
  if (!status.ok()) return absl::StrCat("{\"error\":", JsonString(std::string(status.message())), "}");
  return json;
}

std::string JsonString(const std::string& text) {
  google::protobuf::StringValue value;
  value.set_value(text);
  std::string json;
  return google::protobuf::util::MessageToJsonString(value, &json).ok() ? json : "\"\"";
}

std::string ParseNewsItem(const std::string& line, v1::NewsItem* item) {
  if (const size_t at = client::FindInvalidUtf8(line); at != std::string::npos) {
    return absl::StrCat("is not valid UTF-8 at byte ", at + 1, " of the line");
  }
  const auto status = google::protobuf::util::JsonStringToMessage(line, item);
  if (status.ok()) return "";
  std::string message(status.message());
  // One line of words: the parser's drawing of the place spans three.
  message = message.substr(0, message.find('\n'));
  if (message.size() > kMaxMessageBytes) message = message.substr(0, kMaxMessageBytes) + "...";
  return absl::StrCat("is not a NewsItem in JSON: ", message);
}

std::string EventLine(const v1::EventBatch& batch, int index) {
  std::string line = "{\"position\":";
  absl::StrAppend(&line, JsonString(index < batch.positions_size() ? batch.positions(index) : ""));
  if (index < batch.append_times_size()) absl::StrAppend(&line, ",\"appendTime\":", ToJson(batch.append_times(index)));
  if (index < batch.filter_exit_size() && batch.filter_exit(index)) line += ",\"filterExit\":true";
  absl::StrAppend(&line, ",\"event\":", ToJson(batch.events(index)), "}");
  return line;
}

std::string OutcomeLine(const std::string& source, const client::ItemOutcome& outcome) {
  std::string line = absl::StrCat("{\"source\":", JsonString(source));
  const std::string result = ToJson(outcome.result);  // an object
  if (result.size() > 2) absl::StrAppend(&line, ",", result.substr(1, result.size() - 2));
  if (!outcome.error.ok()) {
    absl::StrAppend(&line, ",\"error\":{\"code\":", JsonString(client::CodeName(outcome.error.code)));
    if (!outcome.error.reason.empty()) absl::StrAppend(&line, ",\"reason\":", JsonString(outcome.error.reason));
    absl::StrAppend(&line, ",\"message\":", JsonString(client::Describe(outcome.error)), "}");
  }
  return line + "}";
}

}  // namespace demarche::cli
