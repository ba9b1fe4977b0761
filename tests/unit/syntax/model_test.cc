#include "pipeline/syntax/model.h"

#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/document/relation.h"
#include "pipeline/resources/resource.h"

namespace demarche::syntax {
namespace {

using testing::HasSubstr;

// A copy of the built-in model on the boundary that models need.
class ModelCopy {
 public:
  ModelCopy() : size_(resources::Find("syntax/fast.model")->size()), bytes_(new (std::align_val_t{kModelAlignment}) char[size_]) {
    std::memcpy(bytes_, resources::Find("syntax/fast.model")->data(), size_);
  }
  ModelCopy(const ModelCopy&) = delete;
  ModelCopy& operator=(const ModelCopy&) = delete;
  ~ModelCopy() { operator delete[](bytes_, std::align_val_t{kModelAlignment}); }

  ModelHeader header() const {
    ModelHeader header;
    std::memcpy(&header, bytes_, sizeof header);
    return header;
  }
  void set_header(const ModelHeader& header) { std::memcpy(bytes_, &header, sizeof header); }
  void Flip(size_t at) { bytes_[at] = static_cast<char>(bytes_[at] ^ 1); }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  size_t size_;
  char* bytes_;
};

std::string ErrorOf(std::string_view bytes) { return std::string(Model::Make(bytes).status().message()); }

TEST(Model, ReadsTheBuiltInOne) {
  const auto model = Model::MakeBuiltIn("fast");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(std::string(model->credit()), HasSubstr("CC BY-SA 4.0"));
  EXPECT_EQ(model->label(model->parataxis()), document::relation::kParataxis);
  EXPECT_GE(model->FindWord("minister"), 0);
  EXPECT_EQ(model->FindWord("qqzzxxyy"), -1);
  EXPECT_EQ(model->FindWord(""), -1);
  EXPECT_EQ(model->FindWord(std::string(1 << 20, 'a')), -1);
}

TEST(Model, LabelsAreRelations) {
  const auto model = Model::MakeBuiltIn("fast");
  ASSERT_TRUE(model.ok());
  for (uint32_t i = 0; i < model->header().labels; ++i) {
    const std::string_view label = model->label(static_cast<int>(i));
    EXPECT_EQ(document::relation::Find(label), label);
    EXPECT_FALSE(label.empty());
  }
}

TEST(Model, RefusesAFileThatIsTooShort) {
  const ModelCopy copy;
  EXPECT_THAT(ErrorOf({}), HasSubstr("less than a header"));
  EXPECT_THAT(ErrorOf(copy.view().substr(0, 20)), HasSubstr("less than a header"));
  EXPECT_THAT(ErrorOf(copy.view().substr(0, copy.view().size() - 64)), HasSubstr("its header says"));
}

TEST(Model, RefusesAnotherFile) {
  ModelCopy copy;
  copy.Flip(0);
  EXPECT_THAT(ErrorOf(copy.view()), HasSubstr("does not begin as a syntax model"));
}

TEST(Model, RefusesAnotherVersion) {
  ModelCopy copy;
  ModelHeader header = copy.header();
  header.version = kModelVersion + 1;
  copy.set_header(header);
  EXPECT_THAT(ErrorOf(copy.view()), HasSubstr("version 4, but this program reads version 3"));
}

TEST(Model, RefusesSizesOutOfBounds) {
  ModelCopy copy;
  ModelHeader header = copy.header();
  header.width = 17;
  copy.set_header(header);
  EXPECT_THAT(ErrorOf(copy.view()), HasSubstr("width is 17"));
  header = ModelCopy().header();
  header.recurrent[1] = 2;
  copy.set_header(header);
  EXPECT_THAT(ErrorOf(copy.view()), HasSubstr("recurrent is 2"));
  header.recurrent[1] = 1;
  copy.set_header(header);
  EXPECT_THAT(ErrorOf(copy.view()), HasSubstr("not that of its sections"));
  header = ModelCopy().header();
  header.words += 1 << 10;
  copy.set_header(header);
  EXPECT_THAT(ErrorOf(copy.view()), testing::AnyOf(HasSubstr("not that of its sections"), HasSubstr("word_slots")));
}

TEST(Model, FindsDamageAnywhere) {
  for (int part = 0; part <= 16; ++part) {
    ModelCopy copy;
    const size_t after_header = sizeof(ModelHeader), rest = copy.view().size() - after_header - 1;
    copy.Flip(after_header + rest * part / 16);
    EXPECT_THAT(ErrorOf(copy.view()), HasSubstr("the checksum is wrong")) << part;
  }
}

TEST(Model, RefusesAnOddAddress) {
  const ModelCopy copy;
  EXPECT_THAT(ErrorOf(copy.view().substr(1)), HasSubstr("64-byte boundary"));
}

}  // namespace
}  // namespace demarche::syntax
