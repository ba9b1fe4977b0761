#include "client/cli/event_formats.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/times.h"

namespace demarche::cli {
namespace {

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string Short(const std::string& name, const char* prefix) { return std::string(absl::StripPrefix(name, prefix)); }

}  // namespace

const char kCsvHeader[] =
    "position,event_id,revision,publish_time,type,kind,actors,recipients,factuality,confidence,publisher,sentence";

std::string CsvLine(const v1::EventBatch& batch, int index) {
  const v1::DiplomaticEvent& event = batch.events(index);
  const v1::Evidence none;
  const v1::Evidence& evidence = event.evidence().empty() ? none : event.evidence(0);
  const std::vector<std::string> fields = {index < batch.positions_size() ? batch.positions(index) : "",
                                           event.event_id(),
                                           absl::StrCat(event.revision()),
                                           FormatMinute(event.publish_time()),
                                           Short(v1::EventType_Name(event.type()), "EVENT_TYPE_"),
                                           event.kind(),
                                           ActorNames(event.actors(), "; "),
                                           ActorNames(event.recipients(), "; "),
                                           Short(v1::Factuality_Name(event.factuality()), "FACTUALITY_"),
                                           absl::StrFormat("%.3f", event.confidence()),
                                           evidence.publisher(),
                                           evidence.sentence()};
  return absl::StrJoin(fields, ",", [](std::string* out, const std::string& field) { absl::StrAppend(out, Quoted(field)); });
}

std::string CloudEventLine(const v1::EventBatch& batch, int index, const std::string& server) {
  const v1::DiplomaticEvent& event = batch.events(index);
  std::string line = absl::StrCat("{\"specversion\":\"1.0\",\"type\":\"demarche.v1.DiplomaticEvent\",\"source\":",
                                  JsonString(absl::StrCat("demarche://", server)),
                                  ",\"id\":", JsonString(absl::StrCat(event.event_id(), "/", event.revision())),
                                  ",\"subject\":", JsonString(event.kind()));
  if (index < batch.append_times_size()) absl::StrAppend(&line, ",\"time\":", ToJson(batch.append_times(index)));
  if (index < batch.positions_size()) absl::StrAppend(&line, ",\"position\":", JsonString(batch.positions(index)));
  return absl::StrCat(line, ",\"datacontenttype\":\"application/json\",\"data\":", ToJson(event), "}");
}

}  // namespace demarche::cli
