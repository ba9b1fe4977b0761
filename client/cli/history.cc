#include "client/cli/history.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "client/cli/times.h"
#include "demarche/v1/event_service.grpc.pb.h"

namespace demarche::cli {
namespace {

constexpr char kChangeIndent[] = "    ";
constexpr char kNameSeparator[] = ", ";

std::string Value(const std::string& name, const char* prefix) { return std::string(absl::StripPrefix(name, prefix)); }

std::string DateText(const v1::EventDate& date) {
  if (date.year() == 0) return "";
  std::string text = absl::StrFormat("%04d", date.year());
  if (date.month() != 0) absl::StrAppendFormat(&text, "-%02d", date.month());
  if (date.day() != 0) absl::StrAppendFormat(&text, "-%02d", date.day());
  return text;
}

std::string PlaceText(const v1::Location& place) {
  return HarmlessLine(place.name().empty() ? place.country_code() : place.name());
}

// What of an event is compared, each with its name.
struct Part {
  const char* name;
  std::string (*text)(const v1::DiplomaticEvent& event);
};
using Event = v1::DiplomaticEvent;
constexpr Part kParts[] = {
    {"state", [](const Event& e) { return Value(v1::EventState_Name(e.state()), "EVENT_STATE_"); }},
    {"type", [](const Event& e) { return Value(v1::EventType_Name(e.type()), "EVENT_TYPE_"); }},
    {"kind", [](const Event& e) { return HarmlessLine(e.kind()); }},
    {"actors", [](const Event& e) { return ActorNames(e.actors(), kNameSeparator); }},
    {"recipients", [](const Event& e) { return ActorNames(e.recipients(), kNameSeparator); }},
    {"factuality", [](const Event& e) { return Value(v1::Factuality_Name(e.factuality()), "FACTUALITY_"); }},
    {"date", [](const Event& e) { return DateText(e.event_date()); }},
    {"place", [](const Event& e) { return PlaceText(e.location()); }},
    {"publishers", [](const Event& e) { return absl::StrCat(e.publisher_count()); }},
    {"items", [](const Event& e) { return absl::StrCat(e.item_count()); }},
    {"contradicts", [](const Event& e) { return HarmlessLine(absl::StrJoin(e.contradicted_event_ids(), ", ")); }},
    {"confidence", [](const Event& e) { return absl::StrFormat("%.2f", e.confidence()); }},
};

std::string OrNone(const std::string& text) { return text.empty() ? "(none)" : text; }

std::string Heading(const v1::DiplomaticEvent& event, const v1::RevisionCause& cause, const Style& style) {
  return absl::StrCat(style(Paint::kBold, absl::StrCat("revision ", event.revision())), "  ",
                      style(Paint::kDim, FormatMinute(cause.append_time())), "  because of ", HarmlessLine(cause.news_item_id()),
                      " of ", HarmlessLine(cause.publisher()), "\n");
}

std::string RevisionLine(const v1::DiplomaticEvent& event, const v1::RevisionCause& cause) {
  return absl::StrCat("{\"event\":", ToJson(event), ",\"cause\":", ToJson(cause), "}\n");
}

}  // namespace

std::vector<std::string> DescribeChanges(const v1::DiplomaticEvent& before, const v1::DiplomaticEvent& after) {
  std::vector<std::string> changes;
  for (const Part& part : kParts) {
    const std::string was = part.text(before), is = part.text(after);
    if (was != is) changes.push_back(absl::StrCat(part.name, ": ", OrNone(was), " -> ", OrNone(is)));
  }
  return changes;
}

ExitCode History(Context& context, const HistoryArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  const auto stub = v1::EventService::NewStub(channel);
  v1::ListEventRevisionsRequest request;
  request.set_event_id(arguments.event_id);
  v1::ListEventRevisionsResponse response;
  const client::Error error =
      Call(context, [&](grpc::ClientContext* rpc) { return stub->ListEventRevisions(rpc, request, &response); });
  if (!error.ok()) return Report(context, error);
  StoredItems items(context, channel);
  const Style& style = context.out_style;
  for (int i = 0; i < response.events_size() && i < response.causes_size(); ++i) {
    const v1::DiplomaticEvent& event = response.events(i);
    if (arguments.json_lines) {
      context.out << RevisionLine(event, response.causes(i));
      continue;
    }
    if (i == 0) context.out << "event " << HarmlessLine(event.event_id()) << " of " << HarmlessLine(event.story_id()) << '\n';
    context.out << Heading(event, response.causes(i), style);
    if (i == 0) {
      context.out << PrintEvent({.event = event, .item = items.ForTrigger(event)}, style);
      continue;
    }
    for (const std::string& change : DescribeChanges(response.events(i - 1), event)) context.out << kChangeIndent << change << '\n';
  }
  return kExitOk;
}

}  // namespace demarche::cli
