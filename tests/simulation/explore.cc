#include "tests/simulation/explore.h"

#include <algorithm>
#include <utility>

namespace demarche::simulation {

std::string Play(const Script& script) { return World().Play(script); }

std::optional<Finding> Explore(uint64_t first, uint64_t count) {
  for (uint64_t seed = first; seed < first + count; ++seed) {
    Script script = ScriptOf(seed);
    if (std::string what = Play(script); !what.empty()) return Finding{seed, std::move(what), std::move(script)};
  }
  return std::nullopt;
}

Finding Shrink(Finding finding) {
  for (size_t size = finding.script.size() / 2; size > 0; size /= 2) {
    for (size_t begin = 0; begin < finding.script.size();) {
      Script shorter = finding.script;
      const auto from = shorter.begin() + static_cast<std::ptrdiff_t>(begin);
      shorter.erase(from, from + static_cast<std::ptrdiff_t>(std::min(size, shorter.size() - begin)));
      if (std::string what = Play(shorter); !what.empty()) {
        finding.what = std::move(what);
        finding.script = std::move(shorter);
      } else {
        begin += size;
      }
    }
  }
  return finding;
}

std::string Report(uint64_t first, uint64_t count) {
  auto finding = Explore(first, count);
  return finding.has_value() ? Describe(Shrink(*std::move(finding))) : "";
}

std::string Describe(const Finding& finding) {
  std::string text = "seed " + std::to_string(finding.seed) + ": " + finding.what;
  for (const Event& event : finding.script) text += "\n  " + NameOf(event.kind) + " " + std::to_string(event.argument);
  return text;
}

}  // namespace demarche::simulation
