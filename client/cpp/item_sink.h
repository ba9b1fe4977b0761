#ifndef DEMARCHE_CLIENT_CPP_ITEM_SINK_H_
#define DEMARCHE_CLIENT_CPP_ITEM_SINK_H_

#include <future>

#include "client/cpp/publish_stream.h"
#include "demarche/v1/news_item.pb.h"

namespace demarche::client {

// Where a program gives its items to: a Publisher, or in its tests a mock (mocks.h).
class ItemSink {
 public:
  virtual ~ItemSink() = default;
  // Takes the item; may block until there is room. The future holds what became of it; it never holds an exception.
  virtual std::future<ItemOutcome> Publish(v1::NewsItem item) = 0;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_ITEM_SINK_H_
