#ifndef DEMARCHE_PIPELINE_ACTORS_PARTY_FINDER_H_
#define DEMARCHE_PIPELINE_ACTORS_PARTY_FINDER_H_

#include <memory>
#include <utility>

#include "pipeline/actors/directory.h"
#include "pipeline/document/document.h"

namespace demarche::actors {

// Tells by its words alone whether a sentence speaks of a party: what the gate asks, before the actors stage looks closer.
// Immutable; any thread.
class PartyFinder {
 public:
  explicit PartyFinder(std::shared_ptr<const Directory> directory) : directory_(std::move(directory)) {}

  document::PartyCue operator()(const document::Document& document, const document::Sentence& sentence) const;

 private:
  std::shared_ptr<const Directory> directory_;
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_PARTY_FINDER_H_
