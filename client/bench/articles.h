#ifndef DEMARCHE_CLIENT_BENCH_ARTICLES_H_
#define DEMARCHE_CLIENT_BENCH_ARTICLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/news_item.pb.h"

namespace demarche::bench {

// The articles of a load: generated from a seed, or a user's own over and over. Const after construction; any thread.
class Articles {
 public:
  // News of five to fifteen sentences, some of which hold events, with parties, numbers and dates drawn anew for each.
  explicit Articles(uint64_t seed) : seed_(seed) {}
  // From a file of NewsItem, one line of JSON each. Errors name the line.
  static absl::StatusOr<Articles> Read(const std::string& path);

  // Article `number`: the same for the same seed. The id is the caller's to set.
  v1::NewsItem Make(uint64_t number) const;

 private:
  const uint64_t seed_ = 0;
  std::vector<v1::NewsItem> own_;
};

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_ARTICLES_H_
