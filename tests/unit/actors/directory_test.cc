#include "pipeline/actors/directory.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/document/strings.h"

namespace demarche::actors {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::Time At(int year, int month, int day) { return absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone()); }

// A small world.
TableTexts Small() {
  TableTexts texts;
  texts.states = "AAA\tAlland\tAlland\tAllish\tAllish\tAlltown\tx\nBBB\tthe Beeland\tBeeland\tBeeish\tBees\tBeetown|Hive=LEG\tx\n";
  texts.organizations =
      "ORG\tORG\tthe Org\tOrg\tOrg\tclub\tIGO\t\t\t\tAAA|BBB\nORG\tORGAN\tthe Organ\tOrgan\t\t\tIGO\t\t\tORG\t\n"
      "\tband\tthe Band\tBand\t\tgroup\tREB\tAAA\t\t\t\n\tpair\tthe Pair\tPair\t\t\tGOV\t\t\t\tAAA|BBB\n";
  texts.people = "person/ann-ay\tAnn Ay\tAy\tx\nperson/ben-ay\tBen Ay\tAy?\tx\n";
  texts.offices =
      "person/ann-ay\tAAA\thead_of_government\tPrime Minister\t2015\t2020-06\t\tunsourced\tlow\n"
      "person/ann-ay\tORG\torg_head\tSecretary-General\t2021-01-15\t\t2024-06\tunsourced\tmedium\n"
      "person/ben-ay\tBBB\tforeign_minister\tForeign Minister\t2018-01-01\t2022-12-31\t\tunsourced\tmedium\n";
  texts.roles = "prime minister\tprime ministers\thead_of_government\tGOV\ttitle bare\t\n";
  texts.places = "Alltown Post\t\tnone\n";
  texts.choices = "";
  return texts;
}

TEST(Days, HaveAFirstAndALast) {
  EXPECT_EQ(*FirstDayOf("2020"), 20200101);
  EXPECT_EQ(*LastDayOf("2020"), 20201231);
  EXPECT_EQ(*FirstDayOf("2020-06"), 20200601);
  EXPECT_EQ(*LastDayOf("2020-06"), 20200631);
  EXPECT_EQ(*LastDayOf("2020-06-05"), 20200605);
  EXPECT_FALSE(FirstDayOf("2020-13").ok());
  EXPECT_FALSE(FirstDayOf("June").ok());
  EXPECT_FALSE(FirstDayOf("2020/06").ok());
}

TEST(Directory, TheOfficeIsThatOfTheDay) {
  const auto directory = *Directory::FromTexts(Small());
  auto actors = directory->Lookup("Ann Ay", At(2018, 5, 1));
  ASSERT_EQ(actors.size(), 1u);
  EXPECT_EQ(actors[0].country_code(), "AAA");
  EXPECT_EQ(actors[0].office(), "Prime Minister of Alland");
  EXPECT_EQ(actors[0].resolution(), v1::ACTOR_RESOLUTION_EXACT);
  actors = directory->Lookup("Ann Ay", At(2020, 6, 30));
  EXPECT_EQ(actors[0].country_code(), "AAA");
  actors = directory->Lookup("Ann Ay", At(2021, 1, 15));
  EXPECT_EQ(actors[0].organization_code(), "ORG");
  EXPECT_EQ(actors[0].country_code(), "");
  EXPECT_EQ(actors[0].office(), "Secretary-General of the Org");
}

TEST(Directory, AFormerHolderKeepsTheCountryButNoOffice) {
  const auto directory = *Directory::FromTexts(Small());
  const auto actors = directory->Lookup("Ann Ay", At(2020, 7, 1));
  ASSERT_EQ(actors.size(), 1u);
  EXPECT_EQ(actors[0].country_code(), "AAA");
  EXPECT_EQ(actors[0].office(), "");
  EXPECT_EQ(actors[0].sector(), "ELI");
}

TEST(Directory, OneNotYetInOfficeIsACivilian) {
  const auto directory = *Directory::FromTexts(Small());
  EXPECT_EQ(directory->Lookup("Ben Ay", At(2017, 7, 1))[0].sector(), "CVL");
}

TEST(Directory, OfTwoOfOneNameTheHolderComesFirst) {
  const auto directory = *Directory::FromTexts(Small());
  auto actors = directory->Lookup("Ay", At(2020, 12, 1));
  ASSERT_EQ(actors.size(), 2u);
  EXPECT_EQ(actors[0].entity_id(), "person/ben-ay");
  actors = directory->Lookup("Ay", At(2023, 12, 1));
  EXPECT_EQ(actors[0].entity_id(), "person/ann-ay");
}

TEST(Directory, KnowsRolesSeatsAndAdjectives) {
  const auto directory = *Directory::FromTexts(Small());
  EXPECT_EQ(directory->Lookup("the Allish prime minister", At(2018, 5, 1))[0].entity_id(), "person/ann-ay");
  EXPECT_EQ(directory->Lookup("Prime Minister of Alland", At(2018, 5, 1))[0].entity_id(), "person/ann-ay");
  EXPECT_EQ(directory->Lookup("Allish prime minister", At(2023, 5, 1))[0].entity_id(), "state/AAA");
  EXPECT_EQ(directory->Lookup("Hive", At(2018, 5, 1))[0].sector(), "LEG");
  EXPECT_EQ(directory->Lookup("Beetown", At(2018, 5, 1))[0].resolution(), v1::ACTOR_RESOLUTION_METONYM);
  EXPECT_EQ(directory->Lookup("Beeish", At(2018, 5, 1))[0].country_code(), "BBB");
  EXPECT_EQ(directory->Lookup("the Band", At(2018, 5, 1))[0].country_code(), "AAA");
  EXPECT_EQ(directory->Lookup("the Band", At(2018, 5, 1))[0].organization_code(), "");
  EXPECT_THAT(directory->Lookup("Alltown Post", At(2018, 5, 1)), IsEmpty());
  EXPECT_THAT(directory->Lookup("Nobody", At(2018, 5, 1)), IsEmpty());
  EXPECT_THAT(directory->Lookup("", At(2018, 5, 1)), IsEmpty());
}

TEST(Directory, SaysWhichTenureFitsTheText) {
  const auto directory = *Directory::FromTexts(Small());
  const Role role{"prime minister", "head_of_government", "GOV", "", true, true};
  StatedOffice stated{&role, directory->BodyOf("AAA"), "Prime Minister of Alland"};
  EXPECT_EQ(directory->OfPerson(0, 20180501, stated).actor.stated_office(), "");
  EXPECT_EQ(directory->OfPerson(0, 20230501, stated).actor.stated_office(), "Prime Minister of Alland");
  EXPECT_EQ(directory->OfPerson(0, 20230501, stated).actor.organization_code(), "ORG");
  stated.is_former = true;
  EXPECT_EQ(directory->OfPerson(0, 20230501, stated).actor.stated_office(), "");
}

TEST(Directory, AnOfficeNobodyVouchesForIsFlagged) {
  const auto directory = *Directory::FromTexts(Small());
  EXPECT_FALSE(directory->Lookup("Ann Ay", At(2024, 6, 30))[0].office_stale());
  EXPECT_TRUE(directory->Lookup("Ann Ay", At(2024, 7, 1))[0].office_stale());
  // The text's own statement is preferred then.
  const Role role{"prime minister", "head_of_government", "GOV", "", true, true};
  const StatedOffice stated{&role, directory->BodyOf("BBB"), "Prime Minister of the Beeland"};
  EXPECT_EQ(directory->OfPerson(0, 20240630, stated).actor.organization_code(), "ORG");
  const v1::Actor stale = directory->OfPerson(0, 20240701, stated).actor;
  EXPECT_EQ(stale.organization_code(), "");
  EXPECT_EQ(stale.country_code(), "BBB");
  EXPECT_EQ(stale.office(), "Prime Minister of the Beeland");
  EXPECT_EQ(stale.sector(), "GOV");
  EXPECT_TRUE(stale.office_stale());
}

TEST(Directory, ListsTheTermsOfABody) {
  const auto directory = *Directory::FromTexts(Small());
  const auto names = [&](std::string_view code, std::string_view role, Day from, Day until) {
    std::string list;
    for (const Term& term : directory->TermsOf(*directory->BodyOf(code), role, from, until)) {
      list += std::string(term.person->name) + " " + std::string(term.tenure->from_text) + ";";
    }
    return list;
  };
  EXPECT_EQ(names("AAA", "", kFirstDay, kLastDay), "Ann Ay 2015;");
  EXPECT_EQ(names("AAA", "foreign_minister", kFirstDay, kLastDay), "");
  EXPECT_EQ(names("AAA", "head_of_government", 20200701, kLastDay), "");
  EXPECT_EQ(names("BBB", "foreign_minister", 20221231, 20221231), "Ben Ay 2018-01-01;");
  EXPECT_EQ(names("BBB", "foreign_minister", kFirstDay, 20171231), "");
}

TEST(Directory, KnowsOrgansAndMembers) {
  const auto directory = *Directory::FromTexts(Small());
  const v1::Actor organ = directory->Lookup("the Organ", At(2018, 5, 1))[0];
  EXPECT_EQ(organ.organization_code(), "ORG");
  EXPECT_EQ(organ.entity_id(), "organization/ORGAN");
  EXPECT_EQ(directory->tables().bodies[*directory->BodyOf("ORG")].id, "organization/ORG");
  EXPECT_FALSE(directory->tables().bodies[*directory->BodyOf("ORG")].stands_for_members());
  const Body& pair = directory->tables().bodies.back();
  EXPECT_TRUE(pair.stands_for_members());
  EXPECT_EQ(pair.members.size(), 2u);
}

struct BadTable {
  std::string_view TableTexts::*table;
  std::string_view text;
  std::string_view message;
};

class BadTables : public ::testing::TestWithParam<BadTable> {};

TEST_P(BadTables, AreRefusedWithFileAndLine) {
  TableTexts texts = Small();
  texts.*GetParam().table = GetParam().text;
  const auto directory = Directory::FromTexts(texts);
  ASSERT_EQ(directory.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(directory.status().message()), HasSubstr(std::string(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadTables,
    ::testing::Values(
        BadTable{&TableTexts::states, "# x\nAAA\tAlland\n", "actors/states.tsv:2: expected 7 cells"},
        BadTable{&TableTexts::states, "AAAA\tA\tA\tA\tA\tA\tx\n", "actors/states.tsv:1: a state's code has three letters"},
        BadTable{&TableTexts::states, "AAA\tA\tA\tA\tA\tA=XXX\tx\n", "actors/states.tsv:1: unknown sector 'XXX'"},
        BadTable{&TableTexts::states, "AAA\tA\tA\tA\tA\tA\tx\nAAA\tB\tB\tB\tB\tB\tx\n",
                 "actors/states.tsv:2: code given twice 'AAA'"},
        BadTable{&TableTexts::organizations, "ORG\tORG\tthe Org\t\t\t\tIGO\tZZZ\t\t\t\n",
                 "actors/organizations.tsv:1: unknown state 'ZZZ'"},
        BadTable{&TableTexts::organizations, "ORG\tORG\tthe Org\t\t\t\tIGO\t\t\t\tZZZ\n",
                 "actors/organizations.tsv:1: unknown member 'ZZZ'"},
        BadTable{&TableTexts::organizations, "ORG\tORG\tthe Org\t\t\t\tIGO\t\t\tNONE\t\n",
                 "actors/organizations.tsv:1: no earlier row has the id of the parent 'NONE'"},
        BadTable{&TableTexts::organizations, "ORG\tORG\tthe Org\t\t\t\tIGO\t\t\t\t\nELSE\tX\tthe X\t\t\t\tIGO\t\t\tORG\t\n",
                 "actors/organizations.tsv:2: the parent has another code than 'ELSE'"},
        BadTable{&TableTexts::offices, "person/ann-ay\tAAA\tminister\tM\t2015\t\t\tx\tx\n",
                 "actors/offices.tsv:1: an open term needs the day until which it is verified, not ''"},
        BadTable{&TableTexts::offices, "person/ann-ay\tZZZ\tminister\tM\t2015\t2016\t\tx\tx\n",
                 "actors/offices.tsv:1: unknown body 'ZZZ'"},
        BadTable{&TableTexts::offices, "person/ann-ay\tAAA\tjester\tM\t2015\t2016\t\tx\tx\n",
                 "actors/offices.tsv:1: unknown role 'jester'"},
        BadTable{&TableTexts::offices, "person/ann-ay\tAAA\tminister\tM\tlong ago\t\t\tx\tx\n",
                 "actors/offices.tsv:1: not a date: 'long ago'"},
        BadTable{&TableTexts::offices, "person/ann-ay\tAAA\tminister\tM\t2020\t2019\t\tx\tx\n",
                 "actors/offices.tsv:1: ends before it begins"},
        BadTable{&TableTexts::people, "person/cy\tCy\t\tx\n", "actors/people.tsv:1: no office in offices.tsv for 'person/cy'"},
        BadTable{&TableTexts::roles, "x\t\t\tGOV\tloud\t\n", "actors/roles.tsv:1: unknown flag 'loud'"},
        BadTable{&TableTexts::cities, "Xtown\tZZZ\n", "actors/cities.tsv:1: unknown state 'ZZZ'"},
        BadTable{&TableTexts::places, "Xtown\tZZZ\tcity\n", "actors/places.tsv:1: unknown state 'ZZZ'"},
        BadTable{&TableTexts::choices, "Xtown\tZZZ\t\t\n", "actors/choices.tsv:1: unknown body 'ZZZ'"}));

TEST(BuiltInTables, LoadAndAnswer) {
  const auto directory = Directory::Load();
  ASSERT_TRUE(directory.ok()) << directory.status();
  const absl::Time day = At(2025, 2, 13);
  EXPECT_EQ((*directory)->Lookup("Kaja Kallas", day)[0].organization_code(), "EU");
  EXPECT_EQ((*directory)->Lookup("the Kremlin", day)[0].country_code(), "RUS");
  EXPECT_EQ((*directory)->Lookup("Ukrainian president", day)[0].display_name(), "Volodymyr Zelensky");
}

// Every ISO 3166-1 code and the codes of the coding rules are there.
TEST(BuiltInTables, HaveTheCodesOfTheCodingRules) {
  const auto directory = *Directory::Load();
  int states = 0;
  for (const Body& body : directory->tables().bodies) states += body.is_state;
  EXPECT_EQ(states, 251);
  for (std::string_view code :
       {"XKX",  "XSO",   "EU",        "UN",     "NATO",     "AU",  "ASEAN",   "OSCE",  "COE",      "G7",  "G20",    "ECOWAS",
        "IGAD", "SADC",  "GCC",       "LAS",    "OIC",      "OAS", "CARICOM", "CELAC", "MERCOSUR", "PIF", "BRICS",  "SCO",
        "CSTO", "OPEC",  "IMF",       "WB",     "ADB",      "WTO", "WHO",     "IAEA",  "ICC",      "ICJ", "PCA",    "ICRC",
        "NGO",  "HAMAS", "HEZBOLLAH", "HOUTHI", "ISLJIHAD", "RSF", "M23",     "FARC",  "ELN",      "PKK", "SPLMIO", "EUROPE"}) {
    EXPECT_TRUE(directory->BodyOf(code).has_value()) << code;
  }
}

}  // namespace
}  // namespace demarche::actors
