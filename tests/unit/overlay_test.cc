#include "pipeline/resources/overlay.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/actors/directory.h"
#include "pipeline/document/strings.h"
#include "pipeline/frames/lexicon.h"
#include "pipeline/resources/ontology/ontology.h"
#include "tests/support/temporary_directory.h"

namespace demarche::resources {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// An overlay of one or more tables in a directory of its own.
class OverlayTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = std::filesystem::path(directory_.path()) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  absl::StatusOr<std::shared_ptr<const Overlay>> Read() const { return Overlay::Read(directory_.path()); }
  std::string ReadError() const { return std::string(Read().status().message()); }
  // What the actor tables are refused for with this overlay.
  std::string DirectoryError() const { return std::string(actors::Directory::Load(*Read()).status().message()); }

  support::TemporaryDirectory directory_;
};

TEST_F(OverlayTest, ReplacesRowsOfTheSameKeyAndAddsOthers) {
  Write("actors/offices.tsv", "# mine\np1\tB\tr\tTitle 2\t2020\nq\tB\tr\tTitle\t2020\n");
  const auto overlay = *Read();
  const auto rows = *overlay->ReadTable("actors/offices.tsv", "p1\tB\tr\tTitle\t2020\np1\tB\tr\tTitle\t2021\n", 5);
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows[0].cells, ElementsAre("p1", "B", "r", "Title 2", "2020"));
  EXPECT_THAT(rows[1].cells, ElementsAre("p1", "B", "r", "Title", "2021"));
  EXPECT_EQ(rows[1].table, "actors/offices.tsv");
  EXPECT_EQ(rows[2].cells[0], "q");
  EXPECT_EQ(rows[2].table, directory_.path() + "/actors/offices.tsv");
  EXPECT_EQ(rows[2].line, 3);
}

TEST_F(OverlayTest, LeavesOtherTablesAlone) {
  Write("actors/people.tsv", "p\tP\t\tx\n");
  EXPECT_THAT(*(*Read())->ReadTable("actors/states.tsv", "AAA\n", 1), SizeIs(1));
}

TEST_F(OverlayTest, ErrorsNameFileAndLine) {
  const std::string people = directory_.path() + "/actors/people.tsv:";
  const auto error_of = [&](const std::string& text) {
    Write("actors/people.tsv", text);
    const auto overlay = Read();
    if (!overlay.ok()) return std::string(overlay.status().message());
    return std::string((*overlay)->ReadTable("actors/people.tsv", "a\tA\n", 2).status().message());
  };
  EXPECT_EQ(error_of("b\tB\n"), "");
  EXPECT_EQ(error_of("b\tB\n\nc\n"), people + "3: expected 2 cells, found 1");
  EXPECT_EQ(error_of("b\tB\nc\tC\nb\tX\n"), people + "3: stands in line 1 already: 'b'");
  EXPECT_EQ(error_of("b\tB\nc\tC\r\n"), people + "2: a carriage return: lines must end with a line feed alone");
  EXPECT_EQ(error_of("b\tB\nc\t\xC3\n"), people + "2: not UTF-8, or a NUL");
  EXPECT_EQ(error_of(std::string("b\t\0\n", 4)), people + "1: not UTF-8, or a NUL");
}

TEST_F(OverlayTest, RefusesWhatIsNoTable) {
  Write("actors/peple.tsv", "");
  EXPECT_THAT(ReadError(),
              AllOf(HasSubstr("/actors/peple.tsv: there is no table 'actors/peple.tsv'"), HasSubstr("actors/people.tsv")));
  const auto missing = Overlay::Read(directory_.path() + "/nowhere");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("/nowhere'"));
}

TEST_F(OverlayTest, RefusesATableThatIsTooLong) {
  Write("actors/people.tsv", std::string(kMaxOverlayTableBytes + 1, '#'));
  EXPECT_THAT(ReadError(), HasSubstr("/actors/people.tsv: 16777217 bytes, at most 16777216 are allowed"));
}

TEST_F(OverlayTest, PassesOverOtherFilesAndHiddenOnes) {
  Write("README.md", "about");
  Write("..2026/actors/people.tsv", "x\n");
  Write("actors/.people.tsv", "x\n");
  const auto overlay = Read();
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  EXPECT_EQ((*overlay)->version(), "");
}

TEST_F(OverlayTest, TheVersionTellsTheContent) {
  Write("actors/people.tsv", "a\n");
  const std::string first = (*Read())->version();
  EXPECT_THAT(first, ::testing::MatchesRegex("overlay\\.[0-9a-f]{8}"));
  EXPECT_EQ((*Read())->version(), first);
  Write("actors/people.tsv", "b\n");
  EXPECT_THAT((*Read())->version(), Not(first));
  EXPECT_EQ((*ontology::Ontology::Load(**Read()))->version(), "1+" + (*Read())->version());
}

TEST_F(OverlayTest, ANewPersonIsFoundAndAClosedTermIsOver) {
  const absl::Time day = absl::FromCivil(absl::CivilDay(2025, 6, 1), absl::UTCTimeZone());
  const auto before = *actors::Directory::Load();
  ASSERT_EQ(before->Lookup("Kaja Kallas", day).at(0).organization_code(), "EU");
  const uint32_t eu = *before->BodyOf("EU");
  std::string closed;
  for (const actors::Term& term : before->TermsOf(eu, "", 20250601, 20250601)) {
    if (term.person->name != "Kaja Kallas") continue;
    closed += absl::StrCat(View(term.person->id), "\tEU\t", View(term.tenure->role), "\t", View(term.tenure->title), "\t",
                           View(term.tenure->from_text), "\t2025-05-31\t\tmine\thigh\n");
  }
  Write("actors/people.tsv", "person/ada-zett\tAda Zett\tZett\tmine\n");
  Write("actors/offices.tsv", closed + "person/ada-zett\tEU\torg_official\tHigh Representative\t2025-06-01\t\t2030\tmine\thigh\n");
  const auto after = actors::Directory::Load(*Read());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ((*after)->Lookup("Kaja Kallas", day).at(0).organization_code(), "");
  EXPECT_EQ((*after)->Lookup("Ada Zett", day).at(0).organization_code(), "EU");
}

TEST_F(OverlayTest, TablesThatRefuseARowNameTheOverlay) {
  Write("actors/offices.tsv", "# one\nperson/kaja-kallas\tXRX\torg_head\tHead\t2025\t\t2030\tmine\thigh\n");
  EXPECT_EQ(DirectoryError(), directory_.path() + "/actors/offices.tsv:2: unknown body 'XRX'");
  Write("actors/offices.tsv", "person/nobody\tEU\torg_head\tHead\t2025\t\t2030\tmine\thigh\n");
  EXPECT_THAT(DirectoryError(), HasSubstr("/actors/offices.tsv:1: no such person in people.tsv: 'person/nobody'"));
}

TEST_F(OverlayTest, KindsAndTriggersAreChecked) {
  Write("ontology/kinds.tsv", "tea_party\tCONSULT\t\t040\t\td\te\tc\n");
  Write("lexicon/verbs.tsv", "gulp/v obj:tea\ttea_party\tsubj>with\t\n");
  const auto ontology = ontology::Ontology::Load(**Read());
  ASSERT_TRUE(ontology.ok()) << ontology.status();
  EXPECT_NE((*ontology)->FindKind("tea_party"), nullptr);
  const auto lexicon = frames::Lexicon::Load(**ontology, **Read());
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_NE((*lexicon)->SensesOf("gulped"), nullptr);

  EXPECT_THAT(std::string(frames::Lexicon::Load(**ontology::Ontology::Load(), **Read()).status().message()),
              HasSubstr("/lexicon/verbs.tsv:1: unknown kind 'tea_party'"));
  Write("ontology/kinds.tsv", "\ntea_party\tTEA\t\t040\t\td\te\tc\n");
  EXPECT_THAT(std::string(ontology::Ontology::Load(**Read()).status().message()),
              HasSubstr("/ontology/kinds.tsv:2: unknown type 'TEA'"));
}

TEST(ExampleOverlay, Loads) {
  const auto overlay = Overlay::Read(DEMARCHE_SOURCE_DIR "/deploy/overlays/example");
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  const auto directory = actors::Directory::Load(*overlay);
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_TRUE((*directory)->BodyOf("XRA"));
}

}  // namespace
}  // namespace demarche::resources
