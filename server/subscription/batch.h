#ifndef DEMARCHE_SERVER_SUBSCRIPTION_BATCH_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/limits/limits.h"
#include "server/subscription/chunk.h"
#include "server/subscription/match.h"

namespace demarche::subscription {

// Revisions to be sent together, encoded: the pieces and `beside`, one after the other, are the body of an EventBatch. Immutable;
// the subscribers that want the same at the same place share it.
struct Batch {
  struct Piece {
    std::shared_ptr<const char> data;  // keeps alive what it is a part of
    size_t size = 0;
  };
  std::vector<Piece> pieces;
  std::string beside;  // matched_filters and filter_exit, which differ between subscribers
  size_t events = 0;
  size_t bytes = 0;
  uint64_t last_position = 0;
};
using BatchPtr = std::shared_ptr<const Batch>;

// Makes a batch within kMaxBatchBytes (which only a single revision exceeds) and a number of revisions.
class BatchBuilder {
 public:
  explicit BatchBuilder(size_t max_events) : max_events_(max_events) {}

  // Adds the entries from `first` on up to `last` (not included) that fit. False when the batch is full.
  bool Add(const std::shared_ptr<const Chunk>& chunk, uint32_t first, uint32_t last, const Match& match);

  bool is_empty() const { return batch_.events == 0; }
  // What was added; the builder is then spent.
  BatchPtr Build();

 private:
  void AddPiece(Batch::Piece piece);
  void Gather();

  const size_t max_events_;
  Batch batch_;
  std::string matched_;  // packed
  std::string exits_;    // packed
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_BATCH_H_
