// Reads lines 'YYYY-MM-DD<tab>title<tab>body' from standard input and prints the mentions of each:
// number of the line, sentence, words, code, kind, certainty, resolution, sector, office, stated office. With --time only what
// it costs, in time of the processor: loading the tables, matching names, the whole stage.
#include <cstdio>
#include <ctime>
#include <iostream>
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

// Seconds to find the names of all sentences.
double TimeMatching(const demarche::actors::Directory& directory, Document& document) {
  demarche::actors::Article article(directory, document, 20250101);
  const double start = Seconds();
  for (const auto& sentence : document.sentences) demarche::actors::FindHits(article, sentence);
  return Seconds() - start;
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
  std::string text;
  size_t bytes = 0;
  double matching = 0, whole = 0;
  for (int line = 1; std::getline(std::cin, text); ++line) {
    const size_t title = text.find('\t'), body = text.find('\t', title + 1);
    if (body == std::string::npos) {
      std::cerr << "line " << line << ": expected date, title and body\n";
      return 1;
    }
    demarche::v1::NewsItem item;
    item.set_title(text.substr(title + 1, body - title - 1));
    item.set_body(text.substr(body + 1));
    item.set_language_code("en");
    absl::Time time;
    std::string error;
    if (!absl::ParseTime("%Y-%m-%d", text.substr(0, title), &time, &error)) {
      std::cerr << "line " << line << ": " << error << "\n";
      return 1;
    }
    item.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(time));
    for (char& c : *item.mutable_body()) c = c == '\x01' ? '\n' : c;
    Document document(item);
    for (const auto& stage : before) {
      if (!stage->Process(document).ok()) return 1;
    }
    if (only_time) matching += TimeMatching(**directory, document);
    const double start = Seconds();
    if (!actors->Process(document).ok()) return 1;
    whole += Seconds() - start;
    bytes += item.title().size() + item.body().size();
    if (!only_time) Print(line, document);
  }
  if (only_time) {
    const double megabytes = static_cast<double>(bytes) / 1e6;
    std::printf("load %.1f ms, %.2f MB of text, matching %.1f MB/s, stage %.1f MB/s\n", load * 1e3, megabytes, megabytes / matching,
                megabytes / whole);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) { return Run(count > 1 && std::string(arguments[1]) == "--time"); }
