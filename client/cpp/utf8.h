#ifndef DEMARCHE_CLIENT_CPP_UTF8_H_
#define DEMARCHE_CLIENT_CPP_UTF8_H_

#include <cstddef>
#include <string_view>

namespace demarche::client {

// Offset of the first byte that does not belong to a valid UTF-8 sequence (RFC 3629); npos when all is valid.
size_t FindInvalidUtf8(std::string_view text);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_UTF8_H_
