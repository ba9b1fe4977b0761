#ifndef DEMARCHE_TESTS_SUPPORT_FAKE_LOG_H_
#define DEMARCHE_TESTS_SUPPORT_FAKE_LOG_H_

#include <atomic>
#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "server/log/memory_log.h"

namespace demarche::testing_support {

// The memory log, which counts its appends, and fails (erasures too) and waits when told.
class FakeLog : public log::MemoryLog {
 public:
  absl::Status Append(std::span<stored::v1::Record> records) override {
    entered.fetch_add(1);
    if (gate != nullptr) gate->WaitForNotification();
    sizes.push_back(records.size());
    if (!failure.ok()) return failure;
    return MemoryLog::Append(records);
  }
  absl::Status Erase(stored::v1::Record& record, const log::Erasure& erasure) override {
    return failure.ok() ? MemoryLog::Erase(record, erasure) : failure;
  }

  absl::Status failure;
  absl::Notification* gate = nullptr;
  std::atomic<int> entered{0};
  std::vector<size_t> sizes;  // of each append
};

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_FAKE_LOG_H_
