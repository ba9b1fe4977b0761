#include "pipeline/train/treebank.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "absl/strings/numbers.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/table.h"

namespace demarche::train {
namespace {

constexpr size_t kColumns = 10;

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// Token numbers of the file, from 1 and 0 for the root, to ours.
bool Finish(GoldSentence& sentence) {
  const int count = static_cast<int>(sentence.size());
  for (GoldToken& token : sentence) {
    if (token.head < 0 || token.head > count) return false;
    token.head = token.head == 0 ? count : token.head - 1;
  }
  return true;
}

bool HasSpaceAfter(std::string_view misc) { return misc.find("SpaceAfter=No") == std::string_view::npos; }

// The words of one written token ('1-2\tdon't').
struct Range {
  int last = 0;
  bool space_after = true;
};

bool ReadRange(std::string_view id, std::string_view misc, Range& range) {
  const size_t dash = id.find('-');
  if (dash == std::string_view::npos || !absl::SimpleAtoi(View(id.substr(dash + 1)), &range.last)) return false;
  range.space_after = HasSpaceAfter(misc);
  return true;
}

bool Crosses(const GoldSentence& sentence, int dependent) {
  const int head = sentence[dependent].head;
  const int count = static_cast<int>(sentence.size());
  const int low = std::min(head, dependent), high = std::max(head, dependent);
  for (int i = 0; i < count; ++i) {
    const int a = std::min(i, sentence[i].head), b = std::max(i, sentence[i].head);
    if ((a < low && low < b && b < high) || (low < a && a < high && high < b)) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<GoldSentence>> ReadTreebank(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError("no treebank at '" + path + "'");
  std::vector<GoldSentence> sentences;
  GoldSentence sentence;
  std::string line;
  Range range;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string where = path + ":" + std::to_string(number);
    if (line.empty()) {
      if (!Finish(sentence)) return absl::InvalidArgumentError(where + ": a head is no token of the sentence that ends here");
      if (!sentence.empty()) sentences.push_back(std::move(sentence));
      sentence.clear();
      range = Range();
      continue;
    }
    if (line[0] == '#') continue;
    const auto cells = resources::Split(line, '\t');
    if (cells.size() != kColumns) return absl::InvalidArgumentError(where + ": not 10 columns");
    if (ReadRange(cells[0], cells[9], range) || !IsNumber(cells[0])) continue;
    GoldToken token;
    token.form = cells[1];
    token.lower = token.form;
    for (char& c : token.lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    token.upos = cells[3];
    token.xpos = cells[4];
    token.label = cells[7];
    if (!absl::SimpleAtoi(View(cells[6]), &token.head)) return absl::InvalidArgumentError(where + ": the head is no number");
    token.attribution = cells[9].find("Attribution=Yes") != std::string_view::npos;
    const int word = static_cast<int>(sentence.size()) + 1;
    token.space_after = word < range.last ? false : word == range.last ? range.space_after : HasSpaceAfter(cells[9]);
    sentence.push_back(std::move(token));
  }
  return sentences;
}

std::string TextOf(const GoldSentence& sentence, std::vector<size_t>& begins) {
  std::string text;
  begins.clear();
  for (const GoldToken& token : sentence) {
    begins.push_back(text.size());
    text += token.form;
    if (token.space_after) text += ' ';
  }
  return text;
}

void Projectivize(GoldSentence& sentence) {
  const int count = static_cast<int>(sentence.size());
  while (true) {
    int worst = -1, shortest = std::numeric_limits<int>::max();
    for (int i = 0; i < count; ++i) {
      const int length = std::abs(sentence[i].head - i);
      // Of two arcs that cross, one at most is the root token's own: the other is lifted, so that the root stays alone.
      const bool may_lift = sentence[i].head < count && sentence[sentence[i].head].head < count;
      if (may_lift && length < shortest && Crosses(sentence, i)) {
        worst = i;
        shortest = length;
      }
    }
    if (worst < 0) return;
    sentence[worst].head = sentence[sentence[worst].head].head;
  }
}

std::string_view BaseLabel(std::string_view label) { return label.substr(0, label.find(':')); }

}  // namespace demarche::train
