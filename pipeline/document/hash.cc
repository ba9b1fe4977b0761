#include "pipeline/document/hash.h"

#include <openssl/evp.h>

#include <cstdint>
#include <memory>

#include "absl/strings/escaping.h"
#include "pipeline/document/strings.h"

namespace demarche {

std::string Sha256(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (std::string_view part : parts) {
    unsigned char length[8];
    for (int i = 0; i < 8; ++i) length[i] = static_cast<unsigned char>(uint64_t{part.size()} >> (8 * i));
    EVP_DigestUpdate(context.get(), length, sizeof length);
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::string ToHex(std::string_view bytes) { return absl::BytesToHexString(View(bytes)); }

// FNV-1a, with the finaliser of MurmurHash3 so that all bits depend on all.
uint64_t Digest64(std::string_view text, uint64_t seed) {
  uint64_t digest = 0xCBF29CE484222325 ^ seed;
  for (const char byte : text) digest = (digest ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  digest = (digest ^ digest >> 33) * 0xFF51AFD7ED558CCD;
  digest = (digest ^ digest >> 33) * 0xC4CEB9FE1A85EC53;
  return digest ^ digest >> 33;
}

}  // namespace demarche
