#include "client/cli/events.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/print_event.h"
#include "client/cli/stored_items.h"
#include "demarche/v1/event_service.grpc.pb.h"

namespace demarche::cli {
namespace {

constexpr uint64_t kMaxPage = 1000;

void Print(Context& context, const v1::DiplomaticEvent& event, bool json_lines, StoredItems& items) {
  if (json_lines) {
    context.out << ToJson(event) << '\n';
  } else {
    context.out << PrintEvent({.event = event, .item = items.ForTrigger(event)}, context.out_style);
  }
}

}  // namespace

ExitCode GetEvent(Context& context, const GetEventArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  const auto stub = v1::EventService::NewStub(channel);
  v1::GetEventRequest request;
  request.set_event_id(arguments.event_id);
  v1::GetEventResponse response;
  const client::Error error = Call(context, [&](grpc::ClientContext* rpc) { return stub->GetEvent(rpc, request, &response); });
  if (!error.ok()) return Report(context, error);
  StoredItems items(context, channel);
  Print(context, response.event(), arguments.json_lines, items);
  return kExitOk;
}

ExitCode ListEvents(Context& context, const ListEventsArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  const auto stub = v1::EventService::NewStub(channel);
  StoredItems items(context, channel);
  v1::ListEventsRequest request;
  request.set_filter(arguments.filter);
  uint64_t left = arguments.limit == 0 ? UINT64_MAX : arguments.limit;
  while (left > 0 && context.out && !context.stop.requested()) {
    request.set_page_size(static_cast<int32_t>(std::min(left, kMaxPage)));
    v1::ListEventsResponse response;
    const client::Error error = Call(context, [&](grpc::ClientContext* rpc) { return stub->ListEvents(rpc, request, &response); });
    if (!error.ok()) return Report(context, error);
    for (const v1::DiplomaticEvent& event : response.events()) Print(context, event, arguments.json_lines, items);
    left -= std::min(left, static_cast<uint64_t>(response.events_size()));
    request.set_page_token(response.next_page_token());
    if (response.next_page_token().empty()) return kExitOk;
  }
  if (left == 0 && context.out.flush()) {
    Say(context, absl::StrCat("there may be more than ", arguments.limit, " events: --limit 0 lists all"));
  }
  return kExitOk;
}

}  // namespace demarche::cli
