#ifndef DEMARCHE_SERVER_LOG_KEYS_H_
#define DEMARCHE_SERVER_LOG_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "server/log/event_log.h"

// Keys of the log's tables (FORMAT.md) and the answers when nothing is found by them.
namespace demarche::log {

// Eight bytes, big endian: sorts as the number does.
std::string KeyOfNumber(uint64_t number);
// The number in such a key; nothing when it is not eight bytes long.
std::optional<uint64_t> NumberOf(std::string_view key);

// Each part preceded by its length, so that no two item keys give the same bytes.
std::string KeyOfItem(const ItemKey& key);
ItemKey KeyOf(const stored::v1::ItemEntry& item);

// 'item:' and the position of a dropped record whose item is still remembered: they sort as the records did.
inline constexpr std::string_view kRememberedPrefix = "item:";
std::string KeyOfRemembered(uint64_t position);

// A row of the stages that remember: 'stage:' and its key.
inline constexpr std::string_view kStagePrefix = "stage:";
inline constexpr std::string_view kStageEnd = "stage;";  // sorts behind all of them
std::string KeyOfStageRow(std::string_view key);

// The least key behind all that begin with the prefix, of which a byte is not the largest.
std::string EndOfPrefix(std::string prefix);

// State that is kept beside the records: 'state:' and its key.
inline constexpr std::string_view kStatePrefix = "state:";

// The id preceded by its length: what the keys of all its revisions begin with.
std::string PrefixOfEvent(std::string_view event_id);
// The prefix and the revision, four bytes, big endian: revisions sort oldest first.
std::string KeyOfRevision(std::string_view event_id, uint32_t revision);
// The revision in a key of this event; nothing when the key is of another.
std::optional<uint32_t> RevisionOf(std::string_view key, std::string_view event_id);

// NOT_FOUND.
absl::Status NoSuchItem(const ItemKey& key);
absl::Status NoTextKept(const ItemKey& key);
absl::Status NoSuchEvent(std::string_view event_id);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_KEYS_H_
