#ifndef DEMARCHE_PIPELINE_NORMALIZE_ENTITIES_H_
#define DEMARCHE_PIPELINE_NORMALIZE_ENTITIES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/document/strings.h"

namespace demarche::normalize {

// Character references of HTML (`&eacute;`, `&#233;`, `&#xE9;`). Immutable; any thread.
class Entities {
 public:
  // What a reference stands for; size 0: there is none.
  struct Match {
    size_t size = 0;
    int32_t code_point = 0;
  };

  static absl::StatusOr<Entities> Make();

  // Reads the reference at the start of `text`, which begins with '&'. With `require_semicolon` the old names that HTML reads
  // without one (`&nbsp `) are no reference. Looks at a bounded number of bytes.
  Match Read(std::string_view text, bool require_semicolon) const;

 private:
  struct Value {
    int32_t code_point;
    bool bare;  // read without a semicolon
  };
  Match ReadName(std::string_view text, bool require_semicolon) const;

  StringMap<Value> names_;
};

}  // namespace demarche::normalize

#endif  // DEMARCHE_PIPELINE_NORMALIZE_ENTITIES_H_
