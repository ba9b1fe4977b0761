#ifndef DEMARCHE_TESTS_SIMULATION_WORLD_H_
#define DEMARCHE_TESTS_SIMULATION_WORLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/subscription/feed.h"
#include "server/subscription/hub.h"
#include "server/subscriptions/subscriptions.h"
#include "tests/simulation/model.h"
#include "tests/simulation/storage.h"

namespace demarche::simulation {

// One thing that happens. What it does to whom follows from `argument` and from what is there.
struct Event {
  enum class Kind : uint8_t {
    kPublish,
    kDispatch,
    kWatch,
    kGrant,
    kRewatch,
    kChangeFilters,
    kConsume,
    kAck,
    kNack,
    kLeave,
    kCommit,
    kTick,
    kTrim,
    kSeek,
    kReplay,
    kFillDisk,
    kFault,
    kCrash,
    kCount,
  };
  Kind kind = Kind::kPublish;
  uint32_t argument = 0;
};
using Script = std::vector<Event>;

std::string NameOf(Event::Kind kind);

// What happens in the world of a seed.
Script ScriptOf(uint64_t seed);

// A disk in memory.
std::unique_ptr<Storage> MakeDisk(log::Clock clock);

// A server in one thread: a log over a disk that fails, and the very hub, feeds and subscriptions that the real one runs.
// Publishers, watches and consumers are played; the models say what they must see. Over the disk in memory the same script always
// ends alike.
class World {
 public:
  explicit World(const MakeStorage& make_storage = MakeDisk);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Plays the script and then lets everything come to rest. Empty, or what went against a promise.
  std::string Play(const Script& script);
  // What readers were given, as numbers, in the order of it all.
  const std::vector<uint64_t>& trace() const { return trace_; }

 private:
  // Told that there is more; runs when the script says so.
  struct Flag : subscription::Waiter {
    void OnMore() override { is_set = true; }
    bool is_set = true;
  };
  struct Watch {
    std::shared_ptr<Flag> flag = std::make_shared<Flag>();
    std::optional<subscription::Feed> feed;
    std::optional<WatchModel> model;
  };
  struct Consumer {
    std::shared_ptr<Flag> flag = std::make_shared<Flag>();
    size_t group = 0;
    uint64_t member = 0;  // 0: not there
    uint64_t credit = 0;
  };

  void Happen(const Event& event);
  void Start();
  void Crash();
  void ResolveMove();
  void Publish(uint32_t argument);
  stored::v1::Record MakeRecord(uint32_t argument);
  void Learn(const std::vector<log::RecordPtr>& records);
  void Dispatch();
  void OpenWatch(size_t index);
  void StepWatch(Watch& watch, bool may_read);
  void ChangeFilters(Watch& watch, uint32_t argument);
  void StepConsumer(Consumer& consumer, bool may_read);
  void Leave(Consumer& consumer);
  void Answer(Consumer& consumer, uint32_t argument, bool is_ack);
  void Commit();
  void Trim(uint32_t argument);
  void Seek(uint32_t argument);
  void Replay(uint32_t argument);
  void ReadDeadLetters();
  void Settle();
  void RunToIdle();
  void CheckEnd();
  subscriptions::GroupPtr Group(size_t index) const;

  Verdict verdict_;
  std::vector<uint64_t> trace_;
  int64_t now_ms_ = 0;
  int64_t now_us_ = 1;
  bool is_dirty_ = false;
  int published_ = 0;
  std::map<std::string, stored::v1::StoredEvent> latest_;  // revision of each event
  Truths truths_;
  uint64_t acknowledged_ = 0;  // position that a publisher was told of
  std::vector<GroupModel> groups_;
  std::vector<Watch> watches_;
  std::vector<Consumer> consumers_;
  struct Move {
    GroupModel* group = nullptr;
    uint64_t after = 0;
  };
  std::optional<Move> move_in_doubt_;  // its write ended in a crash

  std::unique_ptr<Storage> storage_;
  std::unique_ptr<log::EventLog> log_;
  std::unique_ptr<subscription::Hub> hub_;
  std::unique_ptr<subscriptions::Subscriptions> subscriptions_;
};

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_WORLD_H_
