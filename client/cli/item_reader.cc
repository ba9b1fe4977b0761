#include "client/cli/item_reader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/times.h"

namespace demarche::cli {

bool ItemReader::Next(InputItem* item) {
  while (true) {
    *item = InputItem();
    if (stop_.requested()) return false;
    if (lines_) {
      if (NextLine(item)) return !stop_.requested();
      lines_.reset();
    } else if (next_path_ == arguments_.paths.size()) {
      return false;
    } else if (OpenNext(item)) {
      return !stop_.requested();
    }
  }
}

// True when the file gave an item or an error, false when it is to be read line by line.
bool ItemReader::OpenNext(InputItem* item) {
  const std::string& path = arguments_.paths[next_path_++];
  name_ = path == "-" ? "stdin" : path;
  item->source = name_;
  std::unique_ptr<Input> input = Input::Open(path, stop_, &item->error);
  if (!input) return true;
  const char first = input->PeekText();
  const bool json = arguments_.format == InputFormat::kJsonLines || (arguments_.format == InputFormat::kAuto && first == '{');
  if (json && input->error().empty()) {
    if (arguments_.describes_item()) {
      item->error = "JSON lines carry title, publisher, id and date themselves: leave out --title, --publisher, --id and --date";
      return true;
    }
    lines_ = std::move(input);
    line_ = 0;
    return false;
  }
  if (input->error().empty() && first == '\0') {
    item->error = "is empty";
    return true;
  }
  if (!input->ReadAll(item->item.mutable_body())) {
    item->error = absl::StrCat("has more than ", kMaxInputBytes, " bytes");
  } else if (!input->error().empty()) {
    item->error = input->error();
  }
  item->item.set_title(arguments_.title);
  item->item.set_publisher(arguments_.publisher);
  item->item.set_news_item_id(arguments_.news_item_id);
  *item->item.mutable_publish_time() = ToTimestamp(arguments_.publish_time.value_or(now_));
  return true;
}

bool ItemReader::NextLine(InputItem* item) {
  std::string line;
  while (true) {
    const Input::LineResult result = lines_->ReadLine(&line);
    ++line_;
    item->source = absl::StrCat(name_, ":", line_);
    if (result == Input::LineResult::kEnd) {
      item->error = lines_->error();
      return !item->error.empty();
    }
    if (result == Input::LineResult::kTooLong) {
      item->error = absl::StrCat("the line has more than ", kMaxInputBytes, " bytes");
      return true;
    }
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    item->error = ParseNewsItem(line, &item->item);
    return true;
  }
}

}  // namespace demarche::cli
