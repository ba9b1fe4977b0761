#include "server/subscriptions/subscriptions.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/subscription/filters.h"
#include "server/subscription/position.h"
#include "server/subscription/start.h"
#include "server/subscriptions/rows.h"
#include "server/subscriptions/settings.h"

namespace demarche::subscriptions {
namespace {

using ::google::protobuf::util::TimeUtil;

absl::Status Damaged(const std::string& key) { return absl::DataLossError(absl::StrCat("the state '", key, "' is damaged")); }

}  // namespace

Subscriptions::Subscriptions(log::EventLog& log, subscription::Hub& hub, Options options)
    : log_(log), options_(std::move(options)), shared_{log, hub, options_.now, options_.wake, options_.on_dirty} {}

absl::StatusOr<std::unique_ptr<Subscriptions>> Subscriptions::Open(log::EventLog& log, subscription::Hub& hub, Options options) {
  std::unique_ptr<Subscriptions> opened(new Subscriptions(log, hub, std::move(options)));
  if (absl::Status status = opened->Load(); !status.ok()) return status;
  return opened;
}

Subscriptions::~Subscriptions() {
  for (const GroupPtr& group : All()) group->End();
}

absl::Status Subscriptions::Load() {
  const auto rows = log_.ReadState(kSettingsPrefix, "", std::numeric_limits<size_t>::max());
  if (!rows.ok()) return rows.status();
  for (const log::StateRow& row : *rows) {
    stored::v1::SubscriptionSettings settings;
    if (!settings.ParseFromString(row.value)) return Damaged(row.key);
    const std::string name = settings.subscription().name();
    const std::string key = ProgressKey(name);
    const auto found = log_.ReadState(key, "", 1);
    if (!found.ok()) return found.status();
    stored::v1::SubscriptionProgress progress;
    if (found->empty() || found->front().key != key || !progress.ParseFromString(found->front().value)) return Damaged(key);
    auto filters = subscription::CompileFilters(settings.subscription().filters(), settings.former_filters());
    if (!filters.ok()) return filters.status();
    const bool with_pairs = settings.subscription().order_by_parties();
    const auto group = std::make_shared<Group>(shared_, std::move(settings), *std::move(filters), progress);
    if (absl::Status status = LoadDead(*group, with_pairs); !status.ok()) return status;
    const absl::MutexLock lock(&mutex_);
    groups_.emplace(name, group);
  }
  return absl::OkStatus();
}

absl::Status Subscriptions::LoadDead(Group& group, bool with_pairs) {
  const std::string prefix = DeadPrefix(group.name());
  std::string after;
  while (true) {
    const auto rows = log_.ReadState(prefix, after, limits::kMaxPageBytes);
    if (!rows.ok()) return rows.status();
    if (rows->empty()) return absl::OkStatus();
    std::vector<EventPtr> replayed;
    for (const log::StateRow& row : *rows) {
      stored::v1::DeadLetter dead;
      if (!dead.ParseFromString(row.value)) return Damaged(row.key);
      const uint64_t position = PositionOfDead(row.key);
      group.AddDead(position);
      if (dead.is_replayed()) replayed.push_back(ToEvent(position, dead, with_pairs));
    }
    group.Replay(std::move(replayed));
    after = rows->back().key;
  }
}

absl::StatusOr<v1::Subscription> Subscriptions::Create(const v1::Subscription& wanted, const v1::StartPosition& start) {
  auto checked = Checked(wanted);
  if (!checked.ok()) return checked.status();
  auto filters = subscription::CompileFilters(checked->filters());
  if (!filters.ok()) return filters.status();
  const auto opening = subscription::ResolveStart(start, v1::ON_EXPIRED_FAIL, log_);
  if (!opening.ok()) return opening.status();
  *checked->mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(options_.now_us());
  const std::string name = checked->name();
  stored::v1::SubscriptionSettings settings;
  *settings.mutable_subscription() = *std::move(checked);
  stored::v1::SubscriptionProgress progress;
  progress.set_done_through(opening->after);

  const absl::MutexLock writing(&writing_);
  if (size() >= limits::kMaxSubscriptions) {
    return error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
                       absl::StrCat("there are ", limits::kMaxSubscriptions, " subscriptions, the most that there may be"));
  }
  if (Find(name).ok()) {
    return error::Make(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_SUBSCRIPTION_EXISTS,
                       "there is a subscription '" + name + "'");
  }
  const std::vector<log::StateChange> changes = {{SettingsKey(name), settings.SerializeAsString()},
                                                 {ProgressKey(name), progress.SerializeAsString()}};
  if (absl::Status status = log_.WriteState(changes); !status.ok()) return status;
  const auto group = std::make_shared<Group>(shared_, std::move(settings), *std::move(filters), progress);
  {
    const absl::MutexLock lock(&mutex_);
    groups_.emplace(name, group);
  }
  return group->Describe();
}

absl::StatusOr<v1::Subscription> Subscriptions::Update(const v1::UpdateSubscriptionRequest& request) {
  const absl::MutexLock writing(&writing_);
  const auto group = Find(request.subscription().name());
  if (!group.ok()) return group.status();
  auto settings = Changed((*group)->settings(), request);
  if (!settings.ok()) return settings.status();
  auto filters = subscription::CompileFilters(settings->subscription().filters(), settings->former_filters());
  if (!filters.ok()) return filters.status();
  // What was considered with the filters before is on the disk first.
  if (absl::Status status = CommitLocked(); !status.ok()) return status;
  const std::vector<log::StateChange> changes = {{SettingsKey((*group)->name()), settings->SerializeAsString()}};
  if (absl::Status status = log_.WriteState(changes); !status.ok()) return status;
  (*group)->Change(*std::move(settings), *std::move(filters));
  return (*group)->Describe();
}

absl::Status Subscriptions::Delete(const std::string& name) {
  const absl::MutexLock writing(&writing_);
  const auto group = Find(name);
  if (!group.ok()) return group.status();
  std::vector<log::StateChange> changes = {{SettingsKey(name), std::nullopt}, {ProgressKey(name), std::nullopt}};
  const auto dead = log_.ReadState(DeadPrefix(name), "", std::numeric_limits<size_t>::max());
  if (!dead.ok()) return dead.status();
  for (const log::StateRow& row : *dead) changes.push_back({row.key, std::nullopt});
  if (absl::Status status = log_.WriteState(changes); !status.ok()) return status;
  {
    const absl::MutexLock lock(&mutex_);
    groups_.erase(name);
  }
  (*group)->End();
  return absl::OkStatus();
}

absl::StatusOr<v1::Subscription> Subscriptions::Seek(const std::string& name, const v1::StartPosition& start) {
  const auto opening = subscription::ResolveStart(start, v1::ON_EXPIRED_FAIL, log_);
  if (!opening.ok()) return opening.status();
  const absl::MutexLock writing(&writing_);
  const auto group = Find(name);
  if (!group.ok()) return group.status();
  // What was given up on is on the disk first.
  if (absl::Status status = CommitLocked(); !status.ok()) return status;
  const stored::v1::SubscriptionProgress progress = (*group)->MovedTo(opening->after);
  const std::vector<log::StateChange> changes = {{ProgressKey(name), progress.SerializeAsString()}};
  if (absl::Status status = log_.WriteState(changes); !status.ok()) return status;
  (*group)->Move(progress);
  return (*group)->Describe();
}

absl::StatusOr<DeadLetters> Subscriptions::ListDeadLetters(const std::string& name, const std::string& after,
                                                           size_t max_events) const {
  if (const auto group = Find(name); !group.ok()) return group.status();
  const auto rows = log_.ReadState(DeadPrefix(name), after, limits::kMaxPageBytes);
  if (!rows.ok()) return rows.status();
  DeadLetters letters;
  const std::string epoch = log_.info().epoch;
  for (const log::StateRow& row : *rows) {
    if (static_cast<size_t>(letters.batch.events_size()) == max_events) break;
    stored::v1::DeadLetter dead;
    v1::EventBatch one;
    if (!dead.ParseFromString(row.value) || !one.ParseFromString(dead.frame())) return Damaged(row.key);
    letters.batch.MergeFrom(one);
    letters.batch.add_positions(subscription::FormatPosition(epoch, PositionOfDead(row.key)));
    *letters.batch.add_append_times() = dead.append_time();
    letters.batch.add_matched_filters(dead.matched_filters());
    letters.batch.add_filter_exit(dead.filter_exit());
    letters.batch.add_delivery_counts(dead.delivery_count());
    letters.next = row.key;
  }
  const auto more = log_.ReadState(DeadPrefix(name), letters.next, 1);
  if (!more.ok()) return more.status();
  if (letters.next.empty() || more->empty()) letters.next.clear();
  return letters;
}

absl::StatusOr<uint64_t> Subscriptions::Replay(const std::string& name, const std::vector<uint64_t>& positions) {
  const absl::MutexLock writing(&writing_);
  const auto group = Find(name);
  if (!group.ok()) return group.status();
  const bool with_pairs = (*group)->settings().subscription().order_by_parties();
  const auto rows = log_.ReadState(DeadPrefix(name), "", std::numeric_limits<size_t>::max());
  if (!rows.ok()) return rows.status();
  std::vector<log::StateChange> changes;
  std::vector<EventPtr> replayed;
  for (const log::StateRow& row : *rows) {
    const uint64_t position = PositionOfDead(row.key);
    if (!positions.empty() && std::find(positions.begin(), positions.end(), position) == positions.end()) continue;
    stored::v1::DeadLetter dead;
    if (!dead.ParseFromString(row.value)) return Damaged(row.key);
    if (dead.is_replayed()) continue;
    dead.set_is_replayed(true);
    changes.push_back({row.key, dead.SerializeAsString()});
    replayed.push_back(ToEvent(position, dead, with_pairs));
  }
  if (absl::Status status = log_.WriteState(changes); !status.ok()) return status;
  (*group)->Replay(std::move(replayed));
  return changes.size();
}

absl::StatusOr<GroupPtr> Subscriptions::Find(const std::string& name) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = groups_.find(name);
  if (found != groups_.end()) return found->second;
  return error::Make(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND, "there is no such subscription");
}

std::vector<GroupPtr> Subscriptions::List(const std::string& after, size_t max) const {
  const absl::MutexLock lock(&mutex_);
  std::vector<GroupPtr> list;
  for (auto it = groups_.upper_bound(after); it != groups_.end() && list.size() < max; ++it) list.push_back(it->second);
  return list;
}

size_t Subscriptions::size() const {
  const absl::MutexLock lock(&mutex_);
  return groups_.size();
}

std::vector<GroupPtr> Subscriptions::All() const { return List("", std::numeric_limits<size_t>::max()); }

uint64_t Subscriptions::keep_after() const {
  uint64_t least = std::numeric_limits<uint64_t>::max();
  for (const GroupPtr& group : All()) least = std::min(least, group->keep_after());
  return least;
}

absl::Status Subscriptions::Commit() {
  const absl::MutexLock writing(&writing_);
  return CommitLocked();
}

absl::Status Subscriptions::CommitLocked() {
  const std::vector<GroupPtr> groups = All();
  std::vector<log::StateChange> changes;
  for (const GroupPtr& group : groups) group->BeginCommit(changes);
  absl::Status status = log_.WriteState(changes);
  for (const GroupPtr& group : groups) group->EndCommit(status.ok());
  return status;
}

void Subscriptions::Tick() {
  for (const GroupPtr& group : All()) group->Tick();
}

}  // namespace demarche::subscriptions
