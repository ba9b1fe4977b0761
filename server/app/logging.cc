#include "server/app/logging.h"

#include <grpc/support/log.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "spdlog/pattern_formatter.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace demarche::app {
namespace {

constexpr int kLibraryMessagesPerSecond = 10;

// Whether a message of a library may still be written in this second.
bool MayWrite() {
  static std::atomic<int64_t> second{0};
  static std::atomic<int> written{0};
  const int64_t now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (second.exchange(now) != now) written = 0;
  return written++ < kLibraryMessagesPerSecond;
}

void OnGrpcMessage(gpr_log_func_args* message) {
  if (message->severity != GPR_LOG_SEVERITY_DEBUG && MayWrite()) {
    spdlog::log(message->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::warn : spdlog::level::debug, "grpc: {}",
                message->message);
  }
}

void OnProtobufMessage(google::protobuf::LogLevel level, const char*, int, const std::string& message) {
  if (MayWrite())
    spdlog::log(level >= google::protobuf::LOGLEVEL_ERROR ? spdlog::level::warn : spdlog::level::debug, "protobuf: {}", message);
}

// Writes each message as one JSON object: text is escaped, so that a line is always a line.
class JsonFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    time_.format(message, out);
    const auto put = [&](std::string_view text) { out.append(text.data(), text.data() + text.size()); };
    put(R"(,"message":")");
    for (char c : message.payload) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        put(std::string("\\") + c);
      } else if (byte < 0x20) {
        put(fmt::format("\\u{:04x}", byte));
      } else {
        out.push_back(c);
      }
    }
    put("\"}\n");
  }
  std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonFormatter>(); }

 private:
  spdlog::pattern_formatter time_{R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l")", spdlog::pattern_time_type::utc, ""};
};

}  // namespace

void SetUpLogging(const config::Config& config) {
  auto logger = spdlog::stderr_logger_mt("demarched");
  logger->set_level(spdlog::level::from_str(config.log_level));
  if (config.log_format == "json") {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  }
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_function(OnGrpcMessage);
  google::protobuf::SetLogHandler(OnProtobufMessage);
}

}  // namespace demarche::app
