#include "server/auth/audit_limit.h"

#include "server/limits/limits.h"

namespace demarche::auth {
namespace {

constexpr char kOthers[] = "others";

}  // namespace

bool AuditLimit::Take(const std::string& source) {
  if (max_lines_ == 0) return true;
  const absl::MutexLock lock(&mutex_);
  TurnIfOver();
  auto found = lines_.find(source);
  if (found == lines_.end()) found = lines_.try_emplace(lines_.size() < limits::kMaxAuditSources ? source : kOthers, 0).first;
  return ++found->second <= max_lines_;
}

AuditLimit::LeftOut AuditLimit::TakeLeftOut() {
  const absl::MutexLock lock(&mutex_);
  TurnIfOver();
  return std::exchange(left_out_, {});
}

AuditLimit::LeftOut AuditLimit::TakeAllLeftOut() {
  const absl::MutexLock lock(&mutex_);
  Turn();
  return std::exchange(left_out_, {});
}

void AuditLimit::TurnIfOver() {
  const absl::Time now = now_();
  if (now - minute_ < absl::Minutes(1)) return;
  Turn();
  minute_ = now;
}

void AuditLimit::Turn() {
  for (const auto& [source, lines] : lines_) {
    if (lines > max_lines_) left_out_.emplace_back(source, lines - max_lines_);
  }
  lines_.clear();
}

}  // namespace demarche::auth
