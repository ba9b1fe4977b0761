// Reads microseconds, one a line, and prints their histogram as .hgrm: compared with another implementation by hgrm_test.mjs.
#include <iostream>

#include "client/bench/histogram.h"

int main() {
  demarche::bench::Histogram histogram;
  for (int64_t us = 0; std::cin >> us;) histogram.Record(us);
  std::cout << histogram.ToHgrm();
  return 0;
}
