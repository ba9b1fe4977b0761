#include "server/tools/classify.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "demarche/v1/classifier_service.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "pipeline/run/memory.h"
#include "pipeline/stage/keyed_state.h"

namespace demarche::tools {
namespace {

constexpr size_t kLinesPerRound = 256;

struct Line {
  uint64_t number = 0;
  std::string text;
  v1::NewsItem item;
  run::Coded coded;
  std::string answer;  // set when it was rejected; else made of what was coded
  std::string error;   // empty when coded
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
  v1::NewsItem& item = line.item;
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
  line.coded = *std::move(coded);
  item.set_news_item_id(line.coded.news_item_id);
}

// Nothing is stored: all that was learnt stays among the changes.
class NoState final : public stage::KeyedState {
 public:
  absl::StatusOr<std::string> FindState(std::string_view) const override { return absl::NotFoundError("nothing is stored"); }
  absl::Status VisitState(std::string_view, const Visitor&) const override { return absl::OkStatus(); }
};

// Each event as the reports so far have made it.
void Remember(run::Memory& memory, Line& line) {
  auto remembered = memory.Remember(line.item, line.coded);
  if (!remembered.ok()) return Reject(line.coded.news_item_id, std::string(remembered.status().message()), line);
  line.coded.outcome = remembered->outcome;
  line.coded.events.clear();
  for (const std::string& event_id : remembered->event_ids) {
    auto event = memory.FindEvent(event_id);
    if (!event.ok()) return Reject(line.coded.news_item_id, std::string(event.status().message()), line);
    line.coded.events.push_back(*std::move(event));
  }
}

void Answer(Line& line) {
  v1::ClassifyNewsItemResponse response;
  response.set_news_item_id(line.coded.news_item_id);
  response.set_outcome(line.coded.outcome);
  for (v1::DiplomaticEvent& event : line.coded.events) *response.add_events() = std::move(event);
  for (v1::StageTrace& trace : line.coded.stages) *response.add_stages() = std::move(trace);
  line.answer = ToJson(response);
}

}  // namespace

ClassifyCounts Classify(const run::Runner& runner, const ClassifyOptions& options, std::istream& in, std::ostream& out,
                        std::ostream& talk) {
  ClassifyCounts counts;
  const NoState nothing;
  const auto memory = run::Memory::Open(nothing, {});
  uint64_t number = 0;
  std::vector<Line> lines;
  while (in && out) {
    lines.clear();
    for (std::string text; lines.size() < kLinesPerRound && std::getline(in, text);) {
      ++number;
      if (text.find_first_not_of(" \t\r") != std::string::npos)
        lines.emplace_back().number = number, lines.back().text = std::move(text);
    }
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < options.workers; ++i) {
      threads.emplace_back([&] {
        for (size_t at = next++; at < lines.size(); at = next++) CodeLine(runner, options, lines[at]);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (Line& line : lines) {
      if (line.error.empty() && options.stories) Remember(**memory, line);
      if (line.error.empty()) Answer(line);
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
