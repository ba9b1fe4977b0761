#include "client/cpp/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace demarche::client {
namespace {

TEST(FindInvalidUtf8, AcceptsAllLengths) {
  EXPECT_EQ(FindInvalidUtf8(""), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("a\u00E9\u20AC\U0001F54A"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("\xF4\x8F\xBF\xBF"), std::string_view::npos);  // U+10FFFF
}

TEST(FindInvalidUtf8, NamesTheFirstBadByte) {
  struct Case {
    const char* text;
    size_t at;
  };
  for (const Case& c :
       {Case{"ab\xFF", 2}, Case{"\xC0\xAF", 0}, Case{"\xE0\x80\xAF", 0}, Case{"x\xED\xA0\x80", 1}, Case{"\xF4\x90\x80\x80", 0},
        Case{"\xF0\x8F\xBF\xBF", 0}, Case{"\xE2\x82", 0}, Case{"\x80", 0}, Case{"\u00E9\xE9", 2}}) {
    EXPECT_EQ(FindInvalidUtf8(c.text), c.at) << c.text;
  }
}

}  // namespace
}  // namespace demarche::client
