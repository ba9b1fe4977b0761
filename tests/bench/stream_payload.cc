#include "tests/bench/stream_payload.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "server/record/record.h"

namespace demarche::bench {
namespace {

constexpr size_t kSmallBytes = 386;

v1::DiplomaticEvent SmallEvent(int number) {
  v1::DiplomaticEvent event;
  event.set_event_id(std::string(16, '0'));
  event.set_revision(1);
  event.set_type(v1::EVENT_TYPE_CONSULT);
  event.set_kind("leader_call");
  event.set_confidence(0.9);
  event.add_actors()->set_country_code(PartyCode(number % kParties));
  const size_t bytes = event.ByteSizeLong();
  event.add_evidence()->set_sentence(std::string(kSmallBytes - bytes - 6, 'x'));
  return event;
}

// What the classifier finds in the demo's articles.
std::vector<v1::DiplomaticEvent> DemoEvents() {
  std::vector<v1::DiplomaticEvent> events;
  const std::string command = DEMARCHE_BIN_DIR "/demarched classify --output jsonl < " DEMARCHE_SOURCE_DIR "/demo/articles.jsonl";
  FILE* output = popen(command.c_str(), "r");
  if (output == nullptr) return events;
  std::string text;
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) {
    if (c != '\n') {
      text.push_back(static_cast<char>(c));
      continue;
    }
    google::protobuf::Struct line;
    if (!google::protobuf::util::JsonStringToMessage(text, &line).ok()) break;
    const auto found = line.fields().find("events");
    text.clear();
    if (found == line.fields().end()) continue;
    for (const auto& value : found->second.list_value().values()) {
      std::string json;
      const bool is_event = google::protobuf::util::MessageToJsonString(value.struct_value(), &json).ok() &&
                            google::protobuf::util::JsonStringToMessage(json, &events.emplace_back()).ok();
      if (!is_event) events.pop_back();
    }
  }
  pclose(output);
  return events;
}

}  // namespace

std::vector<v1::DiplomaticEvent> LoadEvents(const std::string& payload) {
  std::vector<v1::DiplomaticEvent> events;
  if (payload == "demo") {
    events = DemoEvents();
  } else {
    for (int i = 0; i < kParties; ++i) events.push_back(SmallEvent(i));
  }
  if (events.empty()) {
    std::cerr << "no events for the payload '" << payload << "'\n";
    std::exit(1);
  }
  return events;
}

size_t MeanBytes(const std::vector<v1::DiplomaticEvent>& events) {
  size_t bytes = 0;
  for (const v1::DiplomaticEvent& event : events) bytes += event.ByteSizeLong();
  return bytes / events.size();
}

std::string PartyCode(int number) {
  return {static_cast<char>('A' + number / 26 / 26 % 26), static_cast<char>('A' + number / 26 % 26),
          static_cast<char>('A' + number % 26)};
}

stored::v1::Record MakeRecord(const std::vector<v1::DiplomaticEvent>& events, int first, int count) {
  stored::v1::Record record;
  record.mutable_item()->set_news_item_id("item-" + std::to_string(first));
  for (int i = 0; i < count; ++i) {
    *record.add_events() = record::MakeStoredEvent(events[static_cast<size_t>(first + i) % events.size()]);
  }
  return record;
}

std::vector<std::shared_ptr<stored::v1::Record>> MakeRecords(const std::vector<v1::DiplomaticEvent>& events, int count) {
  std::vector<std::shared_ptr<stored::v1::Record>> records;
  for (int first = 0; first < count; first += kEventsOfRecord) {
    records.push_back(std::make_shared<stored::v1::Record>(MakeRecord(events, first, std::min(kEventsOfRecord, count - first))));
    records.back()->clear_item();
  }
  return records;
}

uint64_t PublishAll(subscription::Hub& hub, const std::vector<std::shared_ptr<stored::v1::Record>>& records, uint64_t after) {
  std::vector<log::RecordPtr> together;
  for (const auto& record : records) {
    after += static_cast<uint64_t>(record->events_size());
    record->set_last_position(after);
    record->set_append_time_us(1'750'000'000'000'000 + static_cast<int64_t>(after / kEventsOfRecord / kRecordsOfPublish));
    together.push_back(record);
    if (together.size() < kRecordsOfPublish && record != records.back()) continue;
    hub.Publish(together);
    together.clear();
  }
  return after;
}

}  // namespace demarche::bench
