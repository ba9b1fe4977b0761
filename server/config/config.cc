#include "server/config/config.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>
#include <variant>

#include "server/config/nearest.h"
#include "toml++/toml.h"

namespace demarche::config {
namespace {

using Member = std::variant<std::string Config::*, int64_t Config::*, bool Config::*>;

struct Entry {
  const char* key;
  Member member;
  const char* description;
  int64_t min = 0;  // numbers only
  int64_t max = 0;
  std::vector<std::string> choices = {};  // texts only; empty means any but the empty text
};

constexpr int64_t kMaxBytes = int64_t{1} << 40;
constexpr int64_t kMaxMilliseconds = 3'600'000;
constexpr int64_t kMaxHours = 24 * 36'525;

const std::vector<Entry>& Table() {  // NOLINT(readability-function-size): a table
  static const auto* table = new std::vector<Entry>{
      {"server.listen", &Config::listen,
       "HOST:PORT to serve on; 0.0.0.0 is every IPv4 address, [::] every address; port 0 takes a free one, which is printed"},
      {"server.drain_ms", &Config::drain_ms, "On SIGTERM, how long open streams and items in flight may take, in milliseconds", 0,
       kMaxMilliseconds},
      {"server.max_connections", &Config::max_connections,
       "Connections that may be open, and at most one for every two descriptors that the process may have; more are closed", 1,
       1 << 20},
      {"server.max_connections_per_address", &Config::max_connections_per_address,
       "Connections that an IPv4 address, or 64 bits of an IPv6 address, may have open; loopback is not counted", 1, 1 << 20},
      {"server.streams_per_connection", &Config::streams_per_connection,
       "Calls that a connection may have open at a time; a client keeps more waiting, and needs another connection for them", 1,
       1 << 20},
      {"server.unread_bytes", &Config::unread_bytes,
       "Bytes that clients sent and no call has read, of all connections together; above, the one with the most is closed", 1 << 20,
       kMaxBytes},
      {"log.data_dir", &Config::data_dir, "Directory of the event log; made when missing, used by one process at a time"},
      {"log.sync",
       &Config::sync,
       "'always': every answer means fsynced; 'interval': answered before, fsynced every sync_interval_ms, a power cut may lose "
       "the rest",
       0,
       0,
       {"always", "interval"}},
      {"log.sync_interval_ms", &Config::sync_interval_ms, "Milliseconds between fsyncs with sync = 'interval'", 1,
       kMaxMilliseconds},
      {"log.min_free_bytes", &Config::min_free_bytes,
       "Items are refused (STORAGE_FULL) while the disk has less room than this, in bytes", 0, kMaxBytes},
      {"log.store_text", &Config::store_text, "Keep the items' text, so that evidence can be checked with GetNewsItem"},
      {"log.retention_hours", &Config::retention_hours,
       "Records older than this are dropped, but the latest revision of an event that was not retracted stays; 0 keeps all", 0,
       kMaxHours},
      {"log.retention_bytes", &Config::retention_bytes,
       "The oldest records are dropped, in the same way, while records and texts take more bytes than this; 0 keeps all", 0,
       kMaxBytes},
      {"log.item_retention_hours", &Config::item_retention_hours,
       "How long the id of an item is remembered at least, so that a retry is known as one; while its record is kept in any case",
       0, kMaxHours},
      {"pipeline.workers", &Config::workers, "Threads that code items; 0 means one a core", 0, 1024},
      {"pipeline.overlays", &Config::overlays,
       "Directory of tables that are laid over those of the pipeline, read again at SIGHUP; 'none' for none"},
      {"pipeline.syntax",
       &Config::syntax,
       "Profile of the parser: 'fast', or 'accurate', which errs less and takes about twice the time",
       0,
       0,
       {"fast", "accurate"}},
      {"pipeline.copies_items", &Config::copies_items, "Items that are remembered, so that copies of them are known", 1,
       int64_t{1} << 31},
      {"pipeline.copies_hours", &Config::copies_hours, "Hours between the publications of an item and a copy of it, at most", 0,
       kMaxHours},
      {"pipeline.stories_events", &Config::stories_events, "Events that new reports are compared with: the latest ones", 1,
       int64_t{1} << 31},
      {"ingest.queue_items", &Config::queue_items, "Items that may wait for coding or for the log, in all", 1, 1 << 20},
      {"ingest.queue_bytes", &Config::queue_bytes, "Bytes of items that may wait, in all", 1 << 20, kMaxBytes},
      {"subscription.ring_bytes", &Config::ring_bytes,
       "Memory for the latest events, from which watches at the live end are served, in bytes", 1 << 16, kMaxBytes},
      {"subscription.buffered_bytes", &Config::buffered_bytes,
       "Bytes that may lie in incomplete writes of all streams together; above, the one with the most is cut", 1 << 20, kMaxBytes},
      {"http.listen", &Config::http_listen,
       "HOST:PORT of the HTTP endpoint (metrics, health, JSON); port 0 takes a free one, which is printed; 'off' for none"},
      {"http.api", &Config::http_api,
       "Serve events, take items and answer Connect and gRPC-Web over HTTP too, and not only metrics and health"},
      {"http.streams", &Config::http_streams, "Streams that HTTP serves at once, each with a thread; more are told to come back", 1,
       1024},
      {"http.allowed_origins", &Config::http_allowed_origins,
       "Origins of the web pages that may call from a browser, as https://desk.example, with commas between; 'none' for none"},
      {"tls.certificate_file", &Config::tls_certificate_file,
       "Certificate chain of the gRPC endpoint (PEM), read again when it changes; 'none' for plaintext"},
      {"tls.key_file", &Config::tls_key_file, "Its key (PEM)"},
      {"tls.client_ca_file", &Config::tls_client_ca_file,
       "Clients must have a certificate by one of these authorities (PEM); 'none' asks for none"},
      {"auth.token_file", &Config::token_file,
       "Tokens, made by 'demarched token add' and read again when they change; 'none': everybody may do everything"},
      {"auth.certificate_scopes", &Config::certificate_scopes,
       "What a client with a certificate and without a token may do: scopes with commas between, 'all' or 'none'"},
      {"auth.accept_open_network", &Config::accept_open_network,
       "Serve on an address that other machines reach without client certificates, in spite of the risk, which is then logged "
       "every minute"},
      {"auth.audit",
       &Config::audit,
       "Which decisions are logged: 'refusals', 'streams' (these, and each stream), or 'all' calls",
       0,
       0,
       {"refusals", "streams", "all"}},
      {"auth.audit_lines", &Config::audit_lines,
       "Lines that are logged a minute of one principal or address and of one verdict, more are counted; 0 for any number", 0,
       1 << 30},
      {"quota.streams", &Config::quota_streams, "Streams that a principal may have open; 0 for any number", 0, 1 << 20},
      {"quota.filters", &Config::quota_filters,
       "Filters that a principal may have in open watches (WatchEvents, Subscribe), in all; 0 for any number", 0, 1 << 30},
      {"quota.items_per_second", &Config::quota_items_per_second, "Items that a principal may publish a second; 0 for any number",
       0, 1 << 30},
      {"quota.bytes_per_second", &Config::quota_bytes_per_second,
       "Bytes of items that a principal may publish a second; 0 for any number", 0, kMaxBytes},
      {"tracing.otlp_endpoint", &Config::otlp_endpoint,
       "Collector that takes the spans of sampled items as OTLP/HTTP JSON, as http://127.0.0.1:4318; 'none' for none"},
      {"logging.level", &Config::log_level, "Least level of the messages on stderr", 0, 0, {"debug", "info", "warn", "error"}},
      {"logging.format", &Config::log_format, "Form of the messages on stderr", 0, 0, {"text", "json"}},
  };
  return *table;
}

std::string Name(const Entry& entry) {
  const std::string key = entry.key;
  const std::string section = key.substr(0, key.find('.'));
  const std::string name = key.substr(key.find('.') + 1);
  if (section == "logging") return "log_" + name;
  return section == "http" || section == "tls" || section == "quota" ? section + "_" + name : name;
}

std::string FlagOf(const Entry& entry) {
  std::string flag = Name(entry);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string EnvironmentOf(const Entry& entry) {
  std::string variable = "DEMARCHE_" + Name(entry);
  std::transform(variable.begin(), variable.end(), variable.begin(), [](unsigned char c) { return std::toupper(c); });
  return variable;
}

std::string ValueOf(const Config& config, const Entry& entry) {
  if (const auto* text = std::get_if<std::string Config::*>(&entry.member)) return config.*(*text);
  if (const auto* number = std::get_if<int64_t Config::*>(&entry.member)) return std::to_string(config.*(*number));
  return config.*std::get<bool Config::*>(entry.member) ? "true" : "false";
}

// Sets one member from text; the error says what the value should be.
absl::Status Set(Config& config, const Entry& entry, const std::string& value) {
  const auto bad = [&](const std::string& wanted) {
    return absl::InvalidArgumentError(std::string(entry.key) + " must be " + wanted + ", got '" + value + "'");
  };
  if (const auto* text = std::get_if<std::string Config::*>(&entry.member)) {
    if (value.empty()) return bad("a text that is not empty");
    if (!entry.choices.empty() && std::find(entry.choices.begin(), entry.choices.end(), value) == entry.choices.end()) {
      std::string wanted = "one of";
      for (const std::string& choice : entry.choices) wanted += " '" + choice + "'";
      return bad(wanted);
    }
    config.*(*text) = value;
  } else if (const auto* number = std::get_if<int64_t Config::*>(&entry.member)) {
    int64_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc() || end != value.data() + value.size() || parsed < entry.min || parsed > entry.max) {
      return bad("a whole number from " + std::to_string(entry.min) + " to " + std::to_string(entry.max));
    }
    config.*(*number) = parsed;
  } else {
    if (value != "true" && value != "false") return bad("true or false");
    config.*std::get<bool Config::*>(entry.member) = value == "true";
  }
  return absl::OkStatus();
}

// Collects values by table row, the stronger source last.
struct Collected {
  Config config;
  std::vector<std::string> origins = std::vector<std::string>(Table().size(), "default");

  absl::Status Take(size_t row, const std::string& value, const std::string& origin, const std::string& where) {
    if (absl::Status status = Set(config, Table()[row], value); !status.ok()) {
      return absl::InvalidArgumentError(where + ": " + std::string(status.message()));
    }
    origins[row] = origin;
    return absl::OkStatus();
  }
};

template <typename NameOf>
std::optional<size_t> RowOf(const std::string& name, NameOf name_of) {
  for (size_t row = 0; row < Table().size(); ++row) {
    if (name_of(Table()[row]) == name) return row;
  }
  return std::nullopt;
}

absl::Status Unknown(const std::string& where, const std::string& what, const std::string& name,
                     const std::vector<std::string>& known) {
  const std::string nearest = Nearest(name, known);
  return absl::InvalidArgumentError(where + ": unknown " + what + " '" + name + "'" +
                                    (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

std::vector<std::string> KnownKeys() {
  std::vector<std::string> keys;
  for (const Entry& entry : Table()) keys.emplace_back(entry.key);
  return keys;
}

std::optional<std::string> TextOf(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  return std::nullopt;
}

absl::Status ReadFile(const std::string& path, Collected& collected) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return absl::NotFoundError("configuration file '" + path + "' cannot be read");
  toml::table root;
  try {
    root = toml::parse_file(path);
  } catch (const toml::parse_error& parse_error) {
    return absl::InvalidArgumentError(path + ":" + std::to_string(parse_error.source().begin.line) + ": " +
                                      std::string(parse_error.description()));
  }
  for (const auto& [section, node] : root) {
    const std::string section_name(section.str());
    const auto where = [&](const toml::node& at) { return path + ":" + std::to_string(at.source().begin.line); };
    const toml::table* table = node.as_table();
    if (table == nullptr) return Unknown(where(node), "key", section_name, KnownKeys());
    for (const auto& [name, value] : *table) {
      const std::string key = section_name + "." + std::string(name.str());
      const auto row = RowOf(key, [](const Entry& entry) { return std::string(entry.key); });
      if (!row) return Unknown(where(value), "key", key, KnownKeys());
      const auto text = TextOf(value);
      if (!text) return absl::InvalidArgumentError(where(value) + ": " + key + " must be a text, a whole number, true or false");
      if (absl::Status status = collected.Take(*row, *text, "file", where(value)); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

std::vector<Setting> Describe(const Collected& collected) {
  std::vector<Setting> settings;
  for (size_t row = 0; row < Table().size(); ++row) {
    const Entry& entry = Table()[row];
    settings.push_back({entry.key, "--" + FlagOf(entry), EnvironmentOf(entry), ValueOf(collected.config, entry),
                        collected.origins[row], entry.description});
  }
  return settings;
}

}  // namespace

std::vector<Setting> Settings() { return Describe(Collected()); }

absl::StatusOr<Loaded> Load(const Sources& sources) {
  Collected collected;
  Loaded loaded;
  if (!sources.file.empty()) {
    if (absl::Status status = ReadFile(sources.file, collected); !status.ok()) return status;
  }
  for (const auto& [variable, value] : sources.environment) {
    if (variable.rfind("DEMARCHE_", 0) != 0) continue;
    const auto row = RowOf(variable, EnvironmentOf);
    if (!row) {
      loaded.warnings.push_back("environment variable " + variable + " is not a setting of the server");
    } else if (absl::Status status = collected.Take(*row, value, "environment", "environment variable " + variable); !status.ok()) {
      return status;
    }
  }
  for (const auto& [flag, value] : sources.flags) {
    const auto row = RowOf(flag, FlagOf);
    if (!row) {
      std::vector<std::string> known;
      for (const Entry& entry : Table()) known.push_back(FlagOf(entry));
      return Unknown("command line", "flag", flag, known);
    }
    if (absl::Status status = collected.Take(*row, value, "flag", "flag --" + flag); !status.ok()) return status;
  }
  loaded.config = collected.config;
  loaded.settings = Describe(collected);
  return loaded;
}

}  // namespace demarche::config
