#ifndef DEMARCHE_CLIENT_CLI_JSON_H_
#define DEMARCHE_CLIENT_CLI_JSON_H_

#include <string>

#include "client/cpp/error.h"
#include "client/cpp/publish_stream.h"
#include "demarche/v1/event_service.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "google/protobuf/message.h"

namespace demarche::cli {

// The proto3 JSON of a message in one line.
std::string ToJson(const google::protobuf::Message& message);
// A JSON string with its quotes.
std::string JsonString(const std::string& text);

// Reads a NewsItem from one line of proto3 JSON; unknown fields are errors. Returns what is wrong, empty when nothing is.
std::string ParseNewsItem(const std::string& line, v1::NewsItem* item);

// {"position": ..., "appendTime": ..., "event": {...}} of event `index` of a batch, with "filterExit": true where it applies.
std::string EventLine(const v1::EventBatch& batch, int index);
// {"source": ..., and the fields of PublishResult, "error": {"code", "reason", "message"}} of a published item; "error" only when
// it failed.
std::string OutcomeLine(const std::string& source, const client::ItemOutcome& outcome);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_JSON_H_
