#include "pipeline/run/memory.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/memory/memory.h"
#include "pipeline/dedup/prints.h"

namespace demarche::run {
namespace {

void AddOnce(const std::string& id, std::vector<std::string>& ids) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

std::vector<std::string> EventIdsOf(const stored::v1::KnownItem& item) {
  std::vector<std::string> ids;
  for (const stored::v1::SentenceEvent& event : item.events()) AddOnce(event.event_id(), ids);
  return ids;
}

// What the original's sentences tell of, for each event whose evidence stands unchanged in the original.
std::vector<std::vector<std::string>> InheritedBy(const std::vector<v1::DiplomaticEvent>& events, const dedup::Original& original) {
  std::vector<std::vector<std::string>> inherited(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    for (const v1::Evidence& evidence : events[i].evidence()) {
      const uint64_t sentence = dedup::SentenceDigest(evidence.sentence());
      if (!original.HasSentence(sentence)) continue;
      for (std::string& id : original.EventsOf(sentence)) AddOnce(id, inherited[i]);
    }
  }
  return inherited;
}

dedup::SentenceEvents SentenceEventsOf(const std::vector<v1::DiplomaticEvent>& events, const std::vector<std::string>& event_ids) {
  dedup::SentenceEvents sentences;
  for (size_t i = 0; i < events.size(); ++i) {
    for (const v1::Evidence& evidence : events[i].evidence()) {
      sentences.emplace_back(dedup::SentenceDigest(evidence.sentence()), event_ids[i]);
    }
  }
  return sentences;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Memory>> Memory::Open(const stage::KeyedState& stored, MemoryOptions options) {
  auto memory = absl::WrapUnique(new Memory(stored, options));
  if (absl::Status status = memory->dedup_.Load(stored); !status.ok()) return status;
  if (absl::Status status = memory->stories_.Load(stored); !status.ok()) return status;
  return memory;
}

absl::StatusOr<Remembered> Memory::RememberNew(const v1::NewsItem& item, Coded& coded, const Earlier& earlier) {
  Remembered remembered;
  remembered.outcome = coded.outcome;
  auto start = StageCounter::Clock::now();
  const auto original = dedup_.FindOriginal(item, coded.print, changes_);
  dedup_count_.AddItem(start);
  if (!original.ok()) return original.status();
  stories::Told told;
  told.publisher = item.publisher();
  told.news_item_id = item.news_item_id();
  told.told_before = earlier.event_ids;
  if (original->has_value()) {
    remembered.outcome = v1::PUBLISH_OUTCOME_NEAR_DUPLICATE;
    remembered.original_news_item_id = (*original)->item.news_item_id();
    told.is_copy = true;
    if ((*original)->is_exact) {
      remembered.event_ids = EventIdsOf((*original)->item);
      start = StageCounter::Clock::now();
      auto copied =
          stories_.Copy(told, remembered.event_ids, (*original)->item.publisher(), (*original)->item.news_item_id(), changes_);
      stories_count_.AddItem(start);
      if (!copied.ok()) return copied.status();
      remembered.changes = std::move(copied->changes);
      return remembered;
    }
  }
  if (coded.is_known) return absl::UnavailableError("the item of which this is a copy is not stored: send it again");
  told.events = std::move(coded.events);
  if (original->has_value()) told.inherited = InheritedBy(told.events, **original);
  start = StageCounter::Clock::now();
  auto resolved = stories_.Resolve(told, changes_);
  stories_count_.AddItem(start);
  if (!resolved.ok()) return resolved.status();
  remembered.changes = std::move(resolved->changes);
  for (const std::string& id : resolved->event_ids) AddOnce(id, remembered.event_ids);
  start = StageCounter::Clock::now();
  remembered.known_item = dedup_.Add(item, coded.print, SentenceEventsOf(told.events, resolved->event_ids), changes_);
  dedup_count_.AddTime(start);
  return remembered;
}

absl::StatusOr<Remembered> Memory::AsItem(absl::FunctionRef<absl::StatusOr<Remembered>()> work) {
  changes_.BeginItem();
  auto remembered = work();
  if (!remembered.ok()) changes_.DiscardItem();
  return remembered;
}

absl::StatusOr<Remembered> Memory::Remember(const v1::NewsItem& item, Coded& coded) {
  return AsItem([&] { return RememberNew(item, coded, {}); });
}

absl::StatusOr<Remembered> Memory::Correct(const v1::NewsItem& item, Coded& coded, const Earlier& earlier) {
  return AsItem([&]() -> absl::StatusOr<Remembered> {
    if (absl::Status status = ForgetItem(item.publisher(), item.news_item_id(), earlier); !status.ok()) return status;
    return RememberNew(item, coded, earlier);
  });
}

absl::StatusOr<Remembered> Memory::Withdraw(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier) {
  return AsItem([&]() -> absl::StatusOr<Remembered> {
    if (absl::Status status = ForgetItem(publisher, news_item_id, earlier); !status.ok()) return status;
    return WithdrawKnown(publisher, news_item_id, earlier);
  });
}

// The words go first: revisions that the withdrawal makes are then without them.
absl::StatusOr<Remembered> Memory::Purge(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier,
                                         const std::vector<std::string>& event_ids, bool is_withdrawn) {
  return AsItem([&]() -> absl::StatusOr<Remembered> {
    if (absl::Status status = ForgetItem(publisher, news_item_id, earlier); !status.ok()) return status;
    auto prefixes = stories_.EraseQuotes(publisher, news_item_id, event_ids, changes_);
    if (!prefixes.ok()) return prefixes.status();
    auto remembered = is_withdrawn ? Remembered() : WithdrawKnown(publisher, news_item_id, earlier);
    if (remembered.ok()) remembered->erased_prefixes = *std::move(prefixes);
    return remembered;
  });
}

absl::Status Memory::ForgetItem(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier) {
  if (absl::Status status = dedup_.Forget(earlier.known_item, publisher, news_item_id, changes_); !status.ok()) return status;
  for (const v1::DiplomaticEvent& event : earlier.lost) stories_.Adopt(event, changes_);
  return absl::OkStatus();
}

absl::StatusOr<Remembered> Memory::WithdrawKnown(const std::string& publisher, const std::string& news_item_id,
                                                 const Earlier& earlier) {
  stories::Told told;
  told.publisher = publisher;
  told.news_item_id = news_item_id;
  told.told_before = earlier.event_ids;
  auto resolved = stories_.Withdraw(told, changes_);
  if (!resolved.ok()) return resolved.status();
  Remembered remembered;
  remembered.changes = std::move(resolved->changes);
  for (const stories::EventChange& change : remembered.changes) remembered.event_ids.push_back(change.event->event_id());
  return remembered;
}

}  // namespace demarche::run
