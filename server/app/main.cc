// demarched: the server, and what can be done without one. Each command is a function that returns an exit code.
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include "CLI/CLI.hpp"
#include "server/app/exit_code.h"
#include "server/app/log_command.h"
#include "server/app/logging.h"
#include "server/app/pipeline.h"
#include "server/app/serve.h"
#include "server/app/token_command.h"
#include "server/app/version.h"
#include "server/config/config.h"
#include "server/ingest/validate.h"
#include "server/tools/classify.h"

extern char** environ;

namespace demarche::app {
namespace {

int Fail(const absl::Status& status, int code) {
  std::cerr << "demarched: " << std::string(status.message()) << '\n';
  return code;
}

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string pair = *entry;
    if (const size_t at = pair.find('='); at != std::string::npos) environment[pair.substr(0, at)] = pair.substr(at + 1);
  }
  return environment;
}

// A command's `--config` and one flag for every setting.
struct SettingFlags {
  std::string file;
  std::map<std::string, std::string> values;

  void AddTo(CLI::App& command) {
    command.add_option("--config", file, "TOML file with settings (deploy/config/demarched.toml names them all)");
    for (const config::Setting& setting : config::Settings()) {
      const std::string name = setting.flag.substr(2);
      command.add_option_function<std::string>(
          setting.flag, [this, name](const std::string& value) { values[name] = value; },
          setting.description + " [" + setting.value + ", " + setting.environment + "]");
    }
  }
  absl::StatusOr<config::Loaded> Load() const {
    return config::Load({.file = file, .environment = Environment(), .flags = values});
  }
};

int RunServe(const SettingFlags& flags) {
  const auto loaded = flags.Load();
  if (!loaded.ok()) return Fail(loaded.status(), kUsage);
  SetUpLogging(loaded->config);
  return Serve(*loaded);
}

// What `classify` is told.
struct ClassifyFlags {
  std::string output = "jsonl";
  int workers = 0;
  bool explain = false;
  bool stories = false;
  std::string config_file;
  std::string overlays;
  std::string syntax;

  void AddTo(CLI::App& command) {
    command.add_option("--output", output, "Form of the answers: jsonl, one line an item")->capture_default_str();
    command.add_option("--workers", workers, "Threads; 0 means one a core")->check(CLI::Range(0, 1024));
    command.add_flag("--explain", explain, "Add what each stage saw and decided");
    command.add_flag(
        "--stories", stories,
        "Remember, in the order of the input: copies are known, and what several items tell of one event has one eventId");
    command.add_option("--config", config_file, "TOML file of the server, for its pipeline.overlays and pipeline.syntax");
    command.add_option("--overlays", overlays,
                       "Directory of tables that are laid over those of the pipeline [none, DEMARCHE_OVERLAYS]");
    command.add_option("--syntax", syntax, "Profile of the parser: fast, accurate [fast, DEMARCHE_SYNTAX]");
  }
  absl::StatusOr<config::Loaded> Load() const {
    config::Sources sources{.file = config_file, .environment = Environment()};
    if (!overlays.empty()) sources.flags["overlays"] = overlays;
    if (!syntax.empty()) sources.flags["syntax"] = syntax;
    return config::Load(sources);
  }
};

int RunClassify(const ClassifyFlags& flags) {
  if (flags.output != "jsonl") {
    return Fail(absl::InvalidArgumentError("--output must be 'jsonl', got '" + flags.output + "'"), kUsage);
  }
  const auto loaded = flags.Load();
  if (!loaded.ok()) return Fail(loaded.status(), kUsage);
  const auto pipeline = Pipeline::Make(loaded->config.overlays, loaded->config.syntax);
  if (!pipeline.ok()) return Fail(pipeline.status(), kUsage);
  tools::ClassifyOptions options;
  options.workers = flags.workers > 0 ? flags.workers : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.explain = flags.explain;
  options.stories = flags.stories;
  options.validate = ingest::ValidateNewsItem;
  std::ios::sync_with_stdio(false);
  const tools::ClassifyCounts counts = tools::Classify((*pipeline)->runner(), options, std::cin, std::cout, std::cerr);
  if (!std::cout) return Fail(absl::UnavailableError("cannot write to standard output"), kFailed);
  return counts.rejected == 0 ? kOk : kFailed;
}

int RunConfigShow(const SettingFlags& flags) {
  const auto loaded = flags.Load();
  if (!loaded.ok()) return Fail(loaded.status(), kUsage);
  for (const std::string& warning : loaded->warnings) std::cerr << "demarched: " << warning << '\n';
  std::cout << config::ToToml(loaded->settings);
  return kOk;
}

int RunConfigCheck(const std::string& file) {
  const auto loaded = config::Load({.file = file});
  if (!loaded.ok()) return Fail(loaded.status(), kUsage);
  std::cerr << "demarched: " << file << " is valid\n";
  return kOk;
}

int Main(int argc, char** argv) {
  CLI::App app("demarched " + std::string(kVersion) + ": news items in, diplomatic events out");
  app.footer(kExitCodeHelp);
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  int code = kOk;

  SettingFlags serve_flags;
  CLI::App* serve = app.add_subcommand("serve", "Serve until SIGTERM or SIGINT");
  serve_flags.AddTo(*serve);
  serve->callback([&] { code = RunServe(serve_flags); });

  ClassifyFlags classify_flags;
  CLI::App* classify = app.add_subcommand("classify", "Code NewsItem JSON lines from standard input; no server is needed");
  classify_flags.AddTo(*classify);
  classify->callback([&] { code = RunClassify(classify_flags); });

  SettingFlags show_flags;
  std::string check_file;
  CLI::App* config_command = app.add_subcommand("config", "Show the settings in force and where each comes from, or check a file");
  config_command->require_subcommand(1);
  CLI::App* show = config_command->add_subcommand("show", "Print all settings as a TOML file");
  show_flags.AddTo(*show);
  show->callback([&] { code = RunConfigShow(show_flags); });
  CLI::App* check = config_command->add_subcommand("check", "Check a configuration file");
  check->add_option("FILE", check_file, "The file")->required();
  check->callback([&] { code = RunConfigCheck(check_file); });

  AddLogCommand(app, code);
  AddTokenCommand(app, code);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return code;
}

}  // namespace
}  // namespace demarche::app

int main(int argc, char** argv) { return demarche::app::Main(argc, argv); }
