#ifndef DEMARCHE_CLIENT_CLI_STORED_ITEMS_H_
#define DEMARCHE_CLIENT_CLI_STORED_ITEMS_H_

#include <memory>
#include <string>

#include "client/cli/context.h"
#include "client/cli/trigger.h"
#include "demarche/v1/ingest_service.grpc.pb.h"

namespace demarche::cli {

// Asks the server for the items that events were found in, where a trigger cannot be marked without. Keeps the last one: the events
// of an item come one after the other. One thread; lives for one command.
class StoredItems {
 public:
  StoredItems(Context& context, const std::shared_ptr<grpc::Channel>& channel)
      : context_(context), stub_(v1::IngestService::NewStub(channel)) {}

  // The item of the event's first evidence when it is needed and the server gives it out; else null. Valid until the next call.
  const v1::NewsItem* ForTrigger(const v1::DiplomaticEvent& event);

 private:
  Context& context_;
  const std::unique_ptr<v1::IngestService::Stub> stub_;
  v1::GetNewsItemRequest last_request_;
  v1::GetNewsItemResponse last_response_;
  bool last_found_ = false;
};

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_STORED_ITEMS_H_
