// demarche_eval_syntax FILE.conllu: part of speech and lemma accuracy of the syntax stage on a treebank's own tokens. Lemmas are
// compared in lower case.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"
#include "pipeline/resources/table.h"
#include "pipeline/syntax/syntax.h"
#include "pipeline/syntax/tags.h"

namespace {

using demarche::document::Document;
using demarche::document::Sentence;
using demarche::document::Token;

struct Gold {
  std::string upos;
  std::string lemma;
};

// The treebank as one document whose sentences have the gold tokens.
std::vector<std::vector<Gold>> Read(std::istream& in, Document& document) {
  std::vector<std::vector<Gold>> gold;
  Sentence sentence;
  std::vector<Gold> rows;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() && !rows.empty()) {
      gold.push_back(std::move(rows));
      document.sentences.push_back(std::move(sentence));
      rows.clear();
      sentence = Sentence();
    }
    const auto cells = demarche::resources::Split(line, '\t');
    if (cells.size() != 10 || cells[0].find_first_not_of("0123456789") != std::string_view::npos) continue;
    Token token;
    token.text = document.Keep(std::string(cells[1]));
    token.lower = token.lemma = document.Keep(absl::AsciiStrToLower(demarche::View(cells[1])));
    sentence.tokens.push_back(token);
    rows.push_back({std::string(cells[3]), absl::AsciiStrToLower(demarche::View(cells[2]))});
  }
  return gold;
}

int Run(const char* path) {
  std::ifstream file(path);
  auto syntax = demarche::syntax::MakeSyntax();
  if (!file || !syntax.ok()) {
    std::cerr << path << ": cannot be read, or no tables\n";
    return 1;
  }
  const demarche::v1::NewsItem item;
  Document document(item);
  const auto gold = Read(file, document);
  const auto start = std::chrono::steady_clock::now();
  if (!(*syntax)->Process(document).ok()) return 1;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  size_t tokens = 0, right_tags = 0, right_lemmas = 0, verbs = 0, right_verbs = 0;
  std::map<std::string, int> confusions;
  for (size_t s = 0; s < gold.size(); ++s) {
    for (size_t t = 0; t < gold[s].size(); ++t, ++tokens) {
      const Token& token = document.sentences[s].tokens[t];
      const std::string tag(demarche::syntax::TagName(token.upos));
      right_tags += tag == gold[s][t].upos;
      right_lemmas += token.lemma == gold[s][t].lemma;
      verbs += gold[s][t].upos == "VERB";
      right_verbs += gold[s][t].upos == "VERB" && tag == "VERB" && token.lemma == gold[s][t].lemma;
      if (tag != gold[s][t].upos) ++confusions[gold[s][t].upos + " as " + tag];
    }
  }
  std::printf("UPOS %.2f%%  lemmas %.2f%%  verbs with lemma %.2f%%  (%zu tokens, %.0f a second)\n", 100.0 * right_tags / tokens,
              100.0 * right_lemmas / tokens, 100.0 * right_verbs / verbs, tokens, tokens / seconds.count());
  std::multimap<int, std::string> ordered;
  for (const auto& [name, count] : confusions) ordered.emplace(-count, name);
  int shown = 0;
  for (const auto& [count, name] : ordered) {
    if (++shown <= 12) std::printf("  %5d %s\n", -count, name.c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: demarche_eval_syntax FILE.conllu\n";
    return 2;
  }
  return Run(argv[1]);
}
