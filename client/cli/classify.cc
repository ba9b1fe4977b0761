#include "client/cli/classify.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/json.h"
#include "client/cli/print_classification.h"
#include "demarche/v1/classifier_service.grpc.pb.h"

namespace demarche::cli {

ExitCode Classify(Context& context, const ClassifyArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  const auto stub = v1::ClassifierService::NewStub(channel);
  ItemReader reader(arguments.input, absl::Now(), context.stop);
  InputItem input;
  ExitCode worst = kExitOk;
  while (reader.Next(&input) && context.out) {
    if (!input.error.empty()) {
      Say(context, Harmless(absl::StrCat(input.source, ": ", input.error)));
      worst = kExitSomeBad;
      continue;
    }
    v1::ClassifyNewsItemRequest request;
    *request.mutable_news_item() = input.item;
    request.set_explain(arguments.explain);
    v1::ClassifyNewsItemResponse response;
    const client::Error error =
        Call(context, [&](grpc::ClientContext* rpc) { return stub->ClassifyNewsItem(rpc, request, &response); });
    if (error.ok()) {
      context.out << (arguments.json ? ToJson(response) + "\n" : PrintClassification(input.item, response, context.out_style))
                  << std::flush;
    } else if (error.code == grpc::StatusCode::INVALID_ARGUMENT || error.reason == "ITEM_TOO_LARGE") {
      Say(context, Harmless(absl::StrCat(input.source, ": ", client::Describe(error))));
      worst = kExitSomeBad;  // this item's own fault: go on
    } else {
      return Report(context, error);
    }
  }
  return worst;
}

}  // namespace demarche::cli
