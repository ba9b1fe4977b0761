#ifndef DEMARCHE_PIPELINE_TRAIN_RANDOM_H_
#define DEMARCHE_PIPELINE_TRAIN_RANDOM_H_

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace demarche::train {

// SplitMix64: the same numbers from the same seed with every library.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  float Uniform() { return static_cast<float>(Next() >> 40) * (1.0f / (1 << 24)); }  // [0, 1)
  bool Chance(float probability) { return Uniform() < probability; }
  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Next() % i]);
  }

 private:
  uint64_t state_;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_RANDOM_H_
