#ifndef DEMARCHE_SERVER_INGEST_REORDER_BUFFER_H_
#define DEMARCHE_SERVER_INGEST_REORDER_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace demarche::ingest {

// Puts back in order of arrival what workers finish in any order. Orders count from 0 without a gap, each is put once. Not
// synchronised. It holds no more than was admitted.
template <typename T>
class ReorderBuffer {
 public:
  void Put(uint64_t order, T value) {
    const size_t slot = order - next_;
    if (slot >= slots_.size()) slots_.resize(slot + 1);
    slots_[slot] = std::move(value);
  }

  bool HasNext() const { return !slots_.empty() && slots_.front().has_value(); }
  const T& PeekNext() const { return *slots_.front(); }  // requires HasNext()
  T TakeNext() {                                         // requires HasNext()
    T value = std::move(*slots_.front());
    slots_.pop_front();
    ++next_;
    return value;
  }

 private:
  std::deque<std::optional<T>> slots_;
  uint64_t next_ = 0;  // order of the first slot
};

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_REORDER_BUFFER_H_
