#include "client/cli/reach.h"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace demarche::cli {
namespace {

// 0, or why there is no connection to the address.
int ConnectTo(const addrinfo& address, absl::Duration timeout) {
  const int fd = socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  if (fd < 0) return errno;
  int cause = 0;
  if (connect(fd, address.ai_addr, address.ai_addrlen) != 0) cause = errno;
  if (cause == EINPROGRESS) {
    pollfd poll_fd{fd, POLLOUT, 0};
    socklen_t size = sizeof(cause);
    if (poll(&poll_fd, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout))) <= 0) {
      cause = ETIMEDOUT;
    } else {
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &size);
    }
  }
  close(fd);
  return cause;
}

}  // namespace

absl::Status ReachPort(const std::string& server, absl::Duration timeout) {
  const size_t colon = server.rfind(':');
  absl::string_view host = absl::string_view(server).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  const std::string name(host), port = server.substr(colon + 1);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(name.c_str(), port.c_str(), &hints, &found); error != 0) {
    return absl::NotFoundError(absl::StrCat("the name ", name, " has no address: ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  int cause = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    cause = ConnectTo(*address, timeout);
    if (cause == 0) return absl::OkStatus();
  }
  const std::string said = absl::StrCat("port ", port, " of ", name, ": ", std::strerror(cause));
  return cause == ETIMEDOUT ? absl::DeadlineExceededError(said) : absl::UnavailableError(said);
}

absl::Duration CertificateLeft(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                                &X509_free);
  int days = 0, seconds = 0;
  if (!certificate || ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) != 1) {
    return absl::InfiniteDuration();
  }
  return days * absl::Hours(24) + absl::Seconds(seconds);
}

}  // namespace demarche::cli
