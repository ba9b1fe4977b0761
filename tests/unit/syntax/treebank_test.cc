#include "pipeline/train/treebank.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/train/parameters.h"
#include "pipeline/train/score.h"
#include "tests/support/temporary_directory.h"

namespace demarche::train {
namespace {

std::string Write(const std::string& text) {
  static const support::TemporaryDirectory directory;
  return directory.Write("treebank.conllu", text);
}

TEST(Treebank, ReadsWordsOnly) {
  const auto read = ReadTreebank(Write(
      "# text = Don't go\n1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_\n1\tDo\tdo\tAUX\tVBP\t_\t3\taux\t_\t_\n"
      "2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_\n2.1\tx\t_\t_\t_\t_\t_\t_\t_\t_\n3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n\n"));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 1u);
  const GoldSentence& sentence = read->front();
  ASSERT_EQ(sentence.size(), 3u);
  EXPECT_EQ(sentence[0].lower, "do");
  EXPECT_EQ(sentence[0].head, 2);
  EXPECT_EQ(sentence[2].head, 3) << "the root comes after the last token";
  std::vector<size_t> begins;
  EXPECT_EQ(TextOf(sentence, begins), "Don't go ");
  EXPECT_THAT(begins, testing::ElementsAre(0, 2, 6));
}

TEST(Treebank, ReadsSpacesAndAttribution) {
  const auto read =
      ReadTreebank(Write("1\tYes\tyes\tINTJ\tUH\t_\t3\tccomp\t_\tAttribution=Yes|SpaceAfter=No\n"
                         "2\t,\t,\tPUNCT\t,\t_\t1\tpunct\t_\t_\n3\tsaid\tsay\tVERB\tVBD\t_\t0\troot\t_\t_\n\n"));
  ASSERT_TRUE(read.ok()) << read.status();
  std::vector<size_t> begins;
  EXPECT_EQ(TextOf(read->front(), begins), "Yes, said ");
  EXPECT_TRUE(read->front()[0].attribution);
  EXPECT_FALSE(read->front()[2].attribution);
}

TEST(Treebank, NamesTheLineThatIsWrong) {
  EXPECT_THAT(std::string(ReadTreebank(Write("1\tgo\tgo\n\n")).status().message()), testing::HasSubstr(":1: not 10 columns"));
  EXPECT_THAT(std::string(ReadTreebank(Write("1\tgo\tgo\tVERB\tVB\t_\t7\troot\t_\t_\n\n")).status().message()),
              testing::HasSubstr(":2: a head is no token"));
}

TEST(Treebank, LiftsCrossingArcs) {
  GoldSentence sentence(4);
  const int heads[] = {2, 3, 4, 2};  // 1 <- 3 crosses 0 <- 2
  for (int i = 0; i < 4; ++i) sentence[i].head = heads[i];
  Projectivize(sentence);
  EXPECT_EQ(sentence[1].head, 2);
  EXPECT_EQ(sentence[0].head, 2);
  EXPECT_EQ(sentence[3].head, 2);
}

TEST(Score, ComparesLabelsWithoutSubTypes) {
  GoldToken word;
  word.upos = "NOUN";
  word.label = "nsubj:pass";
  word.head = 1;
  Score score(false);
  score.Add(word, {"NOUN", "NN", "nsubj", 1});
  score.Add(word, {"NOUN", "NN", "obj", 1});
  GoldToken stop;
  stop.upos = "PUNCT";
  score.Add(stop, {"X", "X", "x", 5});
  EXPECT_EQ(score.Line(), "tokens 2 XPOS 0.00 UPOS 100.00 UAS 100.00 LAS 50.00 core 50.00");
}

TEST(Score, IsF1WhereTokensDiffer) {
  GoldToken word;
  word.upos = "NOUN";
  word.label = "nsubj";
  word.head = 1;
  Score score(true);
  score.Add(word, {"NOUN", "NN", "nsubj", 1});
  score.AddMissed(word);
  score.AddExtra({"NOUN", "NN", "obj", 1});
  score.AddExtra({"NOUN", "NN", "obj", 1});
  EXPECT_EQ(score.Line(), "tokens 2 XPOS 0.00 UPOS 40.00 UAS 40.00 LAS 40.00 core 50.00");
}

// Moments of Adam become smaller than numbers that a fast square root can take.
TEST(Parameter, StaysFiniteLongAfterItsLastGradient) {
  constexpr int kColumns = 32, kSteps = 20'000;
  Random random(1);
  Parameter parameter(1, kColumns, 0.1f, false, random);
  std::fill_n(parameter.gradient(), kColumns, 1e-3f);
  for (int step = 1; step <= kSteps; ++step) parameter.Step(0.001f, step);
  for (const float value : parameter.values()) {
    EXPECT_LT(value, 1.0f);  // false for what is no number
    EXPECT_GT(value, -1.0f);
  }
}

}  // namespace
}  // namespace demarche::train
