#include "tests/simulation/world.h"

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <utility>

#include "demarche/v1/event_service.pb.h"
#include "server/record/record.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/filters.h"

namespace demarche::simulation {
namespace {

constexpr size_t kEvents = 250;  // of a script
constexpr size_t kWatches = 3;
constexpr size_t kConsumers = 5;
constexpr int64_t kLeaseMs = 1000;
constexpr int kRounds = 5000;  // more than it ever takes to come to rest
constexpr std::array<const char*, 3> kCountries = {"FRA", "UKR", "USA"};

// How often each kind happens, of their sum.
constexpr std::array<int, static_cast<size_t>(Event::Kind::kCount)> kWeights = {14, 14, 14, 6, 2, 2, 20, 12, 4,
                                                                                3,  10, 5,  3, 1, 1, 1,  2,  1};

std::vector<GroupModel::Settings> GroupSettings() {
  return {
      {.name = "all", .wanted = {{{"", 0}}, {}}, .is_ordered = true, .max_deliveries = 3, .lease_ms = kLeaseMs},
      {.name = "some", .wanted = {{{"", v1::EVENT_TYPE_AID}}, {}}, .is_retained = true, .max_deliveries = 2, .lease_ms = kLeaseMs}};
}

}  // namespace

std::string NameOf(Event::Kind kind) {
  static constexpr std::array<const char*, static_cast<size_t>(Event::Kind::kCount)> kNames = {
      "publish", "dispatch", "watch", "grant", "rewatch", "change-filters", "consume",   "ack",   "nack",
      "leave",   "commit",   "tick",  "trim",  "seek",    "replay",         "fill-disk", "fault", "crash"};
  return kNames[static_cast<size_t>(kind)];
}

Script ScriptOf(uint64_t seed) {
  std::mt19937_64 random(seed);
  int sum = 0;
  for (const int weight : kWeights) sum += weight;
  Script script;
  for (size_t i = 0; i < kEvents; ++i) {
    auto drawn = static_cast<int>(random() % static_cast<uint64_t>(sum));
    size_t kind = 0;
    while (drawn >= kWeights[kind]) drawn -= kWeights[kind++];
    script.push_back({static_cast<Event::Kind>(kind), static_cast<uint32_t>(random())});
  }
  return script;
}

std::unique_ptr<Storage> MakeDisk(log::Clock clock) { return std::make_unique<Disk>(std::move(clock)); }

World::World(const MakeStorage& make_storage)
    : watches_(kWatches), consumers_(kConsumers), storage_(make_storage([this] { return now_us_; })) {
  Start();
  for (const GroupModel::Settings& settings : GroupSettings()) {
    v1::Subscription wanted;
    wanted.set_name(settings.name);
    *wanted.mutable_filters() = ToProto(settings.wanted.filters);
    wanted.set_order_by_parties(settings.is_ordered);
    wanted.set_retain_until_acked(settings.is_retained);
    wanted.set_max_deliveries(settings.max_deliveries);
    wanted.mutable_lease_duration()->set_seconds(kLeaseMs / 1000);
    if (!subscriptions_->Create(wanted, {}).ok()) verdict_.Fail("cannot create " + settings.name);
    groups_.emplace_back(settings, truths_, 0);
  }
  for (size_t i = 0; i < kConsumers; ++i) consumers_[i].group = i % 2;
  for (size_t i = 0; i < kWatches; ++i) {
    watches_[i].model.emplace("watch " + std::to_string(i), truths_, Wanted{FiltersOf(static_cast<uint32_t>(i * 5 + 3)), {}}, 0);
    OpenWatch(i);
  }
}

World::~World() {
  for (Watch& watch : watches_) watch.feed.reset();
}

std::string World::Play(const Script& script) {
  for (const Event& event : script) {
    Happen(event);
    if (!verdict_.is_good()) return verdict_.what();
    if (storage_->has_crashed()) Crash();
  }
  Settle();
  return verdict_.what();
}

// A life of the process begins: what it knows comes from the disk.
void World::Start() {
  auto log = storage_->Open();
  if (!log.ok()) return verdict_.Fail("the log does not open: " + std::string(log.status().message()));
  log_ = *std::move(log);
  hub_ = std::make_unique<subscription::Hub>(log_->info(), subscription::HubOptions{.max_events = 6, .max_bytes = 1 << 20});
  auto opened =
      subscriptions::Subscriptions::Open(*log_, *hub_,
                                         {.now = [this] { return subscriptions::TimePoint() + std::chrono::milliseconds(now_ms_); },
                                          .now_us = [this] { return now_us_; },
                                          .wake = [](const subscription::WaiterPtr& waiter) { waiter->OnMore(); },
                                          .on_dirty = [this] { is_dirty_ = true; }});
  if (!opened.ok()) return verdict_.Fail("subscriptions do not open: " + std::string(opened.status().message()));
  subscriptions_ = *std::move(opened);
}

void World::Crash() {
  storage_->Cut();
  for (Watch& watch : watches_) watch.feed.reset();
  for (Consumer& consumer : consumers_) consumer.member = 0;
  for (GroupModel& group : groups_) group.Crashed();
  subscriptions_.reset();
  hub_.reset();
  log_.reset();
  storage_->Restore();
  is_dirty_ = false;
  Start();
  if (!verdict_.is_good()) return;
  if (log_->info().last_position < acknowledged_) return verdict_.Fail("a publisher was answered and the item is lost");
  const uint64_t known = truths_.empty() ? 0 : truths_.rbegin()->first;
  if (known > log_->info().last_position) return verdict_.Fail("something was seen that is not on the disk");
  if (const auto records = log_->Read(std::max(known, log_->info().first_position), std::numeric_limits<size_t>::max());
      records.ok()) {
    Learn(*records);
  }
  ResolveMove();
  ReadDeadLetters();
  for (size_t i = 0; i < kWatches; ++i) OpenWatch(i);
}

void World::Happen(const Event& event) {
  const uint32_t argument = event.argument;
  Watch& watch = watches_[argument % kWatches];
  Consumer& consumer = consumers_[argument % kConsumers];
  const bool may_read = argument / 64 % 4 != 0;
  switch (event.kind) {
    case Event::Kind::kPublish:
      return Publish(argument);
    case Event::Kind::kDispatch:
      return Dispatch();
    case Event::Kind::kWatch:
      return StepWatch(watch, may_read);
    case Event::Kind::kGrant:
      watch.feed->Grant(1 + argument / 4 % 5, argument / 32 % 4 == 0 ? 300 : 0);
      watch.flag->is_set = true;
      return;
    case Event::Kind::kRewatch:
      return OpenWatch(argument % kWatches);
    case Event::Kind::kChangeFilters:
      return ChangeFilters(watch, argument / 4);
    case Event::Kind::kConsume:
      return StepConsumer(consumer, may_read);
    case Event::Kind::kAck:
    case Event::Kind::kNack:
      return Answer(consumer, argument / 8, event.kind == Event::Kind::kAck);
    case Event::Kind::kLeave:
      return Leave(consumer);
    case Event::Kind::kCommit:
      return Commit();
    case Event::Kind::kTick:
      now_ms_ += static_cast<int64_t>(argument % 800);
      if (argument / 1024 % 8 == 0) now_ms_ += 10'000;
      return subscriptions_->Tick();
    case Event::Kind::kTrim:
      return Trim(argument);
    case Event::Kind::kSeek:
      return Seek(argument);
    case Event::Kind::kReplay:
      return Replay(argument);
    case Event::Kind::kFillDisk:
      return storage_->Fill();
    case Event::Kind::kFault:
      return storage_->BreakAWrite(argument);
    case Event::Kind::kCrash:
      return Crash();
    case Event::Kind::kCount:
      return;
  }
}

// An item with up to three events: new ones, or revisions of known ones.
stored::v1::Record World::MakeRecord(uint32_t argument) {
  stored::v1::Record record;
  record.mutable_item()->set_news_item_id("item " + std::to_string(++published_));
  for (uint32_t i = 0; i < argument % 4; ++i) {
    const uint32_t choice = argument >> (4 + 6 * i);
    v1::DiplomaticEvent event;
    event.set_event_id("event " + std::to_string(choice % 2 == 0 || latest_.empty() ? published_ * 4 + static_cast<int>(i) : 0));
    const auto known = choice % 2 == 0 || latest_.empty()
                           ? latest_.end()
                           : std::next(latest_.begin(), static_cast<std::ptrdiff_t>(choice / 2 % latest_.size()));
    if (known != latest_.end()) event.set_event_id(known->first);
    event.set_revision(known == latest_.end() ? 1 : known->second.revision() + 1);
    event.set_type(static_cast<v1::EventType>(kTypes[choice / 2 % 3]));
    event.add_actors()->set_country_code(kCountries[choice / 8 % 3]);
    event.add_recipients()->set_country_code("CHN");
    stored::v1::StoredEvent& stored = *record.add_events();
    stored = record::MakeStoredEvent(event);
    stored.set_revision(event.revision());
    if (known != latest_.end()) *stored.mutable_previous_header() = known->second.header();
    latest_[event.event_id()] = stored;
  }
  return record;
}

void World::Publish(uint32_t argument) {
  const auto before = latest_;
  std::vector<stored::v1::Record> records;
  for (uint32_t i = 0; i <= argument / 4 % 3; ++i) records.push_back(MakeRecord(argument * (i + 1)));
  now_us_ += 1000;
  if (!log_->Append(records).ok() || storage_->has_crashed()) {
    latest_ = before;
    return;
  }
  std::vector<log::RecordPtr> durable;
  for (auto& record : records) durable.push_back(std::make_shared<const stored::v1::Record>(std::move(record)));
  acknowledged_ = durable.back()->last_position();
  Learn(durable);
  hub_->Publish(durable);
}

void World::Learn(const std::vector<log::RecordPtr>& records) {
  for (const log::RecordPtr& record : records) {
    uint64_t position = record->last_position() - static_cast<uint64_t>(record->events_size());
    for (const stored::v1::StoredEvent& stored : record->events()) {
      Truth truth;
      truth.position = ++position;
      truth.event_id = stored.event_id();
      truth.type = stored.header().type();
      truth.type_before = stored.previous_header().type();
      for (size_t i = 0; i < kCountries.size(); ++i) {
        if (stored.header().actors(0).country() == kCountries[i]) truth.pair = static_cast<int>(i);
      }
      truths_[position] = truth;
      latest_[stored.event_id()] = stored;
    }
  }
}

void World::Dispatch() {
  for (const subscription::WaiterPtr& waiter : hub_->Dispatch()) waiter->OnMore();
}

void World::RunToIdle() {
  for (int round = 0; round < kRounds; ++round) {
    Dispatch();
    bool is_busy = false;
    for (Watch& watch : watches_) {
      is_busy |= watch.flag->is_set;
      StepWatch(watch, /*may_read=*/true);
    }
    for (Consumer& consumer : consumers_) {
      if (consumer.member == 0) continue;
      is_busy |= consumer.flag->is_set;
      StepConsumer(consumer, /*may_read=*/true);
      if (!groups_[consumer.group].HeldBy(consumer.member).empty()) Answer(consumer, 16, /*is_ack=*/true);
    }
    is_busy |= is_dirty_;
    Commit();
    if (!is_busy || !verdict_.is_good()) return;
  }
  verdict_.Fail("it does not come to rest");
}

// The disk is well, everyone reads, and one consumer of each group takes all that there is. All at rest, what comes then must wake
// them.
void World::Settle() {
  storage_->Heal();
  if (storage_->has_crashed()) Crash();
  if (!verdict_.is_good()) return;
  for (Watch& watch : watches_) {
    watch.feed->Grant(1'000'000, 1'000'000'000);
    watch.flag->is_set = true;
  }
  for (Consumer& consumer : consumers_) Leave(consumer);
  is_dirty_ = true;  // what the full disk refused
  for (size_t i = 0; i < groups_.size(); ++i) StepConsumer(consumers_[i], /*may_read=*/true);
  RunToIdle();
  for (const uint32_t of_each_type : {1U, 33U, 65U}) Publish(of_each_type);
  RunToIdle();
  if (!verdict_.is_good()) return;
  ReadDeadLetters();
  for (const GroupModel& group : groups_) group.CheckNothingWaits(now_ms_, verdict_);
  now_ms_ += 3'600'000;
  subscriptions_->Tick();
  RunToIdle();
  now_ms_ += 3'600'000;
  subscriptions_->Tick();
  RunToIdle();
  if (verdict_.is_good()) CheckEnd();
}

void World::CheckEnd() {
  ReadDeadLetters();
  const uint64_t end = truths_.empty() ? 0 : truths_.rbegin()->first;
  for (Watch& watch : watches_) {
    watch.model->Reached(std::max(end, watch.feed->position()), verdict_);
    if (watch.feed->position() < log_->info().last_position) verdict_.Fail("a watch does not reach the end");
  }
  for (size_t i = 0; i < groups_.size(); ++i) {
    const v1::Subscription described = Group(i)->Describe();
    groups_[i].CheckAllDone(described.lost_count(), verdict_);
    if (described.backlog() != 0) verdict_.Fail(described.name() + " has a backlog though all is done");
    if (described.leased_count() != 0) verdict_.Fail(described.name() + " has leases though all is done");
  }
}

}  // namespace demarche::simulation
