#include "tests/fault/log_records.h"

#include "absl/strings/str_cat.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

constexpr size_t kReadBytes = 64 << 10;

std::string IdOf(uint64_t item) { return absl::StrCat("item-", item); }

std::string TextOf(uint64_t item) { return absl::StrCat("text of ", item, " ", std::string(500 + item % 1'000, 't')); }

stored::v1::Record RecordOf(uint64_t item) {
  stored::v1::Record record = support::MakeRecord(IdOf(item), {}, TextOf(item));
  for (uint64_t i = 0; i < item % 3; ++i) {
    const std::string id = absl::StrCat("event-", item, "-", i);
    *record.add_events() = support::MakeEvent(id, 1, absl::StrCat("frame of ", id, std::string(300, 'f')));
  }
  return record;
}

// The first position after an item, when nothing was ever lost: of three items in a row, the events are none, one and two.
uint64_t PositionAfter(uint64_t item) { return 1 + 4 * ((item + 1) / 3) + (item + 1) % 3; }

// `stored` as it was before it was stamped.
std::string Unstamped(stored::v1::Record stored) {
  stored.clear_last_position();
  stored.clear_append_time_us();
  stored.mutable_item()->clear_last_position();
  stored.mutable_item()->clear_append_time_us();
  return stored.SerializeAsString();
}

std::string CheckRecord(const EventLog& log, const stored::v1::Record& stored, uint64_t item, bool may_lack_text = false) {
  stored::v1::Record expected = RecordOf(item);
  expected.clear_news_item();
  if (Unstamped(stored) != expected.SerializeAsString()) return absl::StrCat("item ", item, " is not as appended");
  const std::string id = IdOf(item);
  const ItemKey key{"principal", "publisher", id};
  const auto entry = log.FindItem(key);
  if (!entry.ok() || entry->last_position() != stored.last_position()) return absl::StrCat("item ", item, " is not found");
  const auto text = log.FindNewsItem(key);
  const bool is_lacking = may_lack_text && absl::IsNotFound(text.status());
  if (!is_lacking && (!text.ok() || *text != TextOf(item))) return absl::StrCat("the text of item ", item, " is not found");
  for (int i = 0; i < stored.events_size(); ++i) {
    const auto found = log.FindEvent(stored.events(i).event_id());
    if (!found.ok()) return absl::StrCat(found.status().ToString());
    if (found->position != stored.last_position() - stored.events_size() + 1 + i)
      return absl::StrCat("event of ", item, " is elsewhere");
  }
  return "";
}

}  // namespace

RocksDbLog::Options FaultOptions(const std::string& directory) {
  RocksDbLog::Options options;
  options.directory = directory;
  options.min_free_bytes = 0;
  options.store.write_buffer_bytes = 256 << 10;
  return options;
}

std::vector<stored::v1::Record> NextBatch(uint64_t item_count, uint64_t batch) {
  std::vector<stored::v1::Record> records;
  const uint64_t size = 1 + batch % 7;
  for (uint64_t i = 0; i < size; ++i) records.push_back(RecordOf(item_count + i));
  return records;
}

std::string Check(const EventLog& log, uint64_t acknowledged) {
  const LogInfo info = log.info();
  if (info.last_position < acknowledged) {
    return absl::StrCat("the log ends at position ", info.last_position, " but ", acknowledged, " was acknowledged");
  }
  uint64_t item = 0;
  for (uint64_t after = 0; after < info.last_position;) {
    const auto records = log.Read(after, kReadBytes);
    if (!records.ok()) return records.status().ToString();
    if (records->empty()) return absl::StrCat("nothing after position ", after);
    for (const RecordPtr& record : *records) {
      if (std::string fault = CheckRecord(log, *record, item++); !fault.empty()) return fault;
      after = record->last_position();
    }
  }
  return item == info.item_count ? "" : absl::StrCat(item, " items are there but ", info.item_count, " are counted");
}

std::string CheckRepaired(const EventLog& log, uint64_t* items) {
  *items = 0;
  uint64_t item = 0;
  const uint64_t end = log.info().last_position;
  for (uint64_t after = 0; after < end;) {
    const auto records = log.Read(after, kReadBytes);
    if (!records.ok()) return records.status().ToString();
    if (records->empty()) return absl::StrCat("nothing after position ", after);
    for (const RecordPtr& record : *records) {
      after = record->last_position();
      if (record->has_lost_after()) {
        // The item that follows the gap is the one whose position says so.
        while (PositionAfter(item) <= after + 1) ++item;
        continue;
      }
      if (std::string fault = CheckRecord(log, *record, item, true); !fault.empty()) return fault;
      if (PositionAfter(item) != after + 1) return absl::StrCat("item ", item, " ends at position ", after);
      ++item;
      ++*items;
    }
  }
  return "";
}

}  // namespace demarche::log
