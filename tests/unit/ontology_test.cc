#include "pipeline/resources/ontology/ontology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demarche::ontology {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kTypes =
    "version\t7\t0\tx\n"
    "AGREE\tVERBAL_COOPERATION\t2.5\ta\nCONSULT\tVERBAL_COOPERATION\t2.5\ta\nSUPPORT\tVERBAL_COOPERATION\t5\ta\n"
    "CONCEDE\tVERBAL_COOPERATION\t4.5\ta\nCOOPERATE\tMATERIAL_COOPERATION\t9.5\ta\nAID\tMATERIAL_COOPERATION\t10\ta\n"
    "RETREAT\tMATERIAL_COOPERATION\t6.5\ta\nREQUEST\tVERBAL_CONFLICT\t0\ta\nACCUSE\tVERBAL_CONFLICT\t-2\ta\n"
    "REJECT\tVERBAL_CONFLICT\t-2\ta\nTHREATEN\tVERBAL_CONFLICT\t-3.5\ta\nPROTEST\tMATERIAL_CONFLICT\t-5\ta\n"
    "SANCTION\tMATERIAL_CONFLICT\t-6\ta\nMOBILIZE\tMATERIAL_CONFLICT\t-5.5\ta\nCOERCE\tMATERIAL_CONFLICT\t-7\ta\n"
    "ASSAULT\tMATERIAL_CONFLICT\t-9\ta\n";

TEST(OntologyTest, BuiltInTablesLoad) {
  const auto ontology = Ontology::Load();
  ASSERT_TRUE(ontology.ok()) << ontology.status();
  EXPECT_EQ((*ontology)->version(), "1");
  EXPECT_GE((*ontology)->kinds().size(), 300u);
  for (const TypeInfo& type : (*ontology)->types()) EXPECT_FALSE(type.description.empty()) << TypeName(type.type);
  const KindInfo* call = (*ontology)->FindKind("leader_call");
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->type, v1::EVENT_TYPE_CONSULT);
  EXPECT_EQ(call->mode, v1::EVENT_MODE_PHONE);
  EXPECT_EQ(call->cameo_code, "041");
  EXPECT_EQ((*ontology)->FindKind("no_such_kind"), nullptr);
}

TEST(OntologyTest, ModeRefinesIntensity) {
  const auto ontology = Ontology::Load();
  ASSERT_TRUE(ontology.ok()) << ontology.status();
  EXPECT_DOUBLE_EQ((*ontology)->Intensity(v1::EVENT_TYPE_CONSULT, v1::EVENT_MODE_PHONE), 1.5);
  EXPECT_DOUBLE_EQ((*ontology)->Intensity(v1::EVENT_TYPE_CONSULT, v1::EVENT_MODE_UNSPECIFIED), 2.5);
  EXPECT_DOUBLE_EQ((*ontology)->Intensity(v1::EVENT_TYPE_ASSAULT, v1::EVENT_MODE_PHONE), -9);
}

TEST(OntologyTest, NamesRoundTrip) {
  EXPECT_EQ(ModeFromName("heavy-weapons"), v1::EVENT_MODE_HEAVY_WEAPONS);
  EXPECT_EQ(ModeName(v1::EVENT_MODE_HEAVY_WEAPONS), "heavy-weapons");
  EXPECT_EQ(TypeFromName("ASSAULT"), v1::EVENT_TYPE_ASSAULT);
  EXPECT_EQ(TypeName(v1::EVENT_TYPE_ASSAULT), "ASSAULT");
  EXPECT_EQ(TypeFromName("NOTHING"), v1::EVENT_TYPE_UNSPECIFIED);
}

TEST(OntologyTest, ErrorsNameTableAndLine) {
  const auto message = [](std::string_view types, std::string_view modes, std::string_view kinds) {
    return std::string(Ontology::Parse({types, modes, kinds}).status().message());
  };
  EXPECT_EQ(message(kTypes, "", ""), "");
  EXPECT_THAT(message("version\t7\t0\tx\n", "", ""), HasSubstr("no row 'AGREE'"));
  EXPECT_THAT(message("QUARREL\tVERBAL_CONFLICT\t1\tx\n", "", ""), HasSubstr("ontology/types.tsv:1: unknown type 'QUARREL'"));
  EXPECT_THAT(message(kTypes, "CONSULT\tsinging\t1\n", ""), HasSubstr("ontology/modes.tsv:1: unknown mode 'singing'"));
  EXPECT_THAT(message(kTypes, "CONSULT\tphone\tmuch\n", ""), HasSubstr("not a number: 'much'"));
  EXPECT_THAT(message(kTypes, "CONSULT\tphone\t1\n", "# c\nx\tAGREE\tphone\t03\t\td\te\tf\n"),
              HasSubstr("ontology/kinds.tsv:2: not a mode of the type: 'phone'"));
  EXPECT_THAT(message(kTypes, "", "x\tAGREE\t\t03\t\td\te\tf\nx\tAGREE\t\t03\t\td\te\tf\n"), HasSubstr("repeated kind 'x'"));
  EXPECT_THAT(message(kTypes, "", "x\tAGREE\t\t03\t\td\te\t\n"),
              HasSubstr("ontology/kinds.tsv:1: no description, example or counter-example of 'x'"));
}

}  // namespace
}  // namespace demarche::ontology
