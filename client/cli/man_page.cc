#include "client/cli/man_page.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/cli/exit_code.h"

namespace demarche::cli {
namespace {

// Text that roff takes as it stands. A line must not begin with a control character.
std::string Plain(const std::string& text) {
  std::string safe = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}, {"'", "\\(aq"}, {"\n", " "}});
  return absl::StartsWith(safe, ".") ? "\\&" + safe : safe;
}
std::string Bold(const std::string& text) { return "\\fB" + Plain(text) + "\\fR"; }
std::string Italic(const std::string& text) { return "\\fI" + Plain(text) + "\\fR"; }

// 'TEXT:{auto,always}' as CLI11 says it becomes auto|always; the names of checks after a colon go.
std::string ValueOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{'), close = type.rfind('}');
  if (open != std::string::npos && close != std::string::npos) {
    return absl::StrReplaceAll(type.substr(open + 1, close - open - 1), {{",", "|"}});
  }
  return type.substr(0, type.find(':', absl::StartsWith(type, "HOST:PORT") ? sizeof("HOST:PORT") - 1 : 0));
}

void AppendOption(const CLI::Option& option, std::string& page) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back(Bold("-" + name));
  for (const std::string& name : option.get_lnames()) names.push_back(Bold("--" + name));
  std::string head = absl::StrJoin(names, ", ");
  if (names.empty()) head = Italic(option.get_name());
  if (!names.empty() && option.get_items_expected_max() > 0) absl::StrAppend(&head, " ", Italic(ValueOf(option)));
  absl::StrAppend(&page, ".TP\n", head, "\n", Plain(option.get_description()));
  if (!option.get_default_str().empty()) absl::StrAppend(&page, " (default ", Plain(option.get_default_str()), ")");
  if (!option.get_envname().empty()) absl::StrAppend(&page, " [", Plain(option.get_envname()), "]");
  page += '\n';
}

void AppendOptions(const CLI::App& app, std::string& page) {
  for (const CLI::Option* option : app.get_options()) {
    if (option != app.get_help_ptr() && !option->get_group().empty()) AppendOption(*option, page);
  }
}

void AppendCommand(const CLI::App& app, const std::string& path, std::string& page) {
  const std::string name = path + app.get_name();
  const auto below = app.get_subcommands({});
  if (below.empty()) {
    std::string head = Bold(name);
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_positional()) absl::StrAppend(&head, " ", Italic(option->get_name()));
    }
    absl::StrAppend(&page, ".SS \"", head, "\"\n", Plain(app.get_description()), ".\n");
    AppendOptions(app, page);
  }
  for (const CLI::App* command : below) AppendCommand(*command, name + " ", page);
}

}  // namespace

std::string ManPage(const CLI::App& app) {
  std::string page =
      absl::StrCat(".\\\" Made by `demarche --man`.\n.TH DEMARCHE 1 \"\" \"demarche " DEMARCHE_VERSION
                   "\" \"User Commands\"\n.SH NAME\ndemarche \\- ",
                   Plain(std::string(absl::StripPrefix(app.get_description(), "demarche: "))), "\n.SH SYNOPSIS\n.B demarche\n[",
                   Italic("OPTION"), "]... ", Italic("COMMAND"), " [", Italic("ARGUMENT"), "]...\n.SH OPTIONS OF ALL COMMANDS\n");
  AppendOptions(app, page);
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : app.get_subcommands({})) AppendCommand(*command, "", page);
  page += ".SH EXIT STATUS\n";
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(kExitCodeHelp, '\n'))) {
    const std::vector<std::string> words = absl::StrSplit(absl::StripAsciiWhitespace(line), absl::MaxSplits("  ", 1));
    if (words.size() != 2) continue;
    absl::StrAppend(&page, ".TP\n", Bold(words[0]), "\n", Plain(std::string(absl::StripLeadingAsciiWhitespace(words[1]))), "\n");
  }
  page +=
      ".SH FILES\n.TP\n.I $XDG_CONFIG_HOME/demarche/contexts.toml\nWhat \\fBdemarche context\\fR saved; below \\fI~/.config\\fR "
      "where the variable is not set. It names the files of tokens, never a token.\n.SH ENVIRONMENT\nVariables stand in brackets "
      "with their options. \\fBNO_COLOR\\fR, when set to something, turns colour off.\n";
  return page;
}

}  // namespace demarche::cli
