#include "client/cli/usage_fault.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/terminal.h"

namespace demarche::cli {
namespace {

// A word that differs in more places was not meant.
constexpr size_t kMaxDistance = 2;

// Letters to insert, delete, change or swap with their neighbour to come from one word to the other.
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> rows(a.size() + 1, std::vector<size_t>(b.size() + 1));
  std::iota(rows[0].begin(), rows[0].end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    rows[i][0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.size()][b.size()];
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& known) {
  const auto nearest = std::min_element(known.begin(), known.end(), [&word](const std::string& a, const std::string& b) {
    return Distance(word, a) < Distance(word, b);
  });
  if (nearest == known.end() || Distance(word, *nearest) > kMaxDistance) return "";
  return absl::StrCat("; did you mean '", *nearest, "'?");
}

// The command that was reached.
const CLI::App* Reached(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::vector<std::string> CommandsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app->get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string WhatIsWrong(const CLI::App* app, const CLI::Error& error) {
  const CLI::App* reached = Reached(app);
  const std::vector<std::string> rest = app->remaining(/*recurse=*/true);
  const auto option = std::find_if(rest.begin(), rest.end(), [](const std::string& word) { return absl::StartsWith(word, "-"); });
  if (option != rest.end()) {
    const std::string name = option->substr(0, option->find('='));
    return absl::StrCat("'", name, "' is no option of ", reached->get_name(), DidYouMean(name, OptionsOf(reached)));
  }
  if (!rest.empty() && !CommandsOf(reached).empty()) {
    return absl::StrCat("'", rest[0], "' is no command of ", reached->get_name(), DidYouMean(rest[0], CommandsOf(reached)));
  }
  return error.what();
}

}  // namespace

std::string UsageFault(const CLI::App* app, const CLI::Error& error) {
  std::string help;
  for (const CLI::App* reached = Reached(app); reached != nullptr; reached = reached->get_parent()) {
    help = absl::StrCat(reached->get_name(), " ", help);
  }
  return absl::StrCat("demarche: ", HarmlessLine(WhatIsWrong(app, error)), " (see ", help, "--help)\n");
}

}  // namespace demarche::cli
