#ifndef DEMARCHE_SERVER_LISTEN_DESCRIPTOR_H_
#define DEMARCHE_SERVER_LISTEN_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace demarche::listen {

// Owns a file descriptor; -1 for none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Close();
    number_ = other.Release();
    return *this;
  }
  ~Descriptor() { Close(); }

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  int Release() { return std::exchange(number_, -1); }
  void Close() {
    if (is_open()) close(Release());
  }

 private:
  int number_ = -1;
};

}  // namespace demarche::listen

#endif  // DEMARCHE_SERVER_LISTEN_DESCRIPTOR_H_
