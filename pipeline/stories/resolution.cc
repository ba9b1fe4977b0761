#include "pipeline/stories/resolution.h"

#include <algorithm>
#include <utility>

#include "pipeline/document/parties.h"
#include "pipeline/stories/evidence.h"
#include "pipeline/stories/improve.h"
#include "pipeline/stories/index.h"
#include "pipeline/stories/links.h"

namespace demarche::stories {
namespace {

constexpr size_t kMostRead = 4;  // known events that a report is compared with in full: the likeliest
constexpr int kMostWords = 48;   // of an event's matter

constexpr auto kIsSurer = [](const auto& a, const auto& b) {
  return a.score != b.score ? a.score > b.score : a.told != b.told ? a.told < b.told : a.number < b.number;
};

EventPtr PublicPart(const KnownEventPtr& known) { return known == nullptr ? nullptr : EventPtr(known, &known->event()); }

void AddWords(const std::vector<uint32_t>& words, stored::v1::KnownEvent& event) {
  auto& known = *event.mutable_words();
  for (const uint32_t word : words) {
    if (known.size() >= kMostWords) return;
    const auto at = std::lower_bound(known.begin(), known.end(), word);
    if (at != known.end() && *at == word) continue;
    const auto place = at - known.begin();
    known.Add(word);
    std::rotate(known.begin() + place, known.end() - 1, known.end());
  }
}

}  // namespace

Resolution::Resolution(const Told& told, Stories& stories, stage::StateChanges& changes)
    : told_(told), stories_(stories), changes_(changes) {
  for (const v1::DiplomaticEvent& event : told_.events) reports_.push_back(MakeReport(event));
}

absl::StatusOr<Resolution::Work*> Resolution::Load(uint32_t number) {
  if (const auto work = works_.find(number); work != works_.end()) return &work->second;
  auto known = stories_.Find(number, changes_);
  if (!known.ok()) return known.status();
  Work& work = works_[number];
  work.number = number;
  work.event = **known;
  work.before = *std::move(known);
  return &work;
}

absl::StatusOr<Resolution::Work*> Resolution::LoadById(const std::string& event_id) {
  const auto number = NumberOfEvent(event_id, changes_);
  if (!number.ok()) return number.status();
  return Load(*number);
}

absl::Status Resolution::TakeBack(const std::vector<std::string>& event_ids) {
  for (const std::string& event_id : event_ids) {
    const auto work = LoadById(event_id);
    if (!work.ok()) return work.status();
    stored::v1::KnownEvent& event = (*work)->event;
    if (event.event().state() == v1::EVENT_STATE_RETRACTED) continue;
    if (absl::Status status = RemoveEvidence((*work)->number, told_.publisher, told_.news_item_id, event, changes_); !status.ok()) {
      return status;
    }
    (*work)->is_changed = true;
  }
  return absl::OkStatus();
}

void Resolution::ReplaceTakenBack() {
  for (auto& [number, work] : works_) {
    if (work.event.event().evidence_size() > 0 || work.before->event().state() == v1::EVENT_STATE_RETRACTED) continue;
    std::optional<size_t> best;
    for (size_t i = 0; i < told_.events.size(); ++i) {
      if (given_[i] != 0 || !MayReplace(work.event.event(), told_.events[i])) continue;
      const bool is_same_kind = told_.events[i].kind() == work.event.event().kind();
      if (!best || (is_same_kind && told_.events[*best].kind() != work.event.event().kind())) best = i;
    }
    if (!best) continue;
    Replace(told_.events[*best], *work.event.mutable_event());
    work.event.clear_words();
    Give(*best, work);
  }
}

absl::Status Resolution::Inherit() {
  for (size_t i = 0; i < told_.inherited.size(); ++i) {
    if (given_[i] != 0) continue;
    Work* chosen = nullptr;
    for (const std::string& event_id : told_.inherited[i]) {
      const auto work = LoadById(event_id);
      if (!work.ok()) return work.status();
      const v1::DiplomaticEvent& event = (*work)->event.event();
      if (event.state() == v1::EVENT_STATE_RETRACTED || FamilyOf(event.type()) != FamilyOf(told_.events[i].type())) continue;
      if (chosen == nullptr || event.kind() == told_.events[i].kind()) chosen = *work;
    }
    if (chosen != nullptr) Give(i, *chosen);
  }
  return absl::OkStatus();
}

// The known events that the report may tell of, the likeliest first.
std::vector<Resolution::Candidate> Resolution::FindLikeliest(size_t told) const {
  const Report& report = reports_[told];
  std::vector<Candidate> likeliest;
  stories_.index_.Visit(SearchLinksOf(*report.event, report.publish_day), [&](uint32_t number, const Outline& outline) {
    const Verdict verdict = JudgeOutline(outline, report, stories_.index_.weights());
    if (verdict.kind != Verdict::kOther) likeliest.push_back({verdict.score, told, number});
  });
  std::sort(likeliest.begin(), likeliest.end(), kIsSurer);
  const auto is_one = [](const Candidate& a, const Candidate& b) { return a.number == b.number; };
  likeliest.erase(std::unique(likeliest.begin(), likeliest.end(), is_one), likeliest.end());
  likeliest.resize(std::min(likeliest.size(), kMostRead));
  return likeliest;
}

absl::StatusOr<std::vector<Resolution::Candidate>> Resolution::FindCandidates() {
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < reports_.size(); ++i) {
    if (given_[i] != 0) continue;
    for (const Candidate& likely : FindLikeliest(i)) {
      const auto known = stories_.Find(likely.number, changes_);
      if (!known.ok()) return known.status();
      const auto work = works_.find(likely.number);
      const Verdict verdict = Judge(work == works_.end() ? **known : work->second.event, reports_[i], stories_.index_.weights());
      if (verdict.kind == Verdict::kSame) candidates.push_back({verdict.score, i, likely.number});
      if (verdict.kind == Verdict::kContradicts) contradicted_[i].push_back(likely.number);
    }
  }
  std::sort(candidates.begin(), candidates.end(), kIsSurer);
  return candidates;
}

absl::Status Resolution::Match() {
  const auto candidates = FindCandidates();
  if (!candidates.ok()) return candidates.status();
  for (const Candidate& candidate : *candidates) {
    if (given_[candidate.told] != 0) continue;
    const auto work = Load(candidate.number);
    if (!work.ok()) return work.status();
    if ((*work)->is_told) continue;  // what an item tells apart are two events
    Give(candidate.told, **work);
  }
  return absl::OkStatus();
}

void Resolution::Give(size_t told, Work& work) {
  const v1::DiplomaticEvent& report = told_.events[told];
  const bool inherits = told < told_.inherited.size() && !told_.inherited[told].empty();
  if (!inherits && work.before != nullptr) work.is_changed |= Improve(report, *work.event.mutable_event());
  AddEvidenceOf(report, work);
  AddWords(reports_[told].matter, work.event);
  const int32_t day = reports_[told].publish_day;
  work.event.set_first_day(work.event.items_size() <= 1 ? day : std::min(work.event.first_day(), day));
  work.event.set_last_day(std::max(work.event.last_day(), day));
  work.is_told = true;
  given_[told] = work.number;
}

void Resolution::AddEvidenceOf(const v1::DiplomaticEvent& told, Work& work) {
  for (const v1::Evidence& evidence : told.evidence()) {
    stored::v1::KnownEvidence known;
    *known.mutable_evidence() = evidence;
    known.mutable_evidence()->set_publisher(told_.publisher);
    known.mutable_evidence()->set_news_item_id(told_.news_item_id);
    known.set_is_copy(told_.is_copy);
    known.set_factuality(told.factuality());
    AddEvidence(work.number, known, work.event, changes_);
  }
}

// That of an event of the item that shares a party; else its own.
std::string Resolution::StoryFor(const v1::DiplomaticEvent& event) const {
  const document::Codes parties = document::PartiesOf(event);
  for (const uint32_t number : given_) {
    if (number == 0) continue;
    const v1::DiplomaticEvent& other = works_.at(number).event.event();
    if (!other.story_id().empty() && document::Share(parties, document::PartiesOf(other))) return other.story_id();
  }
  return "story-" + event.event_id();
}

absl::Status Resolution::Found() {
  for (size_t i = 0; i < told_.events.size(); ++i) {
    if (given_[i] != 0) continue;
    const v1::DiplomaticEvent& told = told_.events[i];
    // The same words of the same item under another principal.
    if (const auto known = LoadById(told.event_id()); known.ok()) {
      Give(i, **known);
      continue;
    } else if (!absl::IsNotFound(known.status())) {
      return known.status();
    }
    const uint32_t number = stories_.GiveNumber(told.event_id(), changes_);
    Work& work = works_[number];
    work.number = number;
    v1::DiplomaticEvent& event = *work.event.mutable_event();
    event = told;
    event.clear_evidence();
    event.set_story_id(StoryFor(event));
    Give(i, work);
  }
  for (const auto& [told, numbers] : contradicted_) {
    Work& teller = works_.at(given_[told]);
    for (const uint32_t number : numbers) {
      const auto other = Load(number);
      if (!other.ok()) return other.status();
      Work& denial = IsDenial(teller.event.event().factuality()) ? teller : **other;
      const Work& denied = &denial == &teller ? **other : teller;
      auto& ids = *denial.event.mutable_event()->mutable_contradicted_event_ids();
      if (std::find(ids.begin(), ids.end(), denied.event.event().event_id()) != ids.end()) continue;
      *ids.Add() = denied.event.event().event_id();
      if (denial.before != nullptr) denial.is_changed = true;
      if (teller.before == nullptr) teller.event.mutable_event()->set_story_id((*other)->event.event().story_id());
    }
  }
  return absl::OkStatus();
}

absl::Status Resolution::CopyEvidence(const std::vector<std::string>& event_ids, const std::string& publisher,
                                      const std::string& news_item_id) {
  for (const std::string& event_id : event_ids) {
    const auto work = LoadById(event_id);
    if (!work.ok()) return work.status();
    if ((*work)->event.event().state() == v1::EVENT_STATE_RETRACTED) continue;
    std::vector<stored::v1::KnownEvidence> copies;
    absl::Status status = VisitEvidence((*work)->number, changes_, [&](std::string_view, stored::v1::KnownEvidence& evidence) {
      if (evidence.evidence().publisher() == publisher && evidence.evidence().news_item_id() == news_item_id) {
        copies.push_back(std::move(evidence));
      }
    });
    if (!status.ok()) return status;
    for (stored::v1::KnownEvidence& copy : copies) {
      copy.mutable_evidence()->set_publisher(told_.publisher);
      copy.mutable_evidence()->set_news_item_id(told_.news_item_id);
      copy.set_is_copy(true);
      AddEvidence((*work)->number, copy, (*work)->event, changes_);
    }
  }
  return absl::OkStatus();
}

Resolved Resolution::Finish() {
  Resolved resolved;
  std::vector<uint32_t> order;
  for (const uint32_t number : given_) {
    resolved.event_ids.push_back(works_.at(number).event.event().event_id());
    if (std::find(order.begin(), order.end(), number) == order.end()) order.push_back(number);
  }
  for (const auto& [number, work] : works_) {
    if (std::find(order.begin(), order.end(), number) == order.end()) order.push_back(number);
  }
  for (const uint32_t number : order) {
    Write(works_.at(number), resolved);
  }
  stories_.DropOld(changes_);
  return resolved;
}

void Resolution::Write(Work& work, Resolved& resolved) {
  v1::DiplomaticEvent& event = *work.event.mutable_event();
  const bool is_gone = event.evidence_size() == 0;
  const auto publishers = static_cast<uint32_t>(std::max(work.event.publishers_size(), is_gone ? 0 : 1));
  const bool was_gone = work.before != nullptr && work.before->event().state() == v1::EVENT_STATE_RETRACTED;
  if (was_gone) return;
  const bool is_news = work.before == nullptr || is_gone || work.is_changed || IsMilestone(event.publisher_count(), publishers);
  if (is_news) {
    event.set_state(work.before == nullptr ? v1::EVENT_STATE_NEW : is_gone ? v1::EVENT_STATE_RETRACTED : v1::EVENT_STATE_UPDATED);
    event.set_revision(work.before == nullptr ? 1 : work.before->event().revision() + 1);
    event.set_publisher_count(publishers);
    event.set_item_count(static_cast<uint32_t>(work.event.items_size()));
  }
  const KnownEventPtr known = std::make_shared<const stored::v1::KnownEvent>(std::move(work.event));
  stories_.Write(work.number, known, changes_);
  if (is_news) resolved.changes.push_back({PublicPart(known), PublicPart(work.before)});
}

}  // namespace demarche::stories
