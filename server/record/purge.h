#ifndef DEMARCHE_SERVER_RECORD_PURGE_H_
#define DEMARCHE_SERVER_RECORD_PURGE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "demarche/stored/v1/purge.pb.h"

// A purge: what it takes out of stored revisions, and the rows of the state that tell of those under way.
namespace demarche::record {

// Keys of the state begin with it, for each item of which something may be left.
inline constexpr std::string_view kPurgePrefix = "purge/";

// Takes the item's words out of the frame, when it is of an event that the item told of. Whether that changed it. DATA_LOSS when
// the frame does not parse.
absl::StatusOr<bool> EraseQuotes(const stored::v1::Purge& purge, std::string& frame);

}  // namespace demarche::record

#endif  // DEMARCHE_SERVER_RECORD_PURGE_H_
