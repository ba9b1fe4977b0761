#ifndef DEMARCHE_SERVER_RECORD_RECORD_H_
#define DEMARCHE_SERVER_RECORD_RECORD_H_

#include <string>
#include <string_view>

#include "demarche/stored/v1/record.pb.h"
#include "demarche/v1/event.pb.h"

// The pieces of a stored record that are made from events.
namespace demarche::record {

// What filters look at.
stored::v1::FilterHeader MakeHeader(const v1::DiplomaticEvent& event);

// The event as a valid piece of a message whose field 1 is `repeated DiplomaticEvent`: tag 0x0A, length, bytes.
std::string MakeFrame(const v1::DiplomaticEvent& event);

// The serialised event inside a frame; empty when it is none.
std::string_view EventBytes(std::string_view frame);

// A revision with its frame and header. `before`: the revision before it, null in the first.
stored::v1::StoredEvent MakeStoredEvent(const v1::DiplomaticEvent& event, const v1::DiplomaticEvent* before = nullptr);

}  // namespace demarche::record

#endif  // DEMARCHE_SERVER_RECORD_RECORD_H_
