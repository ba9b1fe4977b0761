#ifndef DEMARCHE_TESTS_FAULT_LOG_RECORDS_H_
#define DEMARCHE_TESTS_FAULT_LOG_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/log/rocksdb_log.h"

// A log whose content follows from its positions, so that another process can tell what must be in it.
namespace demarche::log {

// Small buffers, so that tables are written while records are appended.
RocksDbLog::Options FaultOptions(const std::string& directory);

// The records after the first `item_count`; the size of a batch varies with its number. Item n has n % 3 events.
std::vector<stored::v1::Record> NextBatch(uint64_t item_count, uint64_t batch);

// Empty when the log holds items 0, 1, 2 ... up to position `acknowledged` at least, each whole and found by its keys; else what
// is wrong.
std::string Check(const EventLog& log, uint64_t acknowledged);

// The same for a log that was repaired: items may be missing where a gap marker stands for them and nowhere else, and texts
// anywhere. Says in `items` how many are there.
std::string CheckRepaired(const EventLog& log, uint64_t* items);

}  // namespace demarche::log

#endif  // DEMARCHE_TESTS_FAULT_LOG_RECORDS_H_
