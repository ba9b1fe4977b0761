#include "client/cli/input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace demarche::cli {
namespace {

constexpr size_t kChunkBytes = 64 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::unique_ptr<Input> Input::Open(const std::string& path, Stop& stop, std::string* error) {
  if (path == "-") return std::unique_ptr<Input>(new Input(STDIN_FILENO, stop));
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    *error = std::strerror(errno);
    return nullptr;
  }
  return std::unique_ptr<Input>(new Input(fd, stop));
}

Input::~Input() {
  if (fd_ != STDIN_FILENO) close(fd_);
}

bool Input::Fill() {
  while (!end_) {
    pollfd fds[] = {{fd_, POLLIN, 0}, {stop_.fd(), POLLIN, 0}};
    if (poll(fds, 2, -1) < 0) continue;
    if (fds[1].revents != 0) break;
    buffer_.erase(0, next_);
    next_ = 0;
    const size_t size = buffer_.size();
    buffer_.resize(size + kChunkBytes);
    const ssize_t count = read(fd_, buffer_.data() + size, kChunkBytes);
    buffer_.resize(size + (count > 0 ? static_cast<size_t>(count) : 0));
    if (count > 0) return true;
    if (count == 0) break;
    if (errno == EINTR || errno == EAGAIN) continue;
    error_ = std::strerror(errno);
    break;
  }
  end_ = true;
  return false;
}

char Input::PeekText() {
  while (buffer_.size() - next_ < kByteOrderMark.size() && Fill()) {
  }
  if (std::string_view(buffer_).substr(next_, kByteOrderMark.size()) == kByteOrderMark) next_ += kByteOrderMark.size();
  size_t ahead = 0;
  while (true) {
    const size_t at = buffer_.find_first_not_of(" \t\r\n", next_ + ahead);
    if (at != std::string::npos) return buffer_[at];
    ahead = buffer_.size() - next_;
    if (ahead > kMaxInputBytes || !Fill()) return '\0';
  }
}

Input::LineResult Input::ReadLine(std::string* line) {
  bool too_long = false;
  size_t searched = 0;
  while (true) {
    const size_t end = buffer_.find('\n', next_ + searched);
    if (end == std::string::npos && buffer_.size() - next_ > kMaxInputBytes) {
      too_long = true;
      next_ = buffer_.size();
    }
    searched = buffer_.size() - next_;
    const bool more = end == std::string::npos && Fill();
    if (more) continue;
    if (end == std::string::npos && next_ == buffer_.size() && !too_long) return LineResult::kEnd;
    const size_t stop = end == std::string::npos ? buffer_.size() : end;
    too_long = too_long || stop - next_ > kMaxInputBytes;
    if (!too_long) line->assign(buffer_, next_, stop - next_);
    next_ = end == std::string::npos ? stop : end + 1;
    return too_long ? LineResult::kTooLong : LineResult::kLine;
  }
}

bool Input::ReadAll(std::string* text) {
  while (buffer_.size() - next_ <= kMaxInputBytes) {
    if (!Fill()) {
      text->assign(buffer_, next_, std::string::npos);
      return true;
    }
  }
  return false;
}

}  // namespace demarche::cli
