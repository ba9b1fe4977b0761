#include "server/log/keys.h"

#include "absl/strings/str_cat.h"
#include "pipeline/document/strings.h"

namespace demarche::log {
namespace {

void AppendBigEndian(uint64_t number, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

void AppendPart(std::string_view part, std::string& out) {
  AppendBigEndian(part.size(), 4, out);
  out.append(part);
}

}  // namespace

std::string KeyOfNumber(uint64_t number) {
  std::string key;
  AppendBigEndian(number, 8, key);
  return key;
}

std::optional<uint64_t> NumberOf(std::string_view key) {
  if (key.size() != 8) return std::nullopt;
  uint64_t number = 0;
  for (char byte : key) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string KeyOfItem(const ItemKey& key) {
  std::string bytes;
  for (std::string_view part : {key.principal, key.publisher, key.news_item_id}) AppendPart(part, bytes);
  return bytes;
}

ItemKey KeyOf(const stored::v1::ItemEntry& item) { return {item.principal(), item.publisher(), item.news_item_id()}; }

std::string KeyOfRemembered(uint64_t position) { return std::string(kRememberedPrefix) + KeyOfNumber(position); }

std::string KeyOfStageRow(std::string_view key) { return std::string(kStagePrefix).append(key); }

std::string EndOfPrefix(std::string prefix) {
  while (prefix.back() == '\xff') prefix.pop_back();
  ++prefix.back();
  return prefix;
}

std::string PrefixOfEvent(std::string_view event_id) {
  std::string bytes;
  AppendPart(event_id, bytes);
  return bytes;
}

std::string KeyOfRevision(std::string_view event_id, uint32_t revision) {
  std::string bytes = PrefixOfEvent(event_id);
  AppendBigEndian(revision, 4, bytes);
  return bytes;
}

std::optional<uint32_t> RevisionOf(std::string_view key, std::string_view event_id) {
  const std::string prefix = PrefixOfEvent(event_id);
  if (key.size() != prefix.size() + 4 || key.substr(0, prefix.size()) != prefix) return std::nullopt;
  uint32_t revision = 0;
  for (char byte : key.substr(prefix.size())) revision = revision << 8 | static_cast<unsigned char>(byte);
  return revision;
}

absl::Status NoSuchItem(const ItemKey& key) {
  return absl::NotFoundError(absl::StrCat("no item '", View(key.news_item_id), "' of publisher '", View(key.publisher), "'"));
}

absl::Status NoTextKept(const ItemKey& key) {
  return absl::NotFoundError(
      absl::StrCat("the text of item '", View(key.news_item_id), "' of publisher '", View(key.publisher), "' is not kept"));
}

absl::Status NoSuchEvent(std::string_view event_id) { return absl::NotFoundError(absl::StrCat("no event '", View(event_id), "'")); }

}  // namespace demarche::log
