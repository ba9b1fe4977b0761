#ifndef DEMARCHE_SERVER_HTTP_HEADERS_H_
#define DEMARCHE_SERVER_HTTP_HEADERS_H_

#include "google/rpc/status.pb.h"
#include "httplib.h"

// Headers that answers of all protocols have in common.
namespace demarche::http {

// Of an error whose HTTP code is set: when to try again, and how to say who one is.
void AddErrorHeaders(const google::rpc::Status& status, httplib::Response& response);

// Of a stream: nobody on the way keeps it, or waits for more.
void AddStreamHeaders(httplib::Response& response);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_HEADERS_H_
