#include "pipeline/document/quotes.h"

#include <algorithm>
#include <string>

namespace demarche::document {
namespace {

class Eraser {
 public:
  explicit Eraser(v1::DiplomaticEvent& event) : event_(event) {}

  void EraseSentences(std::string_view publisher, std::string_view news_item_id) {
    for (v1::Evidence& evidence : *event_.mutable_evidence()) {
      if (evidence.publisher() == publisher && evidence.news_item_id() == news_item_id) Erase(*evidence.mutable_sentence());
    }
  }

  void EraseWords() {
    for (v1::Actor& actor : *event_.mutable_actors()) EraseWordsOf(actor);
    for (v1::Actor& actor : *event_.mutable_recipients()) EraseWordsOf(actor);
    if (event_.has_location()) EraseUnlessQuoted(*event_.mutable_location()->mutable_name());
    if (!event_.has_attribution()) return;
    EraseUnlessQuoted(*event_.mutable_attribution()->mutable_mention());
    if (event_.attribution().has_actor()) EraseWordsOf(*event_.mutable_attribution()->mutable_actor());
  }

  bool is_changed() const { return is_changed_; }

 private:
  void Erase(std::string& words) {
    is_changed_ |= !words.empty();
    words.clear();
  }

  void EraseUnlessQuoted(std::string& words) {
    const auto quotes = [&words](const v1::Evidence& evidence) { return evidence.sentence().find(words) != std::string::npos; };
    if (std::none_of(event_.evidence().begin(), event_.evidence().end(), quotes)) Erase(words);
  }

  void EraseWordsOf(v1::Actor& actor) {
    EraseUnlessQuoted(*actor.mutable_mention());
    EraseUnlessQuoted(*actor.mutable_stated_office());
    // Those of an actor that stands in the tables come from there.
    if (!actor.entity_id().empty()) return;
    EraseUnlessQuoted(*actor.mutable_display_name());
    EraseUnlessQuoted(*actor.mutable_office());
  }

  v1::DiplomaticEvent& event_;
  bool is_changed_ = false;
};

}  // namespace

bool EraseQuotes(std::string_view publisher, std::string_view news_item_id, v1::DiplomaticEvent& event) {
  Eraser eraser(event);
  eraser.EraseSentences(publisher, news_item_id);
  eraser.EraseWords();
  return eraser.is_changed();
}

}  // namespace demarche::document
