#ifndef DEMARCHE_PIPELINE_ASSEMBLY_BUILDER_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_BUILDER_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/assembly/counterpart.h"
#include "pipeline/assembly/draft.h"
#include "pipeline/assembly/scope.h"
#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"
#include "pipeline/resources/ontology/ontology.h"

namespace demarche::assembly {

// Makes an event of a frame: roles, factuality, time, date, place, attribution, confidence, evidence. Its id is given later.
// Lives as long as one document is worked on; used by one thread.
class Builder {
 public:
  // All outlive it.
  Builder(document::Document& document, const ontology::Ontology& ontology, const ScopeRules& rules, const Counterpart& counterpart,
          const clause::Grammar& grammar);

  // Nothing when the frame names no party with a code. `earlier`: the events of the text so far.
  std::optional<Draft> Build(const document::Frame& frame, const clause::Clauses& clauses, const std::vector<Draft>& earlier);

 private:
  void SetType(std::string_view kind_name, v1::EventType override_type, v1::DiplomaticEvent& event) const;
  void SetRefusal(const document::Frame& frame, std::optional<v1::Attribution>& attribution, v1::DiplomaticEvent& event) const;
  void SetTime(const document::Frame& frame, const clause::Clauses& clauses, v1::DiplomaticEvent& event) const;
  // The date of the clause; else that of what opens the sentence, or of the clause that 'when' hangs on.
  std::optional<v1::EventDate> DateOf(const document::Frame& frame, const clause::Clauses& clauses, bool is_future) const;
  // Whether the words tell of a time before the news, without a date of its own.
  bool IsBackground(const document::Frame& frame, const clause::Clauses& clauses) const;
  void SetLocation(const document::Frame& frame, const clause::Clauses& clauses, v1::DiplomaticEvent& event) const;
  void SetEvidence(const document::Frame& frame, v1::DiplomaticEvent& event) const;
  // Guesses a side that the clause leaves out, where the act needs it and the other side is known. True when it found one.
  // Whether all of these are demonyms used as modifiers; false for none.
  bool AreAdjectives(const std::vector<uint32_t>& parties) const;
  bool InferSide(const document::Frame& frame, const clause::Clauses& clauses, const std::vector<Draft>& earlier,
                 v1::DiplomaticEvent& event) const;
  double Confidence(const document::Frame& frame, const v1::DiplomaticEvent& event, bool is_inferred) const;

  document::Document& document_;
  const ontology::Ontology& ontology_;
  const ScopeRules& rules_;
  const Counterpart& counterpart_;
  const clause::Grammar& grammar_;
  int64_t publish_days_ = 0;
};

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_BUILDER_H_
