#include "server/app/log_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/app/exit_code.h"
#include "server/log/copy.h"
#include "server/log/repair.h"
#include "server/log/tool.h"

namespace demarche::app {
namespace {

struct Verb {
  const char* name;
  const char* description;
  std::vector<const char*> directories;  // the arguments, in order
  absl::Status (*run)(const std::vector<std::string>& directories);
};

const std::vector<Verb>& Verbs() {
  static const auto& verbs = *new std::vector<Verb>{
      {"verify", "Read everything and check it", {"DIRECTORY"}, [](const auto& at) { return log::VerifyLog(at[0], std::cout); }},
      {"inspect", "Print what it holds", {"DIRECTORY"}, [](const auto& at) { return log::InspectLog(at[0], std::cout); }},
      {"repair",
       "Make a damaged log one that opens: what is lost becomes a gap that readers see; the damaged files are kept aside",
       {"DIRECTORY"},
       [](const auto& at) { return log::RepairLog(at[0], std::cout); }},
      {"backup",
       "Copy it, also while a server uses it, and verify the copy",
       {"DIRECTORY", "BACKUP"},
       [](const auto& at) { return log::BackupLog(at[0], at[1], std::cout); }},
      {"restore",
       "Make a log of a backup; it begins a new epoch, so that watches start over",
       {"BACKUP", "DIRECTORY"},
       [](const auto& at) { return log::RestoreLog(at[0], at[1], std::cout); }},
  };
  return verbs;
}

int Run(const Verb& verb, const std::vector<std::string>& directories) {
  const absl::Status status = verb.run(directories);
  if (status.ok()) return kOk;
  std::cerr << "demarched: " << std::string(status.message()) << '\n';
  return status.code() == absl::StatusCode::kDataLoss ? kLogDamaged : kCannotUseData;
}

}  // namespace

void AddLogCommand(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("log", "Check, repair or copy an event log");
  command->require_subcommand(1);
  for (const Verb& verb : Verbs()) {
    CLI::App* added = command->add_subcommand(verb.name, verb.description);
    const auto directories = std::make_shared<std::vector<std::string>>(verb.directories.size());
    for (size_t i = 0; i < verb.directories.size(); ++i) added->add_option(verb.directories[i], (*directories)[i])->required();
    added->callback([&code, &verb, directories] { code = Run(verb, *directories); });
  }
}

}  // namespace demarche::app
