#ifndef DEMARCHE_SERVER_INGEST_VALIDATE_H_
#define DEMARCHE_SERVER_INGEST_VALIDATE_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "demarche/v1/news_item.pb.h"

namespace demarche::ingest {

// Checks an item against the limits (server/limits). ITEM_TOO_LARGE for the whole, ITEM_INVALID with every field that breaks one:
// field, limit and value.
absl::Status ValidateNewsItem(const v1::NewsItem& item);

// Why bytes do not parse as a publish request (field 1 is a NewsItem): ITEM_INVALID that names the field and the offset of the byte
// that is not UTF-8, or the offset where the message breaks.
absl::Status ExplainUnparsable(std::string_view request);

// Offset of the first byte that does not belong to valid UTF-8.
std::optional<size_t> FirstInvalidUtf8(std::string_view text);

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_VALIDATE_H_
