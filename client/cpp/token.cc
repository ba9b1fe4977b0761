#include "client/cpp/token.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/file.h"

namespace demarche::client {
namespace {

using grpc::experimental::InterceptionHookPoints;

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
