#include "client/cli/completion.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace demarche::cli {
namespace {

// How a command is reached (' events list'; empty for the program), and what may stand after it.
struct Step {
  std::string path;
  const CLI::App* app;
};

void Collect(const CLI::App& app, const std::string& path, std::vector<Step>& steps) {
  steps.push_back({path, &app});
  for (const CLI::App* command : app.get_subcommands({})) Collect(*command, absl::StrCat(path, " ", command->get_name()), steps);
}

std::vector<std::string> NamesOf(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

// The values that the option takes, by blanks: CLI11 lists them in the name of the type, 'TEXT:{auto,always,never}'.
std::string ValuesOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{'), close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  std::string values = type.substr(open + 1, close - open - 1);
  std::replace(values.begin(), values.end(), ',', ' ');
  return values;
}

// A case of the shell: "a"|"b") words='...' ;;
std::string Case(const std::vector<std::string>& patterns, const std::string& words) {
  return absl::StrCat("    \"", absl::StrJoin(patterns, "\"|\""), "\") words='", words, "' ;;\n");
}

std::string Script(const CLI::App& app, const std::string& shell) {
  std::vector<Step> steps;
  Collect(app, "", steps);
  std::string known, words, values;
  for (const auto& [path, command] : steps) {
    if (!path.empty()) absl::StrAppend(&known, known.empty() ? "" : "|", "\"", path, "\"");
    std::string next;
    for (const CLI::App* below : command->get_subcommands({})) absl::StrAppend(&next, below->get_name(), " ");
    std::vector<const CLI::Option*> options = command->get_options();
    if (command != &app) {
      for (const CLI::Option* option : app.get_options()) {
        if (option != app.get_help_ptr() && option != app.get_version_ptr()) options.push_back(option);
      }
    }
    for (const CLI::Option* option : options) {
      std::vector<std::string> keys;
      for (const std::string& name : NamesOf(*option)) {
        absl::StrAppend(&next, name, " ");
        keys.push_back(absl::StrCat(path, " ", name));
      }
      const std::string listed = ValuesOf(*option);
      if (listed.empty()) continue;
      if (option->get_positional()) {
        absl::StrAppend(&next, listed, " ");
      } else {
        absl::StrAppend(&values, Case(keys, listed));
      }
    }
    absl::StrAppend(&words, Case({path}, next));
  }
  return absl::StrCat("# Completion of `demarche` for ", shell, ", made by `demarche completion ", shell, "`.\n",
                      shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "",
                      R"sh(_demarche() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path='' words='' word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
    )sh",
                      known, R"sh() path="$path $word" ;;
    esac
  done
  case "$path" in
)sh",
                      words, R"sh(  esac
  case "$path $previous" in
)sh",
                      values, R"sh(  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _demarche demarche
)sh");
}

}  // namespace

void AddCompletion(CLI::App& app, std::string& script) {
  CLI::App* command = app.add_subcommand("completion", "Print a script that completes commands and options in a shell");
  command->footer("bash: source <(demarche completion bash)\nzsh:  source <(demarche completion zsh)");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "The shell")->required()->check(CLI::IsMember({"bash", "zsh"}));
  command->callback([&app, &script, shell] { script = Script(app, *shell); });
}

}  // namespace demarche::cli
