#ifndef DEMARCHE_PIPELINE_DOCUMENT_HASH_H_
#define DEMARCHE_PIPELINE_DOCUMENT_HASH_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace demarche {

// SHA-256 over the parts, each preceded by its length, so that no two lists of parts give the same input. 32 raw bytes.
std::string Sha256(std::initializer_list<std::string_view> parts);

// Lower-case hex digits of the bytes.
std::string ToHex(std::string_view bytes);

// A digest of 64 bits that is the same on every machine and may be stored. No protection against collisions made on purpose.
uint64_t Digest64(std::string_view text, uint64_t seed = 0);

}  // namespace demarche

#endif  // DEMARCHE_PIPELINE_DOCUMENT_HASH_H_
