#ifndef DEMARCHE_SERVER_HTTP_ORIGINS_H_
#define DEMARCHE_SERVER_HTTP_ORIGINS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "httplib.h"

// Web pages that may call from a browser although they came from elsewhere (https://fetch.spec.whatwg.org/#http-cors-protocol).
namespace demarche::http {

// Of "https://desk.example, http://localhost:8080"; "none" is none. INVALID_ARGUMENT names what is no origin: there is no way to
// let in all pages.
absl::StatusOr<std::vector<std::string>> ParseOrigins(const std::string& list);

// Has the server tell browsers of these; when there are none, it is silent, so that browsers let no page call.
void AllowOrigins(const std::vector<std::string>& origins, httplib::Server& server);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_ORIGINS_H_
