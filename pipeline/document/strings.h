#ifndef DEMARCHE_PIPELINE_DOCUMENT_STRINGS_H_
#define DEMARCHE_PIPELINE_DOCUMENT_STRINGS_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

// Our code speaks std::string_view; Debian's Abseil has a view type of its own that does not convert. These wrap once.
namespace demarche {

inline absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

namespace internal {
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return absl::Hash<absl::string_view>()(View(text)); }
};
struct StringEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};
}  // namespace internal

// Hash tables keyed by strings that are looked up by std::string_view without a copy.
template <typename Value>
using StringMap = absl::flat_hash_map<std::string, Value, internal::StringHash, internal::StringEqual>;
using StringSet = absl::flat_hash_set<std::string, internal::StringHash, internal::StringEqual>;

}  // namespace demarche

#endif  // DEMARCHE_PIPELINE_DOCUMENT_STRINGS_H_
