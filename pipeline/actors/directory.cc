#include "pipeline/actors/directory.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/resources/resource.h"

namespace demarche::actors {
namespace {

// PLOVER sector of an office in a state; in an organisation the body's own sector holds.
std::string_view SectorOf(std::string_view role) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSectorOfRole = {{{"army_chief", "MIL"},
                                                                                                  {"intelligence_chief", "SPY"},
                                                                                                  {"parliament_speaker", "LEG"},
                                                                                                  {"legislator", "LEG"},
                                                                                                  {"opposition_leader", "OPP"},
                                                                                                  {"party_leader", "PTY"},
                                                                                                  {"armed_group_leader", "REB"}}};
  for (const auto& [of, sector] : kSectorOfRole) {
    if (of == role) return sector;
  }
  return "GOV";
}

bool IsHead(std::string_view role) {
  return role == "head_of_state" || role == "head_of_government" || role == "monarch" || role == "org_head" ||
         role == "armed_group_leader";
}

int RankOfName(const Name& name) {
  return (name.is_main ? 0 : 2) + (name.needs_support ? 4 : 0) + (name.kind == NameKind::kPerson ? 1 : 0);
}

v1::ActorResolution ResolutionOf(const Name& name) {
  if (name.kind == NameKind::kSeat || name.kind == NameKind::kPlace) return v1::ACTOR_RESOLUTION_METONYM;
  return name.is_main ? v1::ACTOR_RESOLUTION_EXACT : v1::ACTOR_RESOLUTION_ALIAS;
}

}  // namespace

bool MeansRole(std::string_view stated, std::string_view held, bool in_state) {
  if (stated == held) return true;
  if (stated == "leader") return IsHead(held) || (!in_state && held == "org_official");
  if (stated == "head_of_state") return held == "monarch" || (!in_state && (held == "org_head" || held == "armed_group_leader"));
  if (stated == "org_head") return IsHead(held);
  if (stated == "minister") return held.ends_with("_minister");
  if (stated == "other_official") return true;
  if (stated == "envoy") return held == "ambassador";
  return false;
}

absl::StatusOr<std::shared_ptr<const Directory>> Directory::Load(OverlayPtr overlay) {
  TableTexts texts;
  const std::array<std::pair<std::string_view, std::string_view*>, 9> tables = {{{"actors/states.tsv", &texts.states},
                                                                                 {"actors/organizations.tsv", &texts.organizations},
                                                                                 {"actors/people.tsv", &texts.people},
                                                                                 {"actors/offices.tsv", &texts.offices},
                                                                                 {"actors/roles.tsv", &texts.roles},
                                                                                 {"actors/places.tsv", &texts.places},
                                                                                 {"actors/cities.tsv", &texts.cities},
                                                                                 {"actors/choices.tsv", &texts.choices},
                                                                                 {"actors/descriptions.tsv", &texts.descriptions}}};
  for (const auto& [path, text] : tables) {
    const auto found = resources::Find(path);
    if (!found) return absl::NotFoundError(absl::StrCat("no table '", View(path), "' was built in"));
    *text = *found;
  }
  return FromTexts(texts, std::move(overlay));
}

absl::StatusOr<std::shared_ptr<const Directory>> Directory::FromTexts(const TableTexts& texts, OverlayPtr overlay) {
  auto tables = ReadTables(texts, *overlay);
  if (!tables.ok()) return tables.status();
  return std::shared_ptr<const Directory>(new Directory(std::move(overlay), *std::move(tables)));
}

Directory::Directory(OverlayPtr overlay, Tables tables)
    : overlay_(std::move(overlay)), tables_(std::move(tables)), people_of_body_(tables_.bodies.size()) {
  for (uint32_t i = 0; i < tables_.people.size(); ++i) {
    const Person& person = tables_.people[i];
    person_by_id_.emplace(person.id, i);
    if (const size_t space = person.name.find(' '); space != std::string_view::npos)
      first_names_.insert(Fold(person.name.substr(0, space)));
    for (uint32_t t = person.first_tenure; t < person.last_tenure; ++t) {
      std::vector<uint32_t>& people = people_of_body_[tables_.tenures[t].body];
      if (people.empty() || people.back() != i) people.push_back(i);
    }
  }
}

std::optional<uint32_t> Directory::BodyOf(std::string_view code) const {
  const auto found = tables_.body_by_code.find(code);
  return found == tables_.body_by_code.end() ? std::nullopt : std::optional<uint32_t>(found->second);
}

std::optional<uint32_t> Directory::PersonOf(std::string_view id) const {
  const auto found = person_by_id_.find(id);
  return found == person_by_id_.end() ? std::nullopt : std::optional<uint32_t>(found->second);
}

v1::Actor Directory::OfBody(uint32_t index) const {
  const Body& body = tables_.bodies[index];
  v1::Actor actor;
  actor.set_entity_id(body.id);
  actor.set_display_name(body.name);
  actor.set_country_code(std::string(body.country_code));
  if (!body.is_state) actor.set_organization_code(body.code);
  actor.set_sector(std::string(body.sector));
  return actor;
}

std::string Directory::OfficeText(std::string_view title, uint32_t body) const {
  if (tables_.bodies[body].code == kCivilNgo) return std::string(title);
  return absl::StrCat(View(title), " of ", tables_.bodies[body].name_in_office);
}

Resolved Directory::OfPerson(uint32_t index, Day day, const StatedOffice& stated) const {
  const Person& person = tables_.people[index];
  const Tenure* best = nullptr;
  int best_score = -1;
  const Tenure* last = nullptr;  // the state office that ended last before the day
  const Tenure* next = nullptr;  // the first office after it
  bool fits = stated.role == nullptr && !stated.body;
  for (uint32_t i = person.first_tenure; i < person.last_tenure; ++i) {
    const Tenure& tenure = tables_.tenures[i];
    const Body& body = tables_.bodies[tenure.body];
    if (tenure.holds_on(day)) {
      const bool same_body = stated.body && (*stated.body == tenure.body || body.country_code == tables_.bodies[*stated.body].code);
      const bool same_role = stated.role != nullptr && MeansRole(stated.role->role, tenure.role, body.is_state);
      const int score = 2 * same_body + same_role;
      fits |= (same_body || !stated.body) && (same_role || stated.role == nullptr || !IsHead(stated.role->role));
      if (score > best_score) best = &tenure, best_score = score;
    } else if (body.country_code.empty()) {
      continue;
    } else if (tenure.until < day) {
      if (last == nullptr || tenure.until > last->until) last = &tenure;
    } else if (next == nullptr || tenure.from < next->from) {
      next = &tenure;
    }
  }
  Resolved resolved;
  resolved.tenure = best != nullptr ? best : last != nullptr ? last : next;
  resolved.standing = best != nullptr                      ? Standing::kInOffice
                      : last != nullptr || next == nullptr ? Standing::kFormer
                                                           : Standing::kNotYet;
  if (resolved.tenure != nullptr) resolved.actor = OfBody(resolved.tenure->body);
  v1::Actor& actor = resolved.actor;
  actor.set_entity_id(std::string(person.id));
  actor.set_display_name(std::string(person.name));
  if (best != nullptr) {
    const Body& body = tables_.bodies[best->body];
    actor.set_sector(std::string(body.is_state ? SectorOf(best->role) : body.sector));
    actor.set_office(OfficeText(best->title, best->body));
    actor.set_office_stale(best->is_stale_on(day));
    if (actor.office_stale() && !fits && !stated.is_former && stated.role != nullptr && stated.body) {
      const v1::Actor stated_body = OfBody(*stated.body);
      actor.set_country_code(stated_body.country_code());
      actor.set_organization_code(stated_body.organization_code());
      actor.set_sector(tables_.bodies[*stated.body].is_state ? std::string(stated.role->sector) : stated_body.sector());
      actor.set_office(stated.text);
    }
  } else {
    actor.clear_organization_code();
    actor.set_sector(resolved.standing == Standing::kFormer ? "ELI" : "CVL");
  }
  if (!fits && !stated.is_former && !stated.text.empty()) actor.set_stated_office(stated.text);
  return resolved;
}

std::vector<uint32_t> Directory::HoldersOf(std::string_view role, uint32_t body, Day day) const {
  std::vector<uint32_t> holders;
  for (uint32_t i : people_of_body_[body]) {
    const Person& person = tables_.people[i];
    for (uint32_t t = person.first_tenure; t < person.last_tenure; ++t) {
      const Tenure& tenure = tables_.tenures[t];
      if (tenure.body != body || !tenure.holds_on(day) || !MeansRole(role, tenure.role, tables_.bodies[body].is_state)) continue;
      holders.push_back(i);
      break;
    }
  }
  return holders;
}

std::vector<Term> Directory::TermsOf(uint32_t body, std::string_view role, Day from, Day until) const {
  std::vector<Term> terms;
  for (uint32_t i : people_of_body_[body]) {
    const Person& person = tables_.people[i];
    for (uint32_t t = person.first_tenure; t < person.last_tenure; ++t) {
      const Tenure& tenure = tables_.tenures[t];
      const bool asked = tenure.body == body && (role.empty() || tenure.role == role);
      if (asked && tenure.from <= until && tenure.until >= from) terms.push_back({&person, &tenure});
    }
  }
  std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) {
    return std::pair(a.tenure->rank, a.tenure->from) < std::pair(b.tenure->rank, b.tenure->from);
  });
  return terms;
}

// 'Ukrainian president', 'president of Ukraine'.
void Directory::LookupRole(const std::vector<Word>& words, Day day, std::vector<v1::Actor>& actors) const {
  std::vector<const Name*> first, second;
  const size_t length = tables_.names.Longest(words, 0, first);
  size_t at = length;
  while (at < words.size() && (words[at].lower == "of" || words[at].lower == "the" || words[at].lower == "s")) ++at;
  if (length == 0 || at >= words.size() || at + tables_.names.Longest(words, at, second) != words.size()) return;
  if (first[0]->kind == NameKind::kRole) std::swap(first, second);
  for (const Name* role : second) {
    if (role->kind != NameKind::kRole) continue;
    for (const Name* body : first) {
      if (body->kind == NameKind::kRole || body->kind == NameKind::kPerson || body->kind == NameKind::kNothing) continue;
      for (uint32_t person : HoldersOf(tables_.roles[role->index].role, body->index, day)) {
        actors.push_back(OfPerson(person, day, {&tables_.roles[role->index], body->index, {}}).actor);
        actors.back().set_resolution(v1::ACTOR_RESOLUTION_ROLE);
      }
      if (!actors.empty()) return;
      actors.push_back(OfBody(body->index));
      actors.back().set_sector(std::string(tables_.roles[role->index].sector));
      actors.back().set_resolution(v1::ACTOR_RESOLUTION_ROLE);
      return;
    }
  }
}

std::vector<v1::Actor> Directory::Lookup(std::string_view name, absl::Time time) const {
  const Day day = DayOf(time);
  std::string_view asked = name;
  if (asked.substr(0, 4) == "the " || asked.substr(0, 4) == "The ") asked.remove_prefix(4);
  WordCutter cutter;
  const std::string lower = AsciiLower(asked);
  cutter.Cut(asked, lower, 0, asked.size());
  std::vector<Word>& words = cutter.words();
  tables_.names.Number(words);
  std::vector<const Name*> found;
  std::vector<v1::Actor> actors;
  if (!words.empty() && tables_.names.Longest(words, 0, found) == words.size()) {
    std::stable_sort(found.begin(), found.end(), [](const Name* a, const Name* b) { return RankOfName(*a) < RankOfName(*b); });
    for (const Name* entry : found) {
      if (entry->kind == NameKind::kNothing || entry->kind == NameKind::kRole || entry->kind == NameKind::kOrganizationNoun)
        continue;
      v1::Actor actor = entry->kind == NameKind::kPerson ? OfPerson(entry->index, day, {}).actor : OfBody(entry->index);
      if (!entry->sector.empty()) actor.set_sector(std::string(entry->sector));
      actor.set_resolution(ResolutionOf(*entry));
      const auto same = [&](const v1::Actor& other) { return other.entity_id() == actor.entity_id(); };
      if (std::none_of(actors.begin(), actors.end(), same)) actors.push_back(std::move(actor));
    }
    // Of several people of one name those in office come first.
    std::stable_sort(actors.begin(), actors.end(), [](const v1::Actor& a, const v1::Actor& b) {
      const auto out = [](const v1::Actor& actor) { return actor.sector() == "ELI" || actor.sector() == "CVL"; };
      return out(a) < out(b);
    });
  } else if (!words.empty()) {
    LookupRole(words, day, actors);
  }
  for (v1::Actor& actor : actors) actor.set_mention(std::string(name));
  return actors;
}

}  // namespace demarche::actors
