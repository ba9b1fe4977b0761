#ifndef DEMARCHE_PIPELINE_STORIES_WEIGHTS_H_
#define DEMARCHE_PIPELINE_STORIES_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace demarche::stories {

// How much a word tells of what an event is about: the less, the more of the known events have it. Words by the lower halves of
// their digests; whole numbers, sixteen for each halving of the share of events, so that all machines agree. Not synchronised.
class Weights {
 public:
  // The words of an event come in, or go.
  void Add(std::span<const uint16_t> words);
  void Remove(std::span<const uint16_t> words);

  uint32_t Of(uint16_t word) const { return WeightOf(counts_[word]); }
  // Of a word that one event has.
  uint32_t OfRare() const { return WeightOf(1); }

 private:
  uint32_t WeightOf(uint32_t count) const;

  std::vector<uint32_t> counts_ = std::vector<uint32_t>(size_t{UINT16_MAX} + 1);
  uint32_t events_ = 0;
};

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_WEIGHTS_H_
