#include <string>
#include <vector>

#include "server/config/config.h"

namespace demarche::config {

std::string ToToml(const std::vector<Setting>& settings) {
  std::string text;
  std::string section;
  for (const Setting& setting : settings) {
    const size_t dot = setting.key.find('.');
    if (setting.key.substr(0, dot) != section) {
      section = setting.key.substr(0, dot);
      text += (text.empty() ? "[" : "\n[") + section + "]\n";
    }
    const bool is_bare = setting.value == "true" || setting.value == "false" ||
                         (!setting.value.empty() && setting.value.find_first_not_of("0123456789") == std::string::npos);
    std::string quoted = setting.value;
    if (!is_bare) {
      quoted = "\"";
      for (char c : setting.value) quoted += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
      quoted += "\"";
    }
    text += "# " + setting.description + ". " + setting.flag + ", " + setting.environment + " (" + setting.origin + ")\n";
    text += setting.key.substr(dot + 1) + " = " + quoted + "\n";
  }
  return text;
}

}  // namespace demarche::config
