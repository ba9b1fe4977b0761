#include "client/cpp/token.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace demarche::client {
namespace {

using grpc::experimental::InterceptionHookPoints;

// What is read whole is small; a device without an end is not.
constexpr size_t kMaxFileBytes = size_t{16} << 20;

class TokenInterceptor : public grpc::experimental::Interceptor {
 public:
  explicit TokenInterceptor(const std::string& path) : path_(path) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      if (const auto token = ReadToken(path_); token.ok()) {
        methods->GetSendInitialMetadata()->emplace("authorization", absl::StrCat("Bearer ", *token));
      }
    }
    methods->Proceed();
  }

 private:
  const std::string& path_;  // of the factory, which outlives the calls of its channel
};

class TokenInterceptorFactory : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenInterceptorFactory(std::string path) : path_(std::move(path)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(grpc::experimental::ClientRpcInfo*) override {
    return new TokenInterceptor(path_);  // gRPC deletes it
  }

 private:
  const std::string path_;
};

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char chunk[4096];
  while (file && text.size() <= kMaxFileBytes) {
    file.read(chunk, sizeof(chunk));
    text.append(chunk, static_cast<size_t>(file.gcount()));
  }
  if (text.size() > kMaxFileBytes) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": it has more than ", kMaxFileBytes, " bytes"));
  }
  if (text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": ", errno == 0 ? "it is empty or no file" : std::strerror(errno)));
  }
  return text;
}

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text;
  std::string token(absl::StripAsciiWhitespace(text->substr(0, text->find('\n'))));
  if (token.empty()) return absl::InvalidArgumentError(absl::StrCat("the first line of ", path, " holds no token"));
  return token;
}

std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> MakeTokenInterceptor(std::string path) {
  return std::make_unique<TokenInterceptorFactory>(std::move(path));
}

}  // namespace demarche::client
