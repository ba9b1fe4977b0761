#ifndef DEMARCHE_CLIENT_CLI_TRIGGER_H_
#define DEMARCHE_CLIENT_CLI_TRIGGER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "demarche/v1/event.pb.h"
#include "demarche/v1/news_item.pb.h"

namespace demarche::cli {

// Bytes of a sentence, end exclusive.
struct Range {
  size_t begin = 0;
  size_t end = 0;
};

// Whether `FindTrigger` needs the item as received: the sentence was cleaned of markup, so that offsets do not carry over.
bool NeedsItem(const v1::Evidence& evidence);

// Where the trigger stands in the clean sentence of the evidence. Its span holds offsets into the field as received. Where the
// sentence has as many bytes as its span, nothing was removed and the offsets carry over. Otherwise the trigger's words are cut
// from `item` (the item as received; may be null), cleaned of tags, character references and runs of white space, and searched in
// the sentence; of several places the one nearest to where the words before the trigger end, cleaned alike. None when the item is
// not known or the words do not occur: an unmarked sentence is better than a mark on the wrong word.
std::optional<Range> FindTrigger(const v1::Evidence& evidence, const v1::NewsItem* item);

// Text without tags and with the common character references resolved; runs of white space become a blank. Roughly what the server
// does, good enough to search with.
std::string StripMarkup(std::string_view received);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_TRIGGER_H_
