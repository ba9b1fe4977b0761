#ifndef DEMARCHE_CLIENT_CPP_EVENT_BATCH_H_
#define DEMARCHE_CLIENT_CPP_EVENT_BATCH_H_

#include <vector>

#include "client/cpp/event_source.h"
#include "demarche/v1/event_service.pb.h"

namespace demarche::client {

// The revisions of a batch, moved out of it, each with what concerns its delivery.
std::vector<Event> EventsOf(v1::EventBatch* batch);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_EVENT_BATCH_H_
