#ifndef DEMARCHE_PIPELINE_SEGMENT_CHARACTERS_H_
#define DEMARCHE_PIPELINE_SEGMENT_CHARACTERS_H_

#include <cstdint>
#include <string_view>

namespace demarche::segment {

// A character of valid UTF-8 and its size in bytes; size 0 at the end of the text.
struct Character {
  int32_t code_point = 0;
  uint32_t size = 0;
};

Character CharacterAt(std::string_view text, uint32_t at);

bool IsDigit(int32_t code_point);   // ASCII
bool IsLetter(int32_t code_point);  // of any script
bool IsUpper(int32_t code_point);   // upper or title case
bool IsLower(int32_t code_point);
bool IsWord(int32_t code_point);        // letters, digits and the marks on them
bool IsApostrophe(int32_t code_point);  // straight or curly
bool IsOpening(int32_t code_point);     // brackets and quotes that may open
bool IsClosing(int32_t code_point);     // brackets and quotes that may close

}  // namespace demarche::segment

#endif  // DEMARCHE_PIPELINE_SEGMENT_CHARACTERS_H_
