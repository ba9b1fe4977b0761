#ifndef DEMARCHE_SERVER_TOOLS_CLASSIFY_H_
#define DEMARCHE_SERVER_TOOLS_CLASSIFY_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <ostream>

#include "absl/status/status.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/run/runner.h"

namespace demarche::tools {

struct ClassifyOptions {
  int workers = 1;
  bool explain = false;  // adds `stages` to each line
  bool stories = false;  // remembers, in the order of the input: equal event ids are one event, and copies are known
  // Whether an item may be coded; the server's own check.
  std::function<absl::Status(const v1::NewsItem&)> validate;
};

struct ClassifyCounts {
  uint64_t items = 0;
  uint64_t rejected = 0;
};

// Codes NewsItem JSON lines without a server: for each line that is not empty one line of proto3 JSON, in the order of the input:
// {"newsItemId", "outcome", "events": [...]}. A line that is no item, or an invalid one, gives outcome PUBLISH_OUTCOME_REJECTED and
// `error`, which goes to `talk` too with its line number.
ClassifyCounts Classify(const run::Runner& runner, const ClassifyOptions& options, std::istream& in, std::ostream& out,
                        std::ostream& talk);

}  // namespace demarche::tools

#endif  // DEMARCHE_SERVER_TOOLS_CLASSIFY_H_
