#ifndef DEMARCHE_PIPELINE_ACTORS_DIRECTORY_H_
#define DEMARCHE_PIPELINE_ACTORS_DIRECTORY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "demarche/v1/event.pb.h"
#include "pipeline/actors/tables.h"

namespace demarche::actors {

// The office that a text gives a person; empty parts are not stated.
struct StatedOffice {
  const Role* role = nullptr;
  std::optional<uint32_t> body;
  std::string text;        // 'Prime Minister of Estonia'
  bool is_former = false;  // 'former president': claims no present office
};

// How a person stands on a day.
enum class Standing { kInOffice, kFormer, kNotYet };

// Who a person is on a day.
struct Resolved {
  v1::Actor actor;
  Standing standing = Standing::kInOffice;
  const Tenure* tenure = nullptr;  // the office on the day, else the one that gave the codes, if any
};

// A term of somebody in an office.
struct Term {
  const Person* person = nullptr;
  const Tenure* tenure = nullptr;
};

// Whether an office noun of the text means this role in this body: 'leader' means any head.
bool MeansRole(std::string_view stated, std::string_view held, bool in_state);

// The actor tables: who a name means on a date. Loaded once, immutable, shared by the actors stage and the
// ontology service on any number of threads; lives as long as its last user.
class Directory {
 public:
  using OverlayPtr = std::shared_ptr<const resources::Overlay>;

  // From the tables that were built in, with what is laid over them.
  static absl::StatusOr<std::shared_ptr<const Directory>> Load(OverlayPtr overlay = std::make_shared<resources::Overlay>());
  // From other tables; the texts must outlive the directory.
  static absl::StatusOr<std::shared_ptr<const Directory>> FromTexts(const TableTexts& texts,
                                                                    OverlayPtr overlay = std::make_shared<resources::Overlay>());

  // Who a name, a demonym, a seat or a role ('the Ukrainian president') may mean on that day (UTC), likeliest first; empty when
  // unknown. `mention` of each holds the name.
  std::vector<v1::Actor> Lookup(std::string_view name, absl::Time time) const;

  // The state or organisation itself.
  v1::Actor OfBody(uint32_t index) const;
  // The person on that day; of several offices the one that fits what the text states, else the highest. Of an office that nobody
  // vouches for on that day the text's own statement is preferred.
  Resolved OfPerson(uint32_t index, Day day, const StatedOffice& stated) const;
  // People who hold the role in the body on that day.
  std::vector<uint32_t> HoldersOf(std::string_view role, uint32_t body, Day day) const;
  // Terms in the body's offices that touch the days [from, until], by role and date; of one role only when one is given.
  std::vector<Term> TermsOf(uint32_t body, std::string_view role, Day from, Day until) const;
  // 'Prime Minister of Estonia'.
  std::string OfficeText(std::string_view title, uint32_t body) const;

  // Whether somebody of the tables has this first name, in lower case.
  bool IsFirstName(std::string_view lower) const { return first_names_.contains(lower); }

  std::optional<uint32_t> BodyOf(std::string_view code) const;
  std::optional<uint32_t> PersonOf(std::string_view id) const;
  const Tables& tables() const { return tables_; }

 private:
  Directory(OverlayPtr overlay, Tables tables);

  void LookupRole(const std::vector<Word>& words, Day day, std::vector<v1::Actor>& actors) const;

  OverlayPtr overlay_;  // holds texts of the tables
  Tables tables_;
  StringSet first_names_;
  StringMap<uint32_t> person_by_id_;
  std::vector<std::vector<uint32_t>> people_of_body_;  // who ever held an office in it
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_DIRECTORY_H_
