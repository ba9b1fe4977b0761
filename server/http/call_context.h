#ifndef DEMARCHE_SERVER_HTTP_CALL_CONTEXT_H_
#define DEMARCHE_SERVER_HTTP_CALL_CONTEXT_H_

#include <memory>

#include "grpcpp/client_context.h"
#include "httplib.h"

namespace demarche::http {

// The context of the call that a request becomes, with the headers that go along: x-request-id, traceparent, tracestate, and
// authorization when it came from this machine.
std::unique_ptr<grpc::ClientContext> ContextOf(const httplib::Request& request);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_CALL_CONTEXT_H_
