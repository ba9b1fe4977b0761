#ifndef DEMARCHE_CLIENT_CLI_ITEM_READER_H_
#define DEMARCHE_CLIENT_CLI_ITEM_READER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/input.h"
#include "demarche/v1/news_item.pb.h"

namespace demarche::cli {

enum class InputFormat { kAuto, kText, kHtml, kJsonLines };

// What the command line says about the input. Title, publisher, id and date are for text and HTML; JSON lines carry their own.
struct InputArguments {
  std::vector<std::string> paths = {};
  InputFormat format = InputFormat::kAuto;
  std::string title = {};
  std::string publisher = {};
  std::string news_item_id = {};
  std::optional<absl::Time> publish_time = {};

  bool describes_item() const { return !title.empty() || !publisher.empty() || !news_item_id.empty() || publish_time.has_value(); }
};

// One item read, or why it could not be read.
struct InputItem {
  std::string source;  // `file`, or `file:17` for JSON lines
  v1::NewsItem item;
  std::string error;  // not empty: there is no item
};

// Reads items from files one after the other, telling the format of each by its first byte ('{' JSON lines, '<' HTML, else text).
// What cannot be read is handed out as an error and does not stop the rest. One thread.
class ItemReader {
 public:
  // Items without a date get `now`.
  ItemReader(InputArguments arguments, absl::Time now, Stop& stop) : arguments_(std::move(arguments)), now_(now), stop_(stop) {}

  // False at the end of the last file, or when stopped.
  bool Next(InputItem* item);

 private:
  bool OpenNext(InputItem* item);
  bool NextLine(InputItem* item);

  const InputArguments arguments_;
  const absl::Time now_;
  Stop& stop_;
  size_t next_path_ = 0;
  std::string name_;
  std::unique_ptr<Input> lines_;  // the file of JSON lines being read
  int line_ = 0;
};

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_ITEM_READER_H_
