#ifndef DEMARCHE_PIPELINE_DOCUMENT_QUOTES_H_
#define DEMARCHE_PIPELINE_DOCUMENT_QUOTES_H_

#include <string_view>

#include "demarche/v1/event.pb.h"

namespace demarche::document {

// Takes the words of an item out of an event that it told of: its quoted sentences, and those words of the text that name parties,
// source and place, unless they stand in a sentence that the event still quotes from another item. Which words of the latter kind
// came from the item is not known: in doubt they go. What the words mean (codes, kind, spans, whose evidence it was) stays. Whether
// anything was changed: the second time nothing is.
bool EraseQuotes(std::string_view publisher, std::string_view news_item_id, v1::DiplomaticEvent& event);

}  // namespace demarche::document

#endif  // DEMARCHE_PIPELINE_DOCUMENT_QUOTES_H_
