#include <cstdint>
#include <map>
#include <string>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "server/error/error.h"
#include "server/ingest/validate.h"

namespace demarche::ingest {
namespace {

using ::google::protobuf::internal::WireFormatLite;
using ::google::protobuf::io::CodedInputStream;

// Where a message breaks.
struct Fault {
  std::string field;
  std::string description;
};

// The length-delimited fields of a message: names of the texts, and the messages among them.
struct Shape {
  std::string name;
  std::map<int, std::string> texts;
  std::map<int, Shape> messages;
};

const Shape& RequestShape() {
  static const auto& shape = *new Shape{"request",
                                        {{2, "traceparent"}},
                                        {{1,
                                          {"news_item",
                                           {{1, "news_item.news_item_id"},
                                            {2, "news_item.publisher"},
                                            {3, "news_item.url"},
                                            {4, "news_item.title"},
                                            {5, "news_item.body"},
                                            {7, "news_item.language_code"}},
                                           {{6, {"news_item.publish_time", {}, {}}},
                                            {8, {"news_item.labels", {{1, "news_item.labels"}, {2, "news_item.labels"}}, {}}}}}}}};
  return shape;
}

Fault Broken(const Shape& shape, int offset) {
  return {shape.name, "not a valid message: it breaks off or is malformed at byte " + std::to_string(offset)};
}

std::optional<Fault> FindFault(const Shape& shape, std::string_view bytes) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  while (in.CurrentPosition() < static_cast<int>(bytes.size())) {
    const int start = in.CurrentPosition();
    const uint32_t tag = in.ReadTag();
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (tag == 0 || !WireFormatLite::SkipField(&in, tag)) return Broken(shape, start);
      continue;
    }
    uint32_t size = 0;
    if (!in.ReadVarint32(&size)) return Broken(shape, start);
    const auto begin = static_cast<size_t>(in.CurrentPosition());
    if (size > bytes.size() - begin) return Broken(shape, start);
    const std::string_view value = bytes.substr(begin, size);
    in.Skip(static_cast<int>(size));
    const int number = WireFormatLite::GetTagFieldNumber(tag);
    if (const auto text = shape.texts.find(number); text != shape.texts.end()) {
      const auto offset = FirstInvalidUtf8(value);
      if (offset.has_value()) return Fault{text->second, "not UTF-8 at byte " + std::to_string(*offset)};
    }
    if (const auto message = shape.messages.find(number); message != shape.messages.end()) {
      if (auto fault = FindFault(message->second, value); fault.has_value()) return fault;
    }
  }
  return std::nullopt;
}

}  // namespace

absl::Status ExplainUnparsable(std::string_view request) {
  const auto fault = FindFault(RequestShape(), request);
  if (!fault.has_value()) return error::BadField(v1::ERROR_REASON_ITEM_INVALID, "news_item", "not a valid message");
  return error::BadField(v1::ERROR_REASON_ITEM_INVALID, fault->field, fault->description);
}

}  // namespace demarche::ingest
