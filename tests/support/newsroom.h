#ifndef DEMARCHE_TESTS_SUPPORT_NEWSROOM_H_
#define DEMARCHE_TESTS_SUPPORT_NEWSROOM_H_

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/dedup/prints.h"
#include "pipeline/document/document.h"
#include "pipeline/run/memory.h"
#include "pipeline/stage/keyed_state.h"

namespace demarche::testing_support {

// State in a map.
class MapState : public stage::KeyedState {
 public:
  absl::StatusOr<std::string> FindState(std::string_view key) const override {
    const auto row = rows.find(key);
    if (row == rows.end()) return absl::NotFoundError("no such row");
    return row->second;
  }
  absl::Status VisitState(std::string_view prefix, const Visitor& visit) const override {
    for (auto row = rows.lower_bound(prefix); row != rows.end() && row->first.starts_with(prefix); ++row) {
      if (absl::Status status = visit(row->first, row->second); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  void Apply(const stored::v1::Record& record) {
    for (const stored::v1::StateChange& change : record.state()) {
      if (change.has_value()) {
        rows[change.key()] = change.value();
      } else {
        rows.erase(change.key());
      }
    }
  }

  std::map<std::string, std::string, std::less<>> rows;
};

// The print of an item whose body is plain text, a sentence a line.
inline document::Print PrintOf(const v1::NewsItem& item) {
  document::Document document(item);
  std::string& body = document.texts[static_cast<int>(document::Field::kBody)].text;
  body = item.body();
  for (size_t at = 0; at < body.size();) {
    const size_t end = body.find('\n', at);
    document.sentences.emplace_back().span = {static_cast<uint32_t>(at), static_cast<uint32_t>(end)};
    at = end + 1;
  }
  if (!dedup::Prints().Process(document).ok()) std::abort();
  return document.print;
}

// What one item reports: events as a coder would give them, one sentence each.
struct Article {
  std::string id;
  std::string publisher;
  int day = 0;  // of publication, counted from 2024-03-01
  std::vector<v1::DiplomaticEvent> events;
  uint32_t supersedes = 0;
};

// The stages that remember, with a state of their own: items are given to them as coded. `stored` lets a test stop before what was
// learnt is stored.
class Newsroom {
 public:
  explicit Newsroom(run::MemoryOptions options = {}) : options_(options) { Restart(); }

  // As after an end without warning: all that was not stored is gone.
  void Restart() { memory_ = *run::Memory::Open(state, options_); }

  static v1::NewsItem ItemOf(const Article& article) {
    v1::NewsItem item;
    item.set_news_item_id(article.id);
    item.set_publisher(article.publisher);
    item.set_supersedes_revision(article.supersedes);
    item.mutable_publish_time()->set_seconds((19'783 + int64_t{1} * article.day) * 86'400 + 36'000);
    for (const v1::DiplomaticEvent& event : article.events) item.set_body(item.body() + event.evidence(0).sentence() + "\n");
    return item;
  }

  static run::Coded CodedOf(const Article& article) {
    const v1::NewsItem item = ItemOf(article);
    run::Coded coded;
    coded.events = article.events;
    coded.print = PrintOf(item);
    for (size_t i = 0; i < coded.events.size(); ++i) {
      v1::DiplomaticEvent& event = coded.events[i];
      event.set_event_id(article.publisher + "/" + article.id + "/" + std::to_string(article.supersedes) + "/" + std::to_string(i));
      event.set_revision(1);
      event.set_state(v1::EVENT_STATE_NEW);
      event.set_publisher_count(1);
      event.set_item_count(1);
      *event.mutable_publish_time() = item.publish_time();
    }
    return coded;
  }

  // Up to the moment before it is stored.
  run::Remembered Learn(const Article& article, const run::Earlier* earlier = nullptr) {
    const v1::NewsItem item = ItemOf(article);
    run::Coded coded = CodedOf(article);
    return *(earlier == nullptr ? memory_->Remember(item, coded) : memory_->Correct(item, coded, *earlier));
  }
  void Store() {
    stored::v1::Record record;
    memory_->changes().AddItemTo(record);
    state.Apply(record);
    memory_->changes().Committed();
  }
  void Fail() { memory_->changes().Discard(); }

  run::Remembered Publish(const Article& article) {
    run::Remembered remembered = Learn(article);
    Store();
    return remembered;
  }
  run::Remembered Correct(const Article& article, const run::Remembered& before) {
    const run::Earlier earlier{before.event_ids, before.known_item, {}};
    run::Remembered remembered = Learn(article, &earlier);
    Store();
    return remembered;
  }
  run::Remembered Withdraw(const Article& article, const run::Remembered& before) {
    run::Remembered remembered = *memory_->Withdraw(article.publisher, article.id, {before.event_ids, before.known_item, {}});
    Store();
    return remembered;
  }
  v1::DiplomaticEvent Find(const std::string& event_id) const { return *memory_->FindEvent(event_id); }

  MapState state;

 private:
  const run::MemoryOptions options_;
  std::unique_ptr<run::Memory> memory_;
};

inline v1::Actor State(std::string code) {
  v1::Actor actor;
  static const std::map<std::string, std::string> names = {{"CHL", "Chile"}, {"EGY", "Egypt"},  {"GHA", "Ghana"}, {"JPN", "Japan"},
                                                           {"KEN", "Kenya"}, {"NOR", "Norway"}, {"PER", "Peru"},  {"POL", "Poland"},
                                                           {"SDN", "Sudan"}, {"VNM", "Vietnam"}};
  actor.set_display_name(names.at(code));
  actor.set_country_code(std::move(code));
  return actor;
}

// A actual event of today between two states, told by a sentence.
inline v1::DiplomaticEvent Event(v1::EventType type, std::string kind, const std::string& actor, const std::string& recipient,
                                 std::string sentence) {
  v1::DiplomaticEvent event;
  event.set_type(type);
  event.set_kind(std::move(kind));
  *event.add_actors() = State(actor);
  *event.add_recipients() = State(recipient);
  event.set_factuality(v1::FACTUALITY_ACTUAL);
  event.set_time_frame(v1::TIME_FRAME_CURRENT);
  event.add_evidence()->set_sentence(std::move(sentence));
  return event;
}

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_NEWSROOM_H_
