#include "client/cli/retract.h"

#include "client/cli/json.h"
#include "client/cli/terminal.h"
#include "demarche/v1/ingest_service.grpc.pb.h"

namespace demarche::cli {

ExitCode Retract(Context& context, const RetractArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  const auto stub = v1::IngestService::NewStub(channel);
  v1::RetractNewsItemRequest request;
  request.set_publisher(arguments.publisher);
  request.set_news_item_id(arguments.news_item_id);
  request.set_purge(arguments.purge);
  v1::RetractNewsItemResponse response;
  const client::Error error =
      Call(context, [&](grpc::ClientContext* rpc) { return stub->RetractNewsItem(rpc, request, &response); });
  if (!error.ok()) return Report(context, error);
  if (arguments.json_lines) {
    context.out << ToJson(response) << '\n';
    return kExitOk;
  }
  context.out << (arguments.purge ? "purged " : "retracted ") << HarmlessLine(arguments.news_item_id) << ", "
              << response.event_ids_size() << " events changed\n";
  for (const std::string& event_id : response.event_ids()) context.out << "  " << HarmlessLine(event_id) << '\n';
  return kExitOk;
}

}  // namespace demarche::cli
