#include "client/cli/print_classification.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/print_event.h"

namespace demarche::cli {
namespace {

constexpr size_t kMaxNoteQuoteBytes = 60;

// A stretch of a field to be marked. Without events it is a party.
struct Mark {
  size_t begin;
  size_t end;
  std::vector<int> events;  // numbers of the events that it is the trigger of
};

// The marks of one field, triggers first where two begin alike.
std::vector<Mark> CollectMarks(const v1::ClassifyNewsItemResponse& response, v1::TextField field, size_t field_size) {
  std::map<std::pair<size_t, size_t>, std::vector<int>> triggers;
  std::vector<Mark> marks;
  const auto within = [&](const v1::TextSpan& span) {
    return span.field() == field && span.begin() < span.end() && span.end() <= field_size;
  };
  for (int i = 0; i < response.events_size(); ++i) {
    for (const v1::Evidence& evidence : response.events(i).evidence()) {
      const v1::TextSpan& trigger = evidence.trigger_span();
      if (within(trigger)) triggers[{trigger.begin(), trigger.end()}].push_back(i + 1);
      for (const v1::TextSpan& span : evidence.actor_spans()) {
        if (within(span)) marks.push_back({span.begin(), span.end(), {}});
      }
    }
  }
  for (const auto& [range, events] : triggers) marks.push_back({range.first, range.second, events});
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    if (a.begin != b.begin) return a.begin < b.begin;
    return a.events.size() > b.events.size();
  });
  return marks;
}

std::string Marked(const Mark& mark, std::string_view words, const Style& style) {
  const std::string text = Harmless(words);
  if (mark.events.empty()) return style.color() ? style(Paint::kCyan, text) : absl::StrCat("{", text, "}");
  const std::string numbers = absl::StrCat("(", absl::StrJoin(mark.events, ","), ")");
  if (!style.color()) return absl::StrCat("[", text, "]", numbers);
  return absl::StrCat(style(Paint::kBold, style(Paint::kUnderline, text)), style(Paint::kDim, numbers));
}

// The field with its marks; of two that overlap the first one stands.
std::string MarkedField(std::string_view field, const std::vector<Mark>& marks, const Style& style) {
  std::string text;
  size_t done = 0;
  for (const Mark& mark : marks) {
    if (mark.begin < done) continue;
    text += Harmless(field.substr(done, mark.begin - done));
    text += Marked(mark, field.substr(mark.begin, mark.end - mark.begin), style);
    done = mark.end;
  }
  return text + Harmless(field.substr(done));
}

std::string PrintNote(const v1::NewsItem& item, const v1::StageNote& note, const Style& style) {
  std::string place;
  if (note.has_span()) {
    const v1::TextSpan& span = note.span();
    const bool title = span.field() == v1::TEXT_FIELD_TITLE;
    const std::string_view field = title ? item.title() : item.body();
    std::string quote;
    if (span.begin() < span.end() && span.end() <= field.size()) {
      const size_t size = span.end() - span.begin();
      quote = HarmlessLine(field.substr(span.begin(), std::min(size, kMaxNoteQuoteBytes)));
      if (size > kMaxNoteQuoteBytes) quote += "...";
    }
    place = absl::StrCat(style(Paint::kDim, absl::StrCat(title ? "title " : "body ", span.begin(), "-", span.end())), " \"", quote,
                         "\"  ");
  }
  return absl::StrCat("    ", place, HarmlessLine(note.text()), "\n");
}

}  // namespace

std::string PrintClassification(const v1::NewsItem& item, const v1::ClassifyNewsItemResponse& response, const Style& style) {
  std::string text;
  if (!item.title().empty()) {
    absl::StrAppend(&text, MarkedField(item.title(), CollectMarks(response, v1::TEXT_FIELD_TITLE, item.title().size()), style),
                    "\n\n");
  }
  absl::StrAppend(&text, MarkedField(item.body(), CollectMarks(response, v1::TEXT_FIELD_BODY, item.body().size()), style));
  if (!absl::EndsWith(text, "\n")) text += '\n';
  text += '\n';
  if (response.outcome() == v1::PUBLISH_OUTCOME_UNSUPPORTED_LANGUAGE) {
    text += "The text is in a language that is not coded yet.\n";
  } else if (response.events().empty()) {
    text += "No event.\n";
  }
  for (int i = 0; i < response.events_size(); ++i) {
    absl::StrAppend(&text, i + 1, ". ", PrintEvent({.event = response.events(i), .item = &item}, style));
  }
  for (const v1::StageTrace& stage : response.stages()) {
    absl::StrAppend(&text, "\n", style(Paint::kBold, HarmlessLine(stage.stage())), "  ",
                    style(Paint::kDim, absl::StrFormat("%.0f us", stage.duration_us())), "\n");
    for (const v1::StageNote& note : stage.notes()) text += PrintNote(item, note, style);
  }
  return text;
}

}  // namespace demarche::cli
