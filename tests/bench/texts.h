#ifndef DEMARCHE_TESTS_BENCH_TEXTS_H_
#define DEMARCHE_TESTS_BENCH_TEXTS_H_

#include <cstddef>
#include <vector>

#include "demarche/v1/news_item.pb.h"

namespace demarche::bench {

// Items of so many words each, put together from sentences of our corpus, always the same way. In one item of `one_in` nearly every
// sentence tells of an event; in the others (sport, business, culture, weather) none does.
std::vector<v1::NewsItem> MakeTexts(size_t words, size_t count, size_t one_in);

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_TEXTS_H_
