#ifndef DEMARCHE_SERVER_HTTP_BODY_H_
#define DEMARCHE_SERVER_HTTP_BODY_H_

#include <string>

#include "absl/status/statusor.h"
#include "httplib.h"

// httplib bounds a body by its Content-Length alone: not one in chunks, and not what a packed one becomes.
namespace demarche::http {

// The whole body, unpacked, of at most limits::kMaxReceiveMessageBytes. REQUEST_INVALID when it is longer (the response's status is
// 413 then) or cannot be read (400); the answer must be the last of its connection then: EndConnection.
absl::StatusOr<std::string> ReadBody(const httplib::ContentReader& reader, httplib::Response& response);

// Makes a complete answer the last of its connection, where the rest of a body may stand unread.
void EndConnection(httplib::Response& response);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_BODY_H_
