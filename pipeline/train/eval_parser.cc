// demarche_eval_parser FILE.conllu...: one line a treebank, by the model that is built in. Gold tokens, predicted tags, labels
// without sub-types.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "pipeline/train/model_score.h"

namespace {

using demarche::syntax::Kernels;

int Run(const std::vector<std::string>& paths, const std::string& name) {
  const auto model = demarche::syntax::Model::MakeBuiltIn();
  if (!model.ok()) {
    std::fprintf(stderr, "%s\n", model.status().ToString().c_str());
    return 1;
  }
  const Kernels* kernels = nullptr;
  for (const Kernels& supported : demarche::syntax::SupportedKernels()) {
    if (name.empty() || name == supported.name) kernels = &supported;
  }
  if (kernels == nullptr) {
    std::fprintf(stderr, "--kernels: '%s' is not supported here\n", name.c_str());
    return 1;
  }
  for (const std::string& path : paths) {
    const auto gold = demarche::train::ReadTreebank(path);
    if (!gold.ok()) {
      std::fprintf(stderr, "%s\n", gold.status().ToString().c_str());
      return 1;
    }
    const auto score = demarche::train::ScoreModel(*model, *kernels, *gold);
    const std::string stem = std::filesystem::path(path).stem();
    std::printf("%s %s (%.0f tokens a second, %s)\n", stem.c_str(), score.all.Line().c_str(), score.tokens_per_second,
                std::string(kernels->name).c_str());
    std::printf("%s without punctuation %s\n", stem.c_str(), score.words.Line().c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  std::string kernels;
  CLI::App app("Measures the syntax model on treebanks.");
  app.add_option("files", paths, "CoNLL-U files")->required();
  app.add_option("--kernels", kernels, "sse2, avx2 or avx512vnni; the best by default");
  CLI11_PARSE(app, argc, argv);
  return Run(paths, kernels);
}
