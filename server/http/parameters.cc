#include "server/http/parameters.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "server/error/error.h"

namespace demarche::http {
namespace {

absl::Status Bad(const std::string& name, const std::string& description) {
  return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, name, description);
}

absl::Status CheckNames(const httplib::Request& request, std::initializer_list<const char*> known) {
  for (const auto& [name, value] : request.params) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string all;
      for (const char* one : known) absl::StrAppend(&all, all.empty() ? "" : ", ", one);
      return Bad(name, "not a parameter here: " + all);
    }
    if (request.get_param_value_count(name) > 1) return Bad(name, "given more than once");
  }
  return absl::OkStatus();
}

absl::Status SetStart(const httplib::Request& request, v1::StartPosition& start) {
  const std::string last_event_id = request.get_header_value("Last-Event-ID");
  if (!last_event_id.empty()) {
    start.set_after(last_event_id);
    return absl::OkStatus();
  }
  int given = 0;
  for (const char* name : {"after", "since", "earliest", "latest"}) given += request.has_param(name) ? 1 : 0;
  if (given > 1) return Bad("after", "only one of after, since, earliest and latest may be given");
  for (const char* name : {"earliest", "latest"}) {
    if (request.has_param(name) && request.get_param_value(name) != "true") return Bad(name, "must be true, or be left out");
  }
  if (request.has_param("after")) {
    start.set_after(request.get_param_value("after"));
  } else if (request.has_param("since")) {
    if (!google::protobuf::util::TimeUtil::FromString(request.get_param_value("since"), start.mutable_time())) {
      return Bad("since", "not a time as 2025-02-01T10:00:00Z: '" + request.get_param_value("since") + "'");
    }
  } else if (request.has_param("earliest")) {
    start.set_earliest(true);
  } else {
    start.set_latest(true);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListEventsRequest> ListRequestOf(const httplib::Request& request) {
  if (absl::Status status = CheckNames(request, {"filter", "pageSize", "pageToken"}); !status.ok()) return status;
  v1::ListEventsRequest list;
  list.set_filter(request.get_param_value("filter"));
  list.set_page_token(request.get_param_value("pageToken"));
  int page_size = 0;
  if (request.has_param("pageSize") && !absl::SimpleAtoi(request.get_param_value("pageSize"), &page_size)) {
    return Bad("pageSize", "not a whole number: '" + request.get_param_value("pageSize") + "'");
  }
  list.set_page_size(page_size);
  return list;
}

absl::StatusOr<v1::WatchEventsRequest> WatchRequestOf(const httplib::Request& request) {
  if (absl::Status status = CheckNames(request, {"filter", "after", "since", "earliest", "latest", "onExpired"}); !status.ok()) {
    return status;
  }
  v1::WatchEventsRequest watch;
  if (request.has_param("filter")) watch.add_filters()->set_filter(request.get_param_value("filter"));
  if (request.has_param("onExpired")) {
    const std::string given = request.get_param_value("onExpired");
    v1::OnExpired on_expired = v1::ON_EXPIRED_UNSPECIFIED;
    if (!v1::OnExpired_Parse("ON_EXPIRED_" + absl::AsciiStrToUpper(given), &on_expired)) {
      return Bad("onExpired", "must be fail, earliest or latest, got '" + given + "'");
    }
    watch.set_on_expired(on_expired);
  }
  if (absl::Status status = SetStart(request, *watch.mutable_start()); !status.ok()) return status;
  return watch;
}

}  // namespace demarche::http
