#ifndef DEMARCHE_PIPELINE_DOCUMENT_CLEAN_TEXT_H_
#define DEMARCHE_PIPELINE_DOCUMENT_CLEAN_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/document/span.h"

namespace demarche::document {

// Maps byte offsets of clean text back to the bytes received. A list of runs: inside a copied run both sides advance
// together; a replaced run (an entity, a composed character) maps as a whole. Built front to back, then immutable.
class OffsetMap {
 public:
  // `count` bytes of clean text equal `count` bytes received, which begin at `received`.
  void AddCopied(uint32_t received, uint32_t count);
  // The next `clean` bytes of clean text stand for received bytes [received.begin, received.end).
  void AddReplaced(Span received, uint32_t clean);

  // The received bytes that the clean span stands for. Bytes dropped at either edge are not included.
  Span ToReceived(Span clean) const;

  uint32_t clean_size() const { return clean_size_; }

 private:
  struct Run {
    uint32_t clean;  // first byte in the clean text
    Span received;   // bytes it stands for
    bool copied;     // whether both sides advance together
  };
  const Run& RunAt(uint32_t clean) const;

  std::vector<Run> runs_;
  uint32_t clean_size_ = 0;
};

// One field of an item as the stages read it: valid UTF-8 in NFC without markup. Paragraphs end with '\n'.
struct CleanText {
  std::string text;
  std::string lower;  // `text` with ASCII letters in lower case, byte for byte beside it
  OffsetMap map;
};

}  // namespace demarche::document

#endif  // DEMARCHE_PIPELINE_DOCUMENT_CLEAN_TEXT_H_
