#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "demarche/stored/v1/record.pb.h"
#include "demarche/v1/event.pb.h"
#include "server/query/filter/filter.h"

namespace {

demarche::stored::v1::FilterHeader MakeHeader() {
  demarche::stored::v1::FilterHeader header;
  header.set_state(demarche::v1::EVENT_STATE_NEW);
  header.set_type(demarche::v1::EVENT_TYPE_CONSULT);
  header.set_mode(demarche::v1::EVENT_MODE_PHONE);
  header.set_kind("leader_call");
  header.set_confidence(0.8);
  header.set_event_date(20250200);
  header.add_actors()->set_country("USA");
  header.add_recipients()->set_organization("NATO");
  header.add_contexts("military");
  return header;
}

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Any text either compiles, and then its negation gives the opposite answer, or fails at a column of the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using demarche::query::Filter;
  static const auto header = MakeHeader();
  static const demarche::stored::v1::FilterHeader empty;
  const std::string text(reinterpret_cast<const char*>(data), size);
  demarche::query::FilterError error;
  const auto filter = Filter::Compile(text, &error);
  if (!filter.ok()) {
    Check(filter.status().code() == absl::StatusCode::kInvalidArgument);
    Check(!error.message.empty() && error.column >= 1 && error.column <= size + 1);
    return 0;
  }
  const auto negation = Filter::Compile("NOT (" + text + ")");
  if (!negation.ok()) return 0;  // the empty text, or a limit
  Check(negation->Matches(header) != filter->Matches(header));
  Check(negation->Matches(empty) != filter->Matches(empty));
  return 0;
}
