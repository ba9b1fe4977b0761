// Reads lines 'YYYY-MM-DD<tab>title<tab>body' from standard input and prints the mentions of each:
// number of the line, sentence, words, code, kind, certainty, resolution, sector, office, stated office. With --time only what
// it costs, in time of the processor: loading the tables, matching names, the whole stage.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <deque>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "pipeline/actors/actors_stage.h"
#include "pipeline/actors/article.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace {

using demarche::document::Document;

void Print(int line, const Document& document) {
  for (const auto& mention : document.mentions) {
    const auto& actor = mention.actor;
    const std::string& code = actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
    std::printf("%d\t%u\t%s\t%s\t%d%s%s\t%.2f\t%s\t%s\t%s\t%s\n", line, mention.sentence, actor.mention().c_str(), code.c_str(),
                static_cast<int>(mention.kind), mention.is_adjective ? "a" : "", mention.is_possessive ? "p" : "",
                mention.certainty, demarche::v1::ActorResolution_Name(actor.resolution()).substr(17).c_str(),
                actor.sector().c_str(), actor.office().c_str(), actor.stated_office().c_str());
  }
}

double Seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// An item from `date<TAB>title<TAB>body`, where \x01 is a line feed; what is wrong with the line, when something is.
std::string ReadItem(const std::string& text, demarche::v1::NewsItem& item) {
  const size_t title = text.find('\t'), body = text.find('\t', title + 1);
  if (body == std::string::npos) return "expected date, title and body";
  item.set_title(text.substr(title + 1, body - title - 1));
  item.set_body(text.substr(body + 1));
  item.set_language_code("en");
  for (char& c : *item.mutable_body()) c = c == '\x01' ? '\n' : c;
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d", text.substr(0, title), &time, &error)) return error;
  item.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(time));
  return "";
}

// The least of several rounds of work over all documents, in megabytes of their text a second.
template <typename Work>
double Speed(std::deque<Document>& documents, Work work) {
  constexpr int kRounds = 20;
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < kRounds; ++round) {
    const double start = Seconds();
    for (Document& document : documents) work(document);
    best = std::min(best, Seconds() - start);
  }
  size_t bytes = 0;
  for (const Document& document : documents) bytes += document.item.title().size() + document.item.body().size();
  return static_cast<double>(bytes) / 1e6 / best;
}

int Run(bool only_time) {
  const double load_start = Seconds();
  const auto directory = demarche::actors::Directory::Load();
  if (!directory.ok()) {
    std::cerr << directory.status() << "\n";
    return 1;
  }
  const double load = Seconds() - load_start;
  const auto actors = demarche::actors::MakeActors(*directory);
  std::vector<std::unique_ptr<const demarche::stage::Stage>> before;
  before.push_back(*demarche::normalize::MakeNormalize());
  before.push_back(*demarche::segment::MakeSegment());
  before.push_back(*demarche::syntax::MakeSyntax());
  std::deque<demarche::v1::NewsItem> items;
  std::deque<Document> documents;
  std::string text;
  for (int line = 1; std::getline(std::cin, text); ++line) {
    if (const std::string error = ReadItem(text, items.emplace_back()); !error.empty()) {
      std::cerr << "line " << line << ": " << error << "\n";
      return 1;
    }
    Document& document = documents.emplace_back(items.back());
    for (const auto& stage : before) {
      if (!stage->Process(document).ok()) return 1;
    }
    if (!actors->Process(document).ok()) return 1;
    if (!only_time) Print(line, document);
  }
  if (only_time) {
    const double matching = Speed(documents, [&](Document& document) {
      demarche::actors::Article article(**directory, document, 20250101);
      for (const auto& sentence : document.sentences) demarche::actors::FindHits(article, sentence);
    });
    const double whole = Speed(documents, [&](Document& document) { (void)actors->Process(document); });
    std::printf("load %.1f ms, matching %.1f MB/s, stage %.1f MB/s\n", load * 1e3, matching, whole);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) { return Run(count > 1 && std::string(arguments[1]) == "--time"); }
