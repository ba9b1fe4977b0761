#ifndef DEMARCHE_SERVER_RECORD_PURGE_H_
#define DEMARCHE_SERVER_RECORD_PURGE_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/purge.pb.h"

// A purge: what it takes out of stored revisions, and the rows of the state that tell of those under way.
namespace demarche::record {

// Keys of the state begin with it, for each item of which something may be left.
inline constexpr std::string_view kPurgePrefix = "purge/";

// Takes the words of an item out of frames. Immutable.
class QuoteEraser {
 public:
  explicit QuoteEraser(const stored::v1::Purge& purge);

  // Whether that changed the frame; one of an event that the item never told of stays. DATA_LOSS when it does not parse.
  absl::StatusOr<bool> EraseFrom(std::string& frame) const;

 private:
  const std::string publisher_;
  const std::string news_item_id_;
  const absl::flat_hash_set<std::string> event_ids_;
};

}  // namespace demarche::record

#endif  // DEMARCHE_SERVER_RECORD_PURGE_H_
