#include "server/rpc/health_service.h"

namespace demarche::rpc {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// One watch. Its fields are guarded by the service's mutex; one write at a time; it leaves the set before Finish, so that nobody
// writes after it, and is deleted in OnDone.
class HealthService::WatchReactor : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  WatchReactor(HealthService& service, bool is_known) : service_(service), is_known_(is_known) {}

  // With the mutex held: sends the state unless a write is under way, which sends the next one when done.
  void Tell(Status status) {
    wanted_ = is_known_ ? status : HealthCheckResponse::SERVICE_UNKNOWN;
    if (is_writing_ || wanted_ == response_.status()) return;
    response_.set_status(wanted_);
    is_writing_ = true;
    StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&service_.mutex_);
    is_writing_ = false;
    if (!ok || is_cancelled_ || service_.ended_) return service_.Leave(*this);
    Tell(service_.status_);
  }
  void OnCancel() override {
    absl::MutexLock lock(&service_.mutex_);
    is_cancelled_ = true;
    if (!is_writing_) service_.Leave(*this);  // the end of the write does otherwise
  }
  void OnDone() override { delete this; }

  bool is_writing() const { return is_writing_; }

 private:
  HealthService& service_;
  const bool is_known_;
  bool is_writing_ = false;
  bool is_cancelled_ = false;
  Status wanted_ = HealthCheckResponse::UNKNOWN;
  HealthCheckResponse response_;
};

void HealthService::SetServing(bool serving) {
  absl::MutexLock lock(&mutex_);
  Set(serving && !failed_ ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
}

void HealthService::Fail() {
  absl::MutexLock lock(&mutex_);
  failed_ = true;
  Set(HealthCheckResponse::NOT_SERVING);
}

bool HealthService::is_serving() const {
  absl::MutexLock lock(&mutex_);
  return status_ == HealthCheckResponse::SERVING;
}

void HealthService::Set(Status status) {
  status_ = status;
  for (WatchReactor* watch : watches_) watch->Tell(status_);
}

void HealthService::Leave(WatchReactor& watch) {
  if (watches_.erase(&watch) > 0) watch.Finish(grpc::Status::OK);
}

void HealthService::EndWatches() {
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  const std::vector<WatchReactor*> watches(watches_.begin(), watches_.end());
  for (WatchReactor* watch : watches) {
    if (!watch->is_writing()) Leave(*watch);
  }
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context, const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!Knows(request->service())) {
    reactor->Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, "no service '" + request->service() + "'"));
    return reactor;
  }
  {
    absl::MutexLock lock(&mutex_);
    response->set_status(status_);
  }
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(grpc::CallbackServerContext*,
                                                                    const HealthCheckRequest* request) {
  auto* watch = new WatchReactor(*this, Knows(request->service()));
  absl::MutexLock lock(&mutex_);
  watches_.insert(watch);
  if (ended_) {
    Leave(*watch);
  } else {
    watch->Tell(status_);
  }
  return watch;
}

}  // namespace demarche::rpc
