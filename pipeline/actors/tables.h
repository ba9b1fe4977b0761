#ifndef DEMARCHE_PIPELINE_ACTORS_TABLES_H_
#define DEMARCHE_PIPELINE_ACTORS_TABLES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/actors/days.h"
#include "pipeline/actors/name_index.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/overlay.h"

namespace demarche::actors {

inline constexpr std::string_view kCivilNgo = "NGO";  // the code that many bodies share

// What an actor acts for: a state or an organisation. Both are rows of one list, so that an office can be held in either.
struct Body {
  std::string code;               // state or organisation code; empty for a group that has only its country's
  std::string id;                 // `state/RUS`, `organization/NATO`
  std::string name;               // 'United States'
  std::string name_in_office;     // 'the United States'
  std::string_view sector;        // of an organisation; GOV for a state
  std::string_view country_code;  // of a state itself, of an armed group its home state
  bool is_state = false;
  std::vector<uint32_t> members;  // of an alliance its states

  // 'the Baltic states': has no code of its own, its members act.
  bool stands_for_members() const { return code.empty() && country_code.empty() && !members.empty(); }
};

struct Person {
  std::string_view id;
  std::string_view name;
  uint32_t first_tenure = 0;  // tenures [first, last) in the order of the roles
  uint32_t last_tenure = 0;
};

// An office held by a person.
struct Tenure {
  uint32_t body = 0;
  std::string_view role;
  int rank = 0;  // place of the role in the vocabulary
  std::string_view title;
  Day from = kFirstDay;
  Day until = kLastDay;
  Day verified_until = kLastDay;                          // of an open term: nobody vouches for the days after it
  std::string_view from_text, until_text, verified_text;  // as in the table
  std::string_view source, sure;

  bool holds_on(Day day) const { return from <= day && day <= until; }
  bool is_stale_on(Day day) const { return day > verified_until; }
};

// Whether offices of the tables can have this role.
bool IsOfficeRole(std::string_view role);

struct Role {
  std::string_view phrase;
  std::string_view role;
  std::string_view sector;
  std::string_view body;        // code of the body that is meant when none is named
  bool is_title = false;        // may stand before a name
  bool may_be_bare = false;     // may act without a state beside it
  bool is_institution = false;  // no person: 'army', 'ministry'
};

// One reading of an ambiguous name.
struct Choice {
  std::string_view code;
  std::vector<std::string_view> with;
  std::vector<std::string_view> without;
};

// The text of the tables. Views of the rows point into it, and into what is laid over it: both must live as long as they do.
struct TableTexts {
  std::string_view states, organizations, people, offices, roles, places, cities, choices, descriptions;
};

// The tables, read and checked.
struct Tables {
  std::vector<Body> bodies;
  std::vector<Person> people;
  std::vector<Tenure> tenures;
  std::vector<Role> roles;
  StringMap<uint32_t> body_by_code;
  StringMap<std::vector<Choice>> choices;            // by name
  std::vector<std::vector<std::string_view>> nouns;  // of each body
  NameIndex names;
};

// Reads all tables with what is laid over them. INVALID_ARGUMENT names the table, the line and what is wrong with it.
absl::StatusOr<Tables> ReadTables(const TableTexts& texts, const resources::Overlay& overlay);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_TABLES_H_
