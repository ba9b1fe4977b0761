#include "client/cli/print_event.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "client/cli/times.h"
#include "client/cli/trigger.h"

namespace demarche::cli {
namespace {

constexpr char kIndent[] = "    ";

using Actors = google::protobuf::RepeatedPtrField<v1::Actor>;

std::string Names(const Actors& actors, const char* separator) {
  return actors.empty() ? "(not named)" : ActorNames(actors, separator);
}

std::string Parties(const v1::DiplomaticEvent& event) {
  if (!event.reciprocal()) return absl::StrCat(Names(event.actors(), ", "), " -> ", Names(event.recipients(), ", "));
  // Where all took part alike, the two sides may be the same list.
  const bool one_list = event.recipients().empty() || Names(event.actors(), ", ") == Names(event.recipients(), ", ");
  if (one_list) return Names(event.actors(), " <-> ");
  if (event.actors().empty()) return Names(event.recipients(), " <-> ");
  return absl::StrCat(Names(event.actors(), ", "), " <-> ", Names(event.recipients(), ", "));
}

// The fine label, or the type where there is none.
std::string Label(const v1::DiplomaticEvent& event) {
  if (!event.kind().empty()) return HarmlessLine(event.kind());
  return absl::AsciiStrToLower(std::string(absl::StripPrefix(v1::EventType_Name(event.type()), "EVENT_TYPE_")));
}

Paint LabelPaint(v1::QuadClass quad_class) {
  switch (quad_class) {
    case v1::QUAD_CLASS_VERBAL_COOPERATION:
      return Paint::kGreen;
    case v1::QUAD_CLASS_MATERIAL_COOPERATION:
      return Paint::kCyan;
    case v1::QUAD_CLASS_VERBAL_CONFLICT:
      return Paint::kYellow;
    case v1::QUAD_CLASS_MATERIAL_CONFLICT:
      return Paint::kRed;
    default:
      return Paint::kBold;
  }
}

// What sets the event apart from a plain new fact; empty for one.
std::string Marks(const EventView& view, const Style& style) {
  const v1::DiplomaticEvent& event = view.event;
  std::string marks;
  const auto add = [&](Paint paint, const std::string& mark) { absl::StrAppend(&marks, "  ", style(paint, mark)); };
  if (event.factuality() != v1::FACTUALITY_ACTUAL && event.factuality() != v1::FACTUALITY_UNSPECIFIED) {
    const bool untrue = event.factuality() == v1::FACTUALITY_NEGATED || event.factuality() == v1::FACTUALITY_DENIED;
    add(untrue ? Paint::kRed : Paint::kMagenta,
        std::string(absl::StripPrefix(v1::Factuality_Name(event.factuality()), "FACTUALITY_")));
  }
  if (event.state() == v1::EVENT_STATE_RETRACTED) add(Paint::kRed, "RETRACTED");
  if (event.state() == v1::EVENT_STATE_UPDATED) add(Paint::kMagenta, absl::StrCat("revision ", event.revision()));
  if (view.filter_exit) add(Paint::kMagenta, "no longer matches");
  if (event.has_attribution()) {
    const v1::Attribution& attribution = event.attribution();
    const bool resolved = attribution.has_actor() && !attribution.actor().display_name().empty();
    const std::string who = resolved ? ActorName(attribution.actor()) : HarmlessLine(attribution.mention());
    if (!who.empty()) add(Paint::kDim, absl::StrCat("according to ", who));
  }
  return marks;
}

std::string MarkedSentence(const EventView& view, const Style& style) {
  const v1::Evidence& evidence = view.event.evidence(0);
  const std::string& sentence = evidence.sentence();
  const std::optional<Range> trigger = FindTrigger(evidence, view.item);
  if (!trigger) return HarmlessLine(sentence);
  const std::string words = HarmlessLine(sentence.substr(trigger->begin, trigger->end - trigger->begin));
  return absl::StrCat(HarmlessLine(sentence.substr(0, trigger->begin)),
                      style.color() ? style(Paint::kBold, style(Paint::kUnderline, words)) : absl::StrCat("[", words, "]"),
                      HarmlessLine(sentence.substr(trigger->end)));
}

}  // namespace

std::string ActorName(const v1::Actor& actor) {
  std::string name = actor.display_name();
  if (name.empty()) name = actor.mention();
  const std::string& code = actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
  if (name.empty()) name = code.empty() ? "(not named)" : code;
  // A state or a body is its own affiliation.
  const bool person = absl::StartsWith(actor.entity_id(), "person/") || actor.entity_id().empty();
  if (person && !code.empty() && code != name) absl::StrAppend(&name, " (", code, ")");
  return HarmlessLine(name);
}

std::string ActorNames(const Actors& actors, const char* separator) {
  return absl::StrJoin(actors, separator, [](std::string* out, const v1::Actor& actor) { absl::StrAppend(out, ActorName(actor)); });
}

std::string PrintEvent(const EventView& view, const Style& style) {
  const v1::DiplomaticEvent& event = view.event;
  const std::string publisher = event.evidence().empty() ? "" : HarmlessLine(event.evidence(0).publisher());
  std::string text = absl::StrCat(style(Paint::kDim, FormatMinute(event.publish_time())), "  ",
                                  style(LabelPaint(event.quad_class()), Label(event)), "  ", style(Paint::kBold, Parties(event)),
                                  Marks(view, style), "  ", absl::StrFormat("%.2f", event.confidence()));
  if (!publisher.empty()) absl::StrAppend(&text, "  ", style(Paint::kDim, publisher));
  text += '\n';
  if (!event.evidence().empty()) absl::StrAppend(&text, kIndent, MarkedSentence(view, style), "\n");
  return text;
}

}  // namespace demarche::cli
