#include "pipeline/dedup/dedup.h"

#include <algorithm>
#include <cstdlib>

#include "pipeline/dedup/prints.h"

namespace demarche::dedup {
namespace {

constexpr char kRow = 'd';
constexpr size_t kFewestDigests = 12;   // of a sketch that tells anything
constexpr double kNearShare = 0.3;      // of the digests of two sketches
constexpr double kSentenceShare = 0.6;  // of the sentences of the shorter text
constexpr size_t kFewestSentences = 3;  // in both texts
constexpr size_t kMostRead = 3;         // items that another is compared with in full: the likeliest

document::Print PrintOf(const stored::v1::KnownItem& known) {
  return {known.exact(), {known.sketch().begin(), known.sketch().end()}, {known.sentences().begin(), known.sentences().end()}};
}

template <typename A, typename B>
size_t CountCommon(const A& a, const B& b) {
  return static_cast<size_t>(
      std::count_if(a.begin(), a.end(), [&](uint64_t d) { return std::binary_search(b.begin(), b.end(), d); }));
}

}  // namespace

bool Original::HasSentence(uint64_t digest) const {
  return std::binary_search(item.sentences().begin(), item.sentences().end(), digest);
}

std::vector<std::string> Original::EventsOf(uint64_t sentence) const {
  std::vector<std::string> events;
  for (const stored::v1::SentenceEvent& event : item.events()) {
    if (event.sentence() == sentence) events.push_back(event.event_id());
  }
  return events;
}

absl::Status Dedup::Load(const stage::KeyedState& stored) {
  absl::MutexLock lock(&mutex_);
  return stored.VisitState(std::string(1, kRow), [this](std::string_view key, std::string_view value) {
    stored::v1::KnownItem known;
    if (absl::Status parsed = stage::ParseRow(key, value, known); !parsed.ok()) return parsed;
    const uint64_t number = stage::NumberOf(key);
    // A forgotten item leaves a gap: numbers go on behind it.
    while (index_.size() > 0 && next_ < number) index_.Add(next_++, {});
    index_.Add(number, PrintOf(known));
    next_ = number + 1;
    return absl::OkStatus();
  });
}

bool Dedup::HasExact(uint64_t exact) const {
  absl::MutexLock lock(&mutex_);
  return index_.FindExact(exact) != 0;
}

bool Dedup::IsNear(const document::Print& print, const stored::v1::KnownItem& known) const {
  const size_t shorter = std::min<size_t>(print.sentences.size(), known.sentences_size());
  if (shorter >= kFewestSentences) {
    const size_t common = CountCommon(print.sentences, known.sentences());
    if (static_cast<double>(common) >= kSentenceShare * static_cast<double>(shorter)) return true;
  }
  if (print.sketch.size() < kFewestDigests || known.sketch_size() < static_cast<int>(kFewestDigests)) return false;
  const size_t smaller = std::min<size_t>(print.sketch.size(), known.sketch_size());
  const Common common = CompareSketches(print.sketch, known.sketch(), smaller);
  return static_cast<double>(common.shared) / static_cast<double>(common.seen) >= kNearShare;
}

absl::StatusOr<std::optional<Original>> Dedup::FindOriginal(const v1::NewsItem& item, const document::Print& print,
                                                            const stage::StateChanges& changes) const {
  std::vector<uint64_t> candidates;
  const uint64_t exact = index_.FindExact(print.exact);
  if (exact != 0) candidates.push_back(exact);
  const std::vector<uint64_t> similar = index_.FindSimilar(print);
  for (const uint64_t number : similar) {
    if (candidates.size() >= kMostRead + (exact != 0)) break;
    candidates.push_back(number);
  }
  for (const uint64_t number : candidates) {
    Original original;
    if (absl::Status status = changes.Find(stage::KeyOf(kRow, number), original.item); !status.ok()) return status;
    if (std::abs(original.item.publish_time_s() - item.publish_time().seconds()) > window_.max_seconds) continue;
    original.is_exact = original.item.exact() == print.exact;
    if (original.is_exact || IsNear(print, original.item)) return original;
  }
  return std::nullopt;
}

uint64_t Dedup::Add(const v1::NewsItem& item, const document::Print& print, const SentenceEvents& events,
                    stage::StateChanges& changes) {
  stored::v1::KnownItem known;
  known.set_news_item_id(item.news_item_id());
  known.set_publisher(item.publisher());
  known.set_exact(print.exact);
  known.set_publish_time_s(item.publish_time().seconds());
  known.mutable_sketch()->Add(print.sketch.begin(), print.sketch.end());
  known.mutable_sentences()->Add(print.sentences.begin(), print.sentences.end());
  for (const auto& [sentence, event_id] : events) {
    stored::v1::SentenceEvent& event = *known.add_events();
    event.set_sentence(sentence);
    event.set_event_id(event_id);
  }
  if (index_.size() >= window_.max_items) RemoveFirst(changes);
  const uint64_t number = next_++;
  changes.Put(stage::KeyOf(kRow, number), known);
  changes.OnDiscard([this] {
    absl::MutexLock lock(&mutex_);
    index_.RemoveLast();
    --next_;
  });
  absl::MutexLock lock(&mutex_);
  index_.Add(number, print);
  return number;
}

void Dedup::RemoveFirst(stage::StateChanges& changes) {
  const uint64_t number = index_.first();
  changes.Erase(stage::KeyOf(kRow, number));
  absl::MutexLock lock(&mutex_);
  changes.OnDiscard([this, number, entry = index_.RemoveFirst()] {
    absl::MutexLock undo_lock(&mutex_);
    index_.AddFirst(number, entry);
  });
}

absl::Status Dedup::Forget(uint64_t number, const std::string& publisher, const std::string& news_item_id,
                           stage::StateChanges& changes) {
  const std::string key = stage::KeyOf(kRow, number);
  stored::v1::KnownItem known;
  absl::Status found = changes.Find(key, known);
  if (absl::IsNotFound(found)) return absl::OkStatus();  // out of the window
  if (!found.ok()) return found;
  if (known.publisher() != publisher || known.news_item_id() != news_item_id) return absl::OkStatus();
  changes.Erase(key);
  absl::MutexLock lock(&mutex_);
  changes.OnDiscard([this, number, entry = index_.Hide(number)] {
    absl::MutexLock undo_lock(&mutex_);
    index_.Show(number, entry);
  });
  return absl::OkStatus();
}

}  // namespace demarche::dedup
