// demarche_eval_parser FILE.conllu...: what a model that is built in, or a model file, gives on treebanks. Gold tokens and our own,
// predicted tags, labels without sub-types.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "pipeline/train/own_tokens.h"

namespace {

using demarche::syntax::Kernels;
using demarche::syntax::Model;

struct Options {
  std::vector<std::string> paths;
  std::string kernels, model = "fast";
  int errors = 0;
};

// The most frequent kinds of wrong words, each with the first two sentences that have it: 'nsubj of a VERB, found as obj
// elsewhere'.
void PrintErrors(const std::vector<demarche::train::GoldSentence>& gold, const demarche::train::ModelScore& score, int count) {
  std::map<std::string, std::vector<std::string>> kinds;
  std::vector<size_t> begins;
  for (size_t s = 0; s < gold.size(); ++s) {
    const int root = static_cast<int>(gold[s].size());
    for (int i = 0; i < root; ++i) {
      const auto& token = gold[s][i];
      const auto& predicted = score.predicted[s][i];
      const bool head = token.head == predicted.head;
      const std::string label(demarche::train::BaseLabel(token.label)), found(demarche::train::BaseLabel(predicted.label));
      if (token.upos == "PUNCT" || (head && label == found)) continue;
      kinds[label + ", found as " + found + (head ? "" : " elsewhere")].push_back(
          "'" + token.form + "' under '" + (token.head == root ? "root" : gold[s][token.head].form) + "', found under '" +
          (predicted.head == root ? "root" : gold[s][predicted.head].form) + "': " + demarche::train::TextOf(gold[s], begins));
    }
  }
  std::vector<std::pair<size_t, std::string>> order;
  for (const auto& [kind, examples] : kinds) order.emplace_back(examples.size(), kind);
  std::sort(order.rbegin(), order.rend());
  order.resize(std::min(order.size(), static_cast<size_t>(count)));
  for (const auto& [times, kind] : order) {
    std::printf("  %5zu %s\n", times, kind.c_str());
    for (size_t i = 0; i < std::min<size_t>(2, times); ++i) std::printf("        %s\n", kinds[kind][i].c_str());
  }
}

// The one built in under this name, or the file. A file's bytes are kept in `storage`.
absl::StatusOr<Model> ReadModel(const std::string& name, std::vector<char>& storage) {
  if (name.find('.') == std::string::npos) return Model::MakeBuiltIn(name);
  std::ifstream file(name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  storage.resize(bytes.size() + demarche::syntax::kModelAlignment);
  void* aligned = storage.data();
  size_t space = storage.size();
  std::align(demarche::syntax::kModelAlignment, bytes.size(), aligned, space);
  std::memcpy(aligned, bytes.data(), bytes.size());
  return Model::Make({static_cast<char*>(aligned), bytes.size()});
}

absl::Status Measure(const Model& model, const Kernels& kernels, const std::string& path, int errors) {
  const auto gold = demarche::train::ReadTreebank(path);
  if (!gold.ok()) return gold.status();
  const auto score = demarche::train::ScoreModel(model, kernels, *gold);
  const auto own = demarche::train::ScoreOwnTokens(model, kernels, *gold);
  if (!own.ok()) return own.status();
  const std::string stem = std::filesystem::path(path).stem();
  std::printf("%s %s (%.0f tokens a second, %s)\n", stem.c_str(), score.all.Line().c_str(), score.tokens_per_second,
              std::string(kernels.name).c_str());
  std::printf("%s own %s\n", stem.c_str(), own->all.Line().c_str());
  std::printf("%s without punctuation %s\n", stem.c_str(), score.words.Line().c_str());
  std::printf("%s without punctuation mended %s\n", stem.c_str(), score.mended.Line().c_str());
  std::printf("%s without punctuation own %s\n", stem.c_str(), own->words.Line().c_str());
  if (score.attribution.sentences > 0) std::printf("%s attribution %s\n", stem.c_str(), score.attribution.Line().c_str());
  PrintErrors(*gold, score, errors);
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  std::vector<char> storage;
  const auto model = ReadModel(options.model, storage);
  if (!model.ok()) return model.status();
  const Kernels* kernels = nullptr;
  for (const Kernels& supported : demarche::syntax::SupportedKernels()) {
    if (options.kernels.empty() || options.kernels == supported.name) kernels = &supported;
  }
  if (kernels == nullptr) return absl::InvalidArgumentError("--kernels: '" + options.kernels + "' is not supported here");
  for (const std::string& path : options.paths) {
    if (auto status = Measure(*model, *kernels, path, options.errors); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures the syntax model on treebanks.");
  app.add_option("files", options.paths, "CoNLL-U files")->required();
  app.add_option("--model", options.model, "Name of a model that is built in (fast), or a model file")->capture_default_str();
  app.add_option("--kernels", options.kernels, "sse2, avx2 or avx512vnni; the best by default");
  app.add_option("--errors", options.errors, "So many of the most frequent kinds of error, with examples");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
