#include "server/http/headers.h"

#include <string>

#include "server/http/json.h"

namespace demarche::http {

void AddErrorHeaders(const google::rpc::Status& status, httplib::Response& response) {
  if (const int retry_after = RetryAfterSeconds(status); retry_after > 0) {
    response.set_header("Retry-After", std::to_string(retry_after));
  }
  if (response.status == 401) response.set_header("WWW-Authenticate", "Bearer");
}

void AddStreamHeaders(httplib::Response& response) {
  response.set_header("Cache-Control", "no-store");
  response.set_header("X-Accel-Buffering", "no");  // nginx would wait for more
}

}  // namespace demarche::http
