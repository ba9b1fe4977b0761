#ifndef DEMARCHE_CLIENT_CLI_PRINT_EVENT_H_
#define DEMARCHE_CLIENT_CLI_PRINT_EVENT_H_

#include <string>

#include "client/cli/terminal.h"
#include "demarche/v1/event.pb.h"
#include "demarche/v1/news_item.pb.h"

namespace demarche::cli {

// An event to be shown, and what is known beside it.
struct EventView {
  const v1::DiplomaticEvent& event;
  bool filter_exit = false;            // it matched the filter before and no longer does
  const v1::NewsItem* item = nullptr;  // the item of the first evidence, when known: see FindTrigger
};

// Two lines: time, kind, who -> whom, how far it is fact, who says so, confidence, publisher; then the sentence with its trigger
// marked (underlined, or in square brackets without colour). Text of others is made harmless for the terminal.
std::string PrintEvent(const EventView& view, const Style& style);

// `Kaja Kallas (EU)`, `Ukraine`, `the envoys`.
std::string ActorName(const v1::Actor& actor);
std::string ActorNames(const google::protobuf::RepeatedPtrField<v1::Actor>& actors, const char* separator);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_PRINT_EVENT_H_
