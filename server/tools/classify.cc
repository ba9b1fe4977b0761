#include "server/tools/classify.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "demarche/v1/classifier_service.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace demarche::tools {
namespace {

constexpr size_t kLinesPerRound = 256;

struct Line {
  uint64_t number = 0;
  std::string text;
  std::string answer;
  std::string error;  // empty when coded
};

std::string ToJson(const google::protobuf::Message& message) {
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json);  // cannot fail for messages without Any
  return json;
}

void Reject(const std::string& id, const std::string& error, Line& line) {
  google::protobuf::Struct answer;
  (*answer.mutable_fields())["newsItemId"].set_string_value(id);
  (*answer.mutable_fields())["outcome"].set_string_value(v1::PublishOutcome_Name(v1::PUBLISH_OUTCOME_REJECTED));
  (*answer.mutable_fields())["error"].set_string_value(error);
  line.answer = ToJson(answer);
  line.error = error;
}

void CodeLine(const run::Runner& runner, const ClassifyOptions& options, Line& line) {
  v1::NewsItem item;
  if (const auto status = google::protobuf::util::JsonStringToMessage(line.text, &item); !status.ok()) {
    // Its first line: the parser's drawing of the place quotes the input, bytes that are not UTF-8 included.
    const std::string message(status.message().data(), status.message().size());
    return Reject("", "not a NewsItem: " + message.substr(0, message.find('\n')), line);
  }
  if (options.validate) {
    if (const absl::Status status = options.validate(item); !status.ok()) {
      return Reject(item.news_item_id(), std::string(status.message()), line);
    }
  }
  auto coded = runner.Run(item, options.explain);
  if (!coded.ok()) return Reject(item.news_item_id(), std::string(coded.status().message()), line);
  v1::ClassifyNewsItemResponse response;
  response.set_news_item_id(coded->news_item_id);
  response.set_outcome(coded->outcome);
  for (v1::DiplomaticEvent& event : coded->events) *response.add_events() = std::move(event);
  for (v1::StageTrace& trace : coded->stages) *response.add_stages() = std::move(trace);
  line.answer = ToJson(response);
}

}  // namespace

ClassifyCounts Classify(const run::Runner& runner, const ClassifyOptions& options, std::istream& in, std::ostream& out,
                        std::ostream& talk) {
  ClassifyCounts counts;
  uint64_t number = 0;
  std::vector<Line> lines;
  while (in && out) {
    lines.clear();
    for (std::string text; lines.size() < kLinesPerRound && std::getline(in, text);) {
      ++number;
      if (text.find_first_not_of(" \t\r") != std::string::npos) lines.push_back({number, std::move(text), "", ""});
    }
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < options.workers; ++i) {
      threads.emplace_back([&] {
        for (size_t at = next++; at < lines.size(); at = next++) CodeLine(runner, options, lines[at]);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Line& line : lines) {
      out << line.answer << '\n';
      ++counts.items;
      if (line.error.empty()) continue;
      ++counts.rejected;
      talk << "line " << line.number << ": " << line.error << '\n';
    }
    out.flush();
  }
  return counts;
}

}  // namespace demarche::tools
