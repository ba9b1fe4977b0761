// demarche_eval_segment FILE.conllu [--errors N]: token and sentence F1 of the segment stage against a UD treebank.
//
// A document's sentences are joined by a space. The treebanks' layout is not in their files; so a gold sentence that ends
// without a stop (a heading, an item of a list) ends its paragraph, as it did on the page.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demarche/v1/news_item.pb.h"
#include "pipeline/document/document.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"

namespace {

using demarche::document::Document;
using demarche::document::Span;
using Spans = std::set<std::pair<uint32_t, uint32_t>>;

// One gold document: raw text, token and sentence spans in it.
struct Gold {
  std::string text;
  Spans tokens;
  Spans sentences;
};

struct Score {
  size_t gold = 0;
  size_t found = 0;
  size_t right = 0;

  void Add(const Spans& gold_spans, const Spans& found_spans) {
    gold += gold_spans.size();
    found += found_spans.size();
    for (const auto& span : found_spans) right += gold_spans.count(span);
  }
  double f1() const { return gold + found == 0 ? 0 : 200.0 * right / (gold + found); }
};

bool EndsWithStop(std::string_view text) {
  for (std::string_view sign : {"\"", "'", ")", "]", "\u201D", "\u201C", "\u2019"}) {
    while (text.size() >= sign.size() && text.substr(text.size() - sign.size()) == sign) text.remove_suffix(sign.size());
  }
  return !text.empty() && (std::string_view(".!?").find(text.back()) != std::string_view::npos);
}

// Adds a sentence, given as its text and the forms of its tokens, to the document.
void AddSentence(const std::string& sentence, const std::vector<std::string>& forms, Gold& gold) {
  if (!gold.text.empty()) gold.text += EndsWithStop(gold.text) ? " " : "\n";
  const size_t base = gold.text.size();
  gold.text += sentence;
  size_t at = base;
  for (const std::string& form : forms) {
    const size_t found = gold.text.find(form, at);
    if (found == std::string::npos) continue;  // a token with a space of its own kind
    at = found + form.size();
    gold.tokens.insert({found, at});
  }
  gold.sentences.insert({base, gold.text.size()});
}

std::vector<Gold> ReadTreebank(std::istream& in) {
  std::vector<Gold> documents;
  std::string line, text;
  std::vector<std::string> forms;
  while (std::getline(in, line)) {
    if (line.rfind("# newdoc", 0) == 0) documents.emplace_back();
    if (line.rfind("# text = ", 0) == 0) text = line.substr(9);
    if (line.empty() && !forms.empty()) {
      if (documents.empty()) documents.emplace_back();
      AddSentence(text, forms, documents.back());
      forms.clear();
    }
    const size_t tab = line.find('\t');
    if (line.empty() || line[0] == '#' || tab == std::string::npos) continue;
    if (line.substr(0, tab).find_first_not_of("0123456789") != std::string::npos) continue;
    forms.push_back(line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
  }
  return documents;
}

void PrintErrors(const char* what, const Gold& gold, const Spans& gold_spans, const Spans& found, int& left) {
  for (const auto& span : gold_spans) {
    if (left == 0) return;
    if (found.count(span)) continue;
    --left;
    const size_t begin = span.second > 30 ? span.second - 30 : 0;
    std::cout << what << " '" << gold.text.substr(span.first, span.second - span.first) << "' in: ..."
              << gold.text.substr(begin, 70) << "\n";
  }
}

int Run(const char* path, int errors) {
  auto normalize = demarche::normalize::MakeNormalize();
  auto segment = demarche::segment::MakeSegment();
  if (!normalize.ok() || !segment.ok()) return 1;
  std::ifstream file(path);
  if (!file) {
    std::cerr << path << ": cannot be read\n";
    return 1;
  }
  Score tokens, sentences;
  int token_errors = errors, sentence_errors = errors;
  for (const Gold& gold : ReadTreebank(file)) {
    demarche::v1::NewsItem item;
    item.set_body(gold.text);
    item.set_language_code("en");
    Document document(item);
    if (!(*normalize)->Process(document).ok() || !(*segment)->Process(document).ok()) return 1;
    Spans found_tokens, found_sentences;
    const auto& map = document.text(demarche::document::Field::kBody).map;
    for (const auto& sentence : document.sentences) {
      const Span whole = map.ToReceived(sentence.span);
      found_sentences.insert({whole.begin, whole.end});
      for (const auto& token : sentence.tokens) {
        const Span span = map.ToReceived(token.span);
        found_tokens.insert({span.begin, span.end});
      }
    }
    tokens.Add(gold.tokens, found_tokens);
    sentences.Add(gold.sentences, found_sentences);
    PrintErrors("token", gold, gold.tokens, found_tokens, token_errors);
    PrintErrors("sentence", gold, gold.sentences, found_sentences, sentence_errors);
  }
  std::printf("tokens F1 %.2f (%zu gold)  sentences F1 %.2f (%zu gold)\n", tokens.f1(), tokens.gold, sentences.f1(),
              sentences.gold);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && !(argc == 4 && std::string_view(argv[2]) == "--errors")) {
    std::cerr << "usage: demarche_eval_segment FILE.conllu [--errors N]\n";
    return 2;
  }
  return Run(argv[1], argc == 4 ? std::atoi(argv[3]) : 0);
}
