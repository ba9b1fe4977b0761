#ifndef DEMARCHE_SERVER_CONFIG_CONFIG_H_
#define DEMARCHE_SERVER_CONFIG_CONFIG_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/limits/limits.h"

namespace demarche::config {

// The value of a file or directory that is not wanted.
inline constexpr std::string_view kNone = "none";

// What the server is told by its operator. Each member is described in the table of settings (config.cc), which also gives its
// key in the file, its flag and its environment variable.
struct Config {
  std::string listen = "127.0.0.1:7345";
  int64_t max_connections = limits::kMaxConnections;
  int64_t max_connections_per_address = limits::kMaxConnectionsPerAddress;
  int64_t streams_per_connection = limits::kMaxStreamsPerConnection;
  int64_t unread_bytes = limits::kMaxUnreadBytes;
  std::string data_dir = "demarche-data";
  std::string sync = "always";
  int64_t sync_interval_ms = 100;
  int64_t min_free_bytes = int64_t{256} << 20;
  bool store_text = true;
  int64_t retention_hours = 0;
  int64_t retention_bytes = 0;
  int64_t item_retention_hours = 720;
  int64_t workers = 0;
  std::string overlays{kNone};
  std::string syntax = "fast";
  int64_t copies_items = 2'000'000;
  int64_t copies_hours = 168;
  int64_t stories_events = 1'000'000;
  int64_t queue_items = limits::kMaxQueuedItems;
  int64_t queue_bytes = limits::kMaxQueuedBytes;
  int64_t ring_bytes = limits::kMaxRingBytes;
  int64_t buffered_bytes = int64_t{256} << 20;
  int64_t drain_ms = 4000;
  std::string http_listen = "127.0.0.1:7346";
  bool http_api = true;
  int64_t http_streams = limits::kMaxHttpStreams;
  std::string http_allowed_origins{kNone};
  std::string tls_certificate_file{kNone};
  std::string tls_key_file{kNone};
  std::string tls_client_ca_file{kNone};
  std::string token_file{kNone};
  std::string certificate_scopes{kNone};
  bool accept_open_network = false;
  std::string audit = "streams";
  int64_t audit_lines = limits::kMaxAuditLines;
  int64_t quota_streams = 1000;
  int64_t quota_filters = limits::kMaxFiltersOfPrincipal;
  int64_t quota_items_per_second = 0;
  int64_t quota_bytes_per_second = 0;
  std::string otlp_endpoint{kNone};
  std::string log_level = "info";
  std::string log_format = "text";
};

// One setting as people see it.
struct Setting {
  std::string key;          // in the file: `section.name`
  std::string flag;         // `--name-with-dashes`
  std::string environment;  // `DEMARCHE_NAME`
  std::string value;        // as text
  std::string origin;       // `default`, `file`, `environment` or `flag`
  std::string description;
};

// Where values come from, weakest first. A value of a stronger source replaces one of a weaker.
struct Sources {
  std::string file{};                                // path of a TOML file; empty for none
  std::map<std::string, std::string> environment{};  // the process environment
  std::map<std::string, std::string> flags{};        // by flag, without the leading dashes
};

// The configuration in force and where each value came from.
struct Loaded {
  Config config;
  std::vector<Setting> settings;      // in the order of the table
  std::vector<std::string> warnings;  // DEMARCHE_* variables that nothing reads
};

// All settings with their defaults.
std::vector<Setting> Settings();

// Reads all sources. INVALID_ARGUMENT names the file and line or the variable or flag, the key, and for an unknown key the nearest
// known one; NOT_FOUND when the file cannot be read.
absl::StatusOr<Loaded> Load(const Sources& sources);

// The settings as a TOML file that can be read back, each with its description and origin.
std::string ToToml(const std::vector<Setting>& settings);

}  // namespace demarche::config

#endif  // DEMARCHE_SERVER_CONFIG_CONFIG_H_
