#include "pipeline/normalize/normalize.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/normalize/entities.h"
#include "pipeline/normalize/html_reader.h"
#include "pipeline/normalize/language.h"
#include "pipeline/normalize/plain_reader.h"
#include "pipeline/normalize/text_builder.h"
#include "unicode/utf8.h"

namespace demarche::normalize {
namespace {

using document::Document;
using document::Field;

// The offset of the first byte that is no UTF-8; npos when all is.
size_t FirstInvalidByte(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const size_t begin = at;
    int32_t c;
    U8_NEXT(text.data(), at, text.size(), c);
    if (c < 0) return begin;
  }
  return std::string_view::npos;
}

// Stateless but for the table of entities; see MakeNormalize.
class Normalize : public stage::Stage {
 public:
  explicit Normalize(Entities entities) : entities_(std::move(entities)) {}

  std::string_view name() const override { return "normalize"; }
  uint32_t needs() const override { return stage::kNothing; }
  uint32_t gives() const override { return stage::kText; }
  absl::Status Process(Document& document) const override;

 private:
  absl::Status Clean(Document& document, Field field, std::string_view name, std::string_view received) const;

  const Entities entities_;
};

absl::Status Normalize::Clean(Document& document, Field field, std::string_view name, std::string_view received) const {
  const size_t invalid = FirstInvalidByte(received);
  if (invalid != std::string_view::npos) {
    return absl::InvalidArgumentError(std::string(name) + ": not valid UTF-8 at byte " + std::to_string(invalid));
  }
  TextBuilder builder(received);
  const bool html = IsHtml(received);
  if (html) {
    ReadHtml(received, entities_, builder);
  } else {
    ReadPlain(received, entities_, builder);
  }
  document.texts[static_cast<int>(field)] = builder.Finish();
  if (document.trace != nullptr) {
    document.Note(std::string(name) + ": " + (html ? "HTML" : "plain text") + ", " + std::to_string(received.size()) +
                  " bytes received, " + std::to_string(document.text(field).text.size()) + " clean");
  }
  return absl::OkStatus();
}

absl::Status Normalize::Process(Document& document) const {
  if (auto status = Clean(document, Field::kTitle, "title", document.item.title()); !status.ok()) return status;
  if (auto status = Clean(document, Field::kBody, "body", document.item.body()); !status.ok()) return status;
  const bool given = !document.item.language_code().empty();
  document.language_code = given ? document.item.language_code()
                                 : DetectLanguage(document.text(Field::kTitle).text + "\n" + document.text(Field::kBody).text);
  document.is_supported_language = document.language_code.empty() || IsEnglish(document.language_code);
  if (document.trace != nullptr) {
    document.Note("language: " + (document.language_code.empty() ? "unknown, taken for English" : document.language_code) +
                  (given ? " (given)" : " (detected)"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeNormalize() {
  auto entities = Entities::Make();
  if (!entities.ok()) return entities.status();
  return std::make_unique<Normalize>(*std::move(entities));
}

}  // namespace demarche::normalize
