#include "pipeline/actors/tables.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/resources/table.h"

namespace demarche::actors {
namespace {

using resources::Row;
using resources::RowError;
using resources::Split;

constexpr std::array<std::string_view, 26> kRoles = {"head_of_state",
                                                     "head_of_government",
                                                     "vice_president",
                                                     "monarch",
                                                     "foreign_minister",
                                                     "defence_minister",
                                                     "interior_minister",
                                                     "finance_minister",
                                                     "national_security_adviser",
                                                     "envoy",
                                                     "ambassador",
                                                     "spokesperson",
                                                     "army_chief",
                                                     "intelligence_chief",
                                                     "parliament_speaker",
                                                     "legislator",
                                                     "opposition_leader",
                                                     "president_elect",
                                                     "deputy_minister",
                                                     "org_head",
                                                     "org_deputy",
                                                     "org_official",
                                                     "armed_group_leader",
                                                     "party_leader",
                                                     "royal",
                                                     "minister"};
constexpr std::string_view kOtherOfficial = "other_official";
constexpr std::array<std::string_view, 2> kLooseRoles = {"leader", "counterpart"};  // of role nouns only

constexpr std::array<std::string_view, 22> kSectors = {"GOV", "MIL", "LEG", "JUD", "SPY", "COP", "OPP", "REB", "UAF", "PTY", "BUS",
                                                       "CVL", "MED", "EDU", "LAB", "REF", "CRM", "SET", "ELI", "IGO", "NGO", "MNC"};

template <size_t N>
int IndexIn(const std::array<std::string_view, N>& values, std::string_view value) {
  const auto found = std::find(values.begin(), values.end(), value);
  return found == values.end() ? -1 : static_cast<int>(found - values.begin());
}

int RankOf(std::string_view role) { return role == kOtherOfficial ? static_cast<int>(kRoles.size()) : IndexIn(kRoles, role); }

// Reads one table after the other into `tables`; the first error ends it.
class Reader {
 public:
  Reader(const resources::Overlay& overlay, Tables& tables) : overlay_(overlay), tables_(tables) {}

  absl::Status States(std::string_view text);
  absl::Status Organizations(std::string_view text);
  absl::Status People(std::string_view people, std::string_view offices);
  absl::Status Roles(std::string_view text);
  absl::Status Places(std::string_view text);
  absl::Status Cities(std::string_view text);
  absl::Status Choices(std::string_view text);
  absl::Status Descriptions(std::string_view text);

 private:
  // Adds `text`, which may end in a mark.
  absl::Status AddName(const Row& row, NameKind kind, uint32_t index, std::string_view text, Name name = {}) {
    name.kind = kind;
    name.index = index;
    if (!text.empty() && text.back() == '?') name.needs_support = true;
    if (!text.empty() && text.back() == '~') name.is_common = true;
    if (name.needs_support || name.is_common) text.remove_suffix(1);
    name.text = text;
    return tables_.names.Add(name)
               ? absl::OkStatus()
               : RowError(row, absl::StrCat("a name must have 1 to ", NameIndex::kMaxWords, " words, not"), text);
  }
  absl::Status AddNames(const Row& row, NameKind kind, uint32_t index, std::string_view cell) {
    for (std::string_view text : Split(cell, '|')) {
      if (absl::Status status = AddName(row, kind, index, text); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  // The usual form of a body and its other names; the usual form may stand among them with a mark.
  absl::Status AddBodyNames(const Row& row, NameKind kind, uint32_t index, std::string_view usual, std::string_view cell) {
    std::vector<std::string_view> names = Split(cell, '|');
    const std::string_view bare = WithoutArticle(usual);
    const auto is_usual = [&](std::string_view name) {
      return name == bare ||
             (name.size() == bare.size() + 1 && name.starts_with(bare) && (name.back() == '?' || name.back() == '~'));
    };
    if (std::none_of(names.begin(), names.end(), is_usual)) names.push_back(bare);
    for (std::string_view text : names) {
      Name name;
      name.is_main = is_usual(text);
      if (absl::Status status = AddName(row, kind, index, text, name); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  static std::string_view WithoutArticle(std::string_view name) { return name.starts_with("the ") ? name.substr(4) : name; }
  // An organ has the code of its parent.
  absl::Status AddBody(const Row& row, Body body, std::string_view name, bool is_organ = false) {
    body.name_in_office = std::string(name);
    body.name = std::string(WithoutArticle(name));
    const uint32_t index = tables_.bodies.size();
    const bool may_repeat = is_organ || body.code.empty() || body.code == "NGO";
    if (!body.code.empty() && !tables_.body_by_code.try_emplace(body.code, index).second && !may_repeat) {
      return RowError(row, "code given twice", body.code);
    }
    tables_.bodies.push_back(std::move(body));
    tables_.nouns.emplace_back();
    return absl::OkStatus();
  }
  absl::Status ReadMembers(const Row& row, std::string_view cell, Body& body) const;
  absl::Status CheckParent(const Row& row, std::string_view parent, std::string_view code) const;
  absl::Status AddTenure(const Row& row, Person& person);

  const resources::Overlay& overlay_;
  Tables& tables_;
};

absl::Status Reader::States(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/states.tsv", text, 7);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    const auto& cells = row.cells;
    if (cells[0].size() != 3) return RowError(row, "a state's code has three letters, not", cells[0]);
    const uint32_t index = tables_.bodies.size();
    Body body{std::string(cells[0]), absl::StrCat("state/", View(cells[0])), {}, {}, "GOV", cells[0], true, {}};
    absl::Status status = AddBody(row, std::move(body), cells[1]);
    if (status.ok()) status = AddBodyNames(row, NameKind::kState, index, cells[1], cells[2]);
    if (status.ok()) status = AddNames(row, NameKind::kAdjective, index, cells[3]);
    if (status.ok()) status = AddNames(row, NameKind::kPeople, index, cells[4]);
    for (std::string_view seat : Split(cells[5], '|')) {
      if (!status.ok()) break;
      Name name;
      name.sector = "GOV";
      if (const size_t equals = seat.find('='); equals != std::string_view::npos) {
        name.sector = seat.substr(equals + 1);
        seat = seat.substr(0, equals);
        if (IndexIn(kSectors, name.sector) < 0) return RowError(row, "unknown sector", name.sector);
      }
      status = AddName(row, NameKind::kSeat, index, seat, name);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Reader::Organizations(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/organizations.tsv", text, 11);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    const auto& cells = row.cells;
    if (cells[1].empty()) return RowError(row, "an organisation needs an id, not", cells[1]);
    if (IndexIn(kSectors, cells[6]) < 0) return RowError(row, "unknown sector", cells[6]);
    if (!cells[7].empty() && !tables_.body_by_code.contains(cells[7])) return RowError(row, "unknown state", cells[7]);
    const uint32_t index = tables_.bodies.size();
    Body body{std::string(cells[0]), absl::StrCat("organization/", View(cells[1])), {}, {}, cells[6], cells[7], false, {}};
    absl::Status status = ReadMembers(row, cells[10], body);
    if (status.ok()) status = CheckParent(row, cells[9], body.code);
    if (status.ok()) status = AddBody(row, std::move(body), cells[2], /*is_organ=*/!cells[9].empty());
    if (status.ok()) status = AddBodyNames(row, NameKind::kOrganization, index, cells[2], cells[3]);
    if (status.ok()) status = AddNames(row, NameKind::kOrganizationAdjective, index, cells[4]);
    if (status.ok()) status = AddNames(row, NameKind::kOrganizationNoun, index, cells[5]);
    if (status.ok()) status = AddNames(row, NameKind::kSeat, index, cells[8]);
    if (!status.ok()) return status;
    tables_.nouns[index] = Split(cells[5], '|');
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadMembers(const Row& row, std::string_view cell, Body& body) const {
  for (std::string_view code : Split(cell, '|')) {
    const auto member = tables_.body_by_code.find(code);
    if (member == tables_.body_by_code.end()) return RowError(row, "unknown member", code);
    body.members.push_back(member->second);
  }
  return absl::OkStatus();
}

// The parent stands in an earlier row and has the same code.
absl::Status Reader::CheckParent(const Row& row, std::string_view parent, std::string_view code) const {
  if (parent.empty()) return absl::OkStatus();
  const auto found = std::find_if(tables_.bodies.begin(), tables_.bodies.end(),
                                  [&](const Body& body) { return body.id == absl::StrCat("organization/", View(parent)); });
  if (found == tables_.bodies.end()) return RowError(row, "no earlier row has the id of the parent", parent);
  return found->code == code ? absl::OkStatus() : RowError(row, "the parent has another code than", code);
}

absl::Status Reader::People(std::string_view people, std::string_view offices) {
  auto office_rows = overlay_.ReadTable("actors/offices.tsv", offices, 9);
  if (!office_rows.ok()) return office_rows.status();
  StringMap<std::vector<const Row*>> tenures;
  for (const Row& row : *office_rows) tenures[row.cells[0]].push_back(&row);
  auto rows = overlay_.ReadTable("actors/people.tsv", people, 4);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    Person person{row.cells[0], row.cells[1], static_cast<uint32_t>(tables_.tenures.size()), 0};
    const uint32_t index = tables_.people.size();
    Name main;
    main.is_main = true;
    absl::Status status = AddName(row, NameKind::kPerson, index, person.name, main);
    if (status.ok()) status = AddNames(row, NameKind::kPerson, index, row.cells[2]);
    if (!status.ok()) return status;
    const auto found = tenures.find(person.id);
    if (found == tenures.end()) return RowError(row, "no office in offices.tsv for", person.id);
    for (const Row* tenure : found->second) {
      if (status = AddTenure(*tenure, person); !status.ok()) return status;
    }
    tenures.erase(found);
    person.last_tenure = tables_.tenures.size();
    std::stable_sort(tables_.tenures.begin() + person.first_tenure, tables_.tenures.end(),
                     [](const Tenure& a, const Tenure& b) { return a.rank < b.rank; });
    tables_.people.push_back(person);
  }
  for (const Row& row : *office_rows) {
    if (tenures.contains(row.cells[0])) return RowError(row, "no such person in people.tsv:", row.cells[0]);
  }
  return absl::OkStatus();
}

absl::Status Reader::AddTenure(const Row& row, Person& person) {
  const auto& cells = row.cells;
  Tenure tenure;
  tenure.role = cells[2];
  tenure.rank = RankOf(cells[2]);
  tenure.title = cells[3];
  tenure.from_text = cells[4];
  tenure.until_text = cells[5];
  tenure.verified_text = cells[6];
  tenure.source = cells[7];
  tenure.sure = cells[8];
  const auto body = tables_.body_by_code.find(cells[1]);
  if (body == tables_.body_by_code.end()) return RowError(row, "unknown body", cells[1]);
  tenure.body = body->second;
  if (tenure.rank < 0) return RowError(row, "unknown role", cells[2]);
  const auto from = FirstDayOf(cells[4]);
  if (!from.ok()) return RowError(row, "not a date:", cells[4]);
  tenure.from = *from;
  if (!cells[5].empty()) {
    const auto until = LastDayOf(cells[5]);
    if (!until.ok()) return RowError(row, "not a date:", cells[5]);
    tenure.until = *until;
  } else {
    const auto verified = LastDayOf(cells[6]);
    if (!verified.ok()) return RowError(row, "an open term needs the day until which it is verified, not", cells[6]);
    tenure.verified_until = *verified;
  }
  if (tenure.until < tenure.from) return RowError(row, "ends before it begins: office of", person.id);
  tables_.tenures.push_back(tenure);
  return absl::OkStatus();
}

absl::Status Reader::Roles(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/roles.tsv", text, 6);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    const auto& cells = row.cells;
    Role role{cells[0], cells[2], cells[3], cells[5]};
    if (!role.role.empty() && RankOf(role.role) < 0 && IndexIn(kLooseRoles, role.role) < 0)
      return RowError(row, "unknown role", role.role);
    if (IndexIn(kSectors, role.sector) < 0) return RowError(row, "unknown sector", role.sector);
    if (!role.body.empty() && !tables_.body_by_code.contains(role.body)) return RowError(row, "unknown body", role.body);
    for (std::string_view flag : Split(cells[4], ' ')) {
      if (flag == "title")
        role.is_title = true;
      else if (flag == "bare")
        role.may_be_bare = true;
      else if (flag == "body")
        role.is_institution = true;
      else
        return RowError(row, "unknown flag", flag);
    }
    absl::Status status = AddName(row, NameKind::kRole, tables_.roles.size(), cells[0]);
    Name plural;
    plural.is_plural = true;
    if (status.ok() && !cells[1].empty()) status = AddName(row, NameKind::kRole, tables_.roles.size(), cells[1], plural);
    if (!status.ok()) return status;
    tables_.roles.push_back(role);
  }
  return absl::OkStatus();
}

absl::Status Reader::Places(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/places.tsv", text, 3);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    const std::string_view kind = row.cells[2];
    uint32_t body = 0;
    NameKind name_kind = NameKind::kPlace;
    if (kind == "none") {
      name_kind = NameKind::kNothing;
    } else {
      const auto found = tables_.body_by_code.find(row.cells[1]);
      if (found == tables_.body_by_code.end()) return RowError(row, "unknown state", row.cells[1]);
      body = found->second;
      if (kind == "adjective")
        name_kind = NameKind::kAdjective;
      else if (kind == "people")
        name_kind = NameKind::kPeople;
      else if (kind == "former")
        name_kind = NameKind::kState;
      else if (kind != "city" && kind != "region")
        return RowError(row, "unknown kind", kind);
    }
    Name name;
    name.is_region = kind != "former";
    if (absl::Status status = AddName(row, name_kind, body, row.cells[0], name); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Reader::Cities(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/cities.tsv", text, 2);
  if (!rows.ok()) return rows.status();
  Name name;
  name.is_region = true;
  for (const Row& row : *rows) {
    const auto state = tables_.body_by_code.find(row.cells[1]);
    if (state == tables_.body_by_code.end()) return RowError(row, "unknown state", row.cells[1]);
    if (absl::Status status = AddName(row, NameKind::kPlace, state->second, row.cells[0], name); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Reader::Choices(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/choices.tsv", text, 4);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    const std::string_view code = row.cells[1];
    if (!code.empty() && !tables_.body_by_code.contains(code)) return RowError(row, "unknown body", code);
    tables_.choices[row.cells[0]].push_back({code, Split(row.cells[2], '|'), Split(row.cells[3], '|')});
  }
  return absl::OkStatus();
}

absl::Status Reader::Descriptions(std::string_view text) {
  auto rows = overlay_.ReadTable("actors/descriptions.tsv", text, 2);
  if (!rows.ok()) return rows.status();
  for (const Row& row : *rows) {
    for (std::string_view code : Split(row.cells[1], ' ')) {
      const auto state = tables_.body_by_code.find(code);
      if (state == tables_.body_by_code.end()) return RowError(row, "unknown state", code);
      if (absl::Status status = AddName(row, NameKind::kOrganizationNoun, state->second, row.cells[0]); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool IsOfficeRole(std::string_view role) { return RankOf(role) >= 0; }

absl::StatusOr<Tables> ReadTables(const TableTexts& texts, const resources::Overlay& overlay) {
  Tables tables;
  Reader reader(overlay, tables);
  absl::Status status = reader.States(texts.states);
  if (status.ok()) status = reader.Organizations(texts.organizations);
  if (status.ok()) status = reader.People(texts.people, texts.offices);
  if (status.ok()) status = reader.Roles(texts.roles);
  if (status.ok()) status = reader.Places(texts.places);
  if (status.ok()) status = reader.Cities(texts.cities);
  if (status.ok()) status = reader.Choices(texts.choices);
  if (status.ok()) status = reader.Descriptions(texts.descriptions);
  if (!status.ok()) return status;
  return tables;
}

}  // namespace demarche::actors
