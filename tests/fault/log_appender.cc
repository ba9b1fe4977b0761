// Appends to the log in the directory named by the first argument until it is killed, as tests/fault/log_records.h says, and
// writes the last position of each acknowledged batch to standard output. The second argument is the sync interval in ms.

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "server/log/rocksdb_log.h"
#include "tests/fault/log_records.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  demarche::log::RocksDbLog::Options options = demarche::log::FaultOptions(argv[1]);
  options.sync_interval = std::chrono::milliseconds(std::atoi(argv[2]));
  const auto log = demarche::log::RocksDbLog::Open(options);
  if (!log.ok()) {
    std::cerr << log.status() << '\n';
    return 1;
  }
  for (uint64_t batch = 0;; ++batch) {
    std::vector<demarche::stored::v1::Record> records = demarche::log::NextBatch((*log)->info().item_count, batch);
    if (const absl::Status status = (*log)->Append(records); !status.ok()) {
      std::cerr << status << '\n';
      return 1;
    }
    const uint64_t acknowledged = records.back().last_position();
    if (write(STDOUT_FILENO, &acknowledged, sizeof acknowledged) != sizeof acknowledged) return 1;
  }
}
