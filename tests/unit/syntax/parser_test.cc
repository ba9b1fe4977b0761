#include "pipeline/syntax/parser.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace demarche::syntax {
namespace {

using Words = std::vector<std::string>;

// One of the models that are built in.
class ParserTest : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    for (const char* name : {"fast", "accurate"}) models_->emplace(name, *Model::MakeBuiltIn(name));
  }
  static const Model& BuiltIn() { return models_->at(GetParam()); }

  std::vector<Analysis> Parse(const std::vector<Words>& sentences, const Kernels& kernels, Batch& batch) const;

 private:
  static inline auto* const models_ = new std::map<std::string, Model>;
};

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

Words Split(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<Analysis> ParserTest::Parse(const std::vector<Words>& sentences, const Kernels& kernels, Batch& batch) const {
  std::vector<Words> lower = sentences;
  for (Words& words : lower) std::transform(words.begin(), words.end(), words.begin(), Lower);
  batch.Clear();
  for (size_t s = 0; s < sentences.size(); ++s) {
    for (size_t i = 0; i < sentences[s].size(); ++i) batch.Add(sentences[s][i], lower[s][i]);
    batch.EndSentence();
  }
  Parser(BuiltIn(), kernels).Run(batch);
  return batch.result();
}

std::string Show(const std::vector<Analysis>& analyses) {
  std::string text;
  for (const Analysis& a : analyses) {
    text +=
        std::to_string(a.head) + "/" + std::to_string(a.upos) + "/" + std::to_string(a.xpos) + "/" + std::to_string(a.label) + " ";
  }
  return text;
}

// One root, and every token reaches it.
void ExpectTree(const Analysis* tokens, int count) {
  EXPECT_EQ(std::count_if(tokens, tokens + count, [](const Analysis& a) { return a.head == document::kRoot; }), count == 0 ? 0 : 1);
  for (int i = 0; i < count; ++i) {
    int steps = 0;
    for (int at = i; at != document::kRoot; at = tokens[at].head) {
      ASSERT_GE(tokens[at].head, document::kRoot);
      ASSERT_LT(tokens[at].head, count);
      ASSERT_LE(++steps, count) << "a cycle at token " << i;
    }
  }
}

std::vector<Words> Hostile() {
  std::vector<Words> sentences = {{}, {"."}, {""}, {std::string(1 << 20, 'a')}, {"\x01", "\x7f", std::string("\0", 1)}};
  sentences.push_back(Words(300, "\""));
  sentences.push_back(Words(1000, "and"));
  sentences.push_back(Words(257, "("));
  sentences.push_back({"\xF0\x9F\x98\x80", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xE2\x80\xAE", "\xFF\xFE"});
  Words mixed;
  for (int i = 0; i < 700; ++i)
    mixed.push_back(i % 7 == 0 ? "that" : i % 5 == 0 ? "said" : i % 3 == 0 ? "," : "X" + std::to_string(i));
  sentences.push_back(mixed);
  return sentences;
}

TEST_P(ParserTest, GivesATreeForHostileInput) {
  Batch batch;
  for (const Words& words : Hostile()) {
    const auto analyses = Parse({words}, SupportedKernels().back(), batch);
    ASSERT_EQ(analyses.size(), words.size());
    ExpectTree(analyses.data(), static_cast<int>(analyses.size()));
  }
}

TEST_P(ParserTest, EveryVariantOfTheKernelsGivesTheSame) {
  std::vector<Words> sentences = Hostile();
  for (const char* text :
       {"The minister said on Monday that talks with Norway had failed .", "Rebels shelled the port , officials said .",
        "Neither side signed the accord ; both blamed the other .", "UN URGES CALM AFTER BORDER CLASH"}) {
    sentences.push_back(Split(text));
  }
  Batch batch;
  const std::string expected = Show(Parse(sentences, SupportedKernels().front(), batch));
  for (const Kernels& kernels : SupportedKernels()) EXPECT_EQ(Show(Parse(sentences, kernels, batch)), expected) << kernels.name;
}

TEST_P(ParserTest, ASentenceDoesNotDependOnItsNeighbours) {
  const Words first = Split("The envoy will visit the capital next week ."), second = Split("No date was given .");
  Batch batch;
  const Kernels& kernels = SupportedKernels().back();
  const std::string alone = Show(Parse({first}, kernels, batch)) + Show(Parse({second}, kernels, batch));
  EXPECT_EQ(Show(Parse({first, second}, kernels, batch)), alone);
  Parse({Words(5000, "word")}, kernels, batch);
  EXPECT_EQ(Show(Parse({first, second}, kernels, batch)), alone);
}

TEST_P(ParserTest, PartsOfALongSentenceHangOnItsFirstRoot) {
  Words words;
  for (int i = 0; i < 100; ++i) {
    for (const std::string& word : Split("the envoy met the king and")) words.push_back(word);
  }
  Batch batch;
  const auto analyses = Parse({words}, SupportedKernels().back(), batch);
  const auto root = std::find_if(analyses.begin(), analyses.end(), [](const Analysis& a) { return a.head == document::kRoot; });
  ASSERT_NE(root, analyses.end());
  EXPECT_LT(root - analyses.begin(), kMaxPartTokens);
  const auto hangs = [&](const Analysis& a) { return a.head == root - analyses.begin() && a.label == BuiltIn().parataxis(); };
  EXPECT_TRUE(std::any_of(analyses.begin() + kMaxPartTokens, analyses.begin() + 2 * kMaxPartTokens, hangs));
}

INSTANTIATE_TEST_SUITE_P(Profiles, ParserTest, testing::Values("fast", "accurate"),
                         [](const auto& profile) { return std::string(profile.param); });

}  // namespace
}  // namespace demarche::syntax
