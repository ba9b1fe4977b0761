// What the syntax stage's model costs, on one core, beside the bare tokenizer. Items a second are tokens a second; the text is that
// of the newswire treebanks.
#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "pipeline/document/document.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/parser.h"
#include "pipeline/train/treebank.h"

namespace demarche::syntax {
namespace {

constexpr size_t kSentencesOfAnItem = 20;

std::vector<train::GoldSentence> Sentences() {
  std::vector<train::GoldSentence> sentences;
  for (const char* part : {"train", "test"}) {
    const std::string path = std::string(DEMARCHE_SOURCE_DIR) + "/tests/treebank/newswire-" + part + ".conllu";
    const auto read = train::ReadTreebank(path);
    if (read.ok()) sentences.insert(sentences.end(), read->begin(), read->end());
  }
  return sentences;
}

std::vector<v1::NewsItem> Items() {
  std::vector<v1::NewsItem> items;
  std::vector<size_t> begins;
  size_t count = 0;
  for (const train::GoldSentence& sentence : Sentences()) {
    if (count++ % kSentencesOfAnItem == 0) {
      items.emplace_back();
      items.back().set_language_code("en");
    }
    items.back().mutable_body()->append(train::TextOf(sentence, begins)).append("\n");
  }
  return items;
}

void Tokenize(benchmark::State& state) {
  const auto normalize = *normalize::MakeNormalize();
  const auto segment = *segment::MakeSegment();
  const std::vector<v1::NewsItem> items = Items();
  std::vector<std::unique_ptr<document::Document>> documents;
  size_t tokens = 0;
  for (const v1::NewsItem& item : items) {
    documents.push_back(std::make_unique<document::Document>(item));
    if (!normalize->Process(*documents.back()).ok()) state.SkipWithError("normalize failed");
  }
  for (auto _ : state) {
    for (auto& document : documents) {
      document->sentences.clear();
      if (!segment->Process(*document).ok()) state.SkipWithError("segment failed");
      for (const auto& sentence : document->sentences) tokens += sentence.tokens.size();
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(tokens));
}
BENCHMARK(Tokenize);

void TagAndParse(benchmark::State& state, const Kernels& kernels, const char* profile) {
  const auto model = Model::MakeBuiltIn(profile);
  if (!model.ok()) {
    state.SkipWithError("no model");
    return;
  }
  const Parser parser(*model, kernels);
  const std::vector<train::GoldSentence> sentences = Sentences();
  Batch batch;
  size_t tokens = 0;
  for (auto _ : state) {
    for (const train::GoldSentence& sentence : sentences) {
      for (const train::GoldToken& token : sentence) batch.Add(token.form, token.lower);
      batch.EndSentence();
      if (!batch.full()) continue;
      parser.Run(batch);
      tokens += batch.result().size();
      batch.Clear();
    }
    parser.Run(batch);
    tokens += batch.result().size();
    batch.Clear();
  }
  state.SetItemsProcessed(static_cast<int64_t>(tokens));
}

void Load(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Model::MakeBuiltIn("fast"));
}
BENCHMARK(Load)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace demarche::syntax

int main(int argc, char** argv) {
  for (const auto& kernels : demarche::syntax::SupportedKernels()) {
    for (const char* profile : {"fast", "accurate"}) {
      const std::string name = "TagAndParse/" + std::string(kernels.name) + "/" + profile;
      benchmark::RegisterBenchmark(name.c_str(), demarche::syntax::TagAndParse, kernels, profile);
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
