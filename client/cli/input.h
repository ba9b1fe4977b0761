#ifndef DEMARCHE_CLIENT_CLI_INPUT_H_
#define DEMARCHE_CLIENT_CLI_INPUT_H_

#include <memory>
#include <string>

#include "client/cli/stop.h"

namespace demarche::cli {

// Longest line of JSON, and longest text file: an item of 1 MiB with every byte escaped.
inline constexpr size_t kMaxInputBytes = 8 << 20;

// Bytes of a file or of stdin, through a buffer. A wait for stdin ends when the command is stopped. One thread.
class Input {
 public:
  // `-` is stdin. Null, with the cause in `error`, when it cannot be read.
  static std::unique_ptr<Input> Open(const std::string& path, Stop& stop, std::string* error);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // First byte that is not white space, after a byte order mark, without consuming it; '\0' when there is none.
  char PeekText();

  enum class LineResult { kLine, kTooLong, kEnd };
  // The next line without its end. A line above the limit is passed over.
  LineResult ReadLine(std::string* line);
  // All that is left; false when it is more than the limit.
  bool ReadAll(std::string* text);

  // Why reading ended early; empty when it did not.
  const std::string& error() const { return error_; }

 private:
  Input(int fd, Stop& stop) : fd_(fd), stop_(stop) {}
  bool Fill();

  const int fd_;
  Stop& stop_;
  std::string buffer_;
  size_t next_ = 0;  // first byte of buffer_ not consumed
  bool end_ = false;
  std::string error_;
};

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_INPUT_H_
