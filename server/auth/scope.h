#ifndef DEMARCHE_SERVER_AUTH_SCOPE_H_
#define DEMARCHE_SERVER_AUTH_SCOPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace demarche::auth {

// What a principal may do. kNone is for what everybody may: to ask whether the server is healthy.
enum class Scope : uint8_t { kNone, kPublish, kSubscribe, kReadHistory, kClassify, kManageSubscriptions, kAdmin };

inline constexpr Scope kAllScopes[] = {Scope::kPublish,  Scope::kSubscribe,           Scope::kReadHistory,
                                       Scope::kClassify, Scope::kManageSubscriptions, Scope::kAdmin};

// `publish`, `read-history` and so on; `none` for kNone.
std::string_view ScopeName(Scope scope);

// A set of scopes.
class Scopes {
 public:
  static Scopes All();
  // `publish,read-history`, or `all`. INVALID_ARGUMENT names an unknown scope and those that exist.
  static absl::StatusOr<Scopes> Parse(std::string_view text);

  void Add(Scope scope) { bits_ |= Bit(scope); }
  // Everything has kNone.
  bool Has(Scope scope) const { return scope == Scope::kNone || (bits_ & Bit(scope)) != 0; }
  // As Parse reads it.
  std::string ToString() const;

 private:
  static uint32_t Bit(Scope scope) { return 1U << static_cast<uint32_t>(scope); }
  uint32_t bits_ = 0;
};

// The scope that each rpc asks for.
struct ScopeRow {
  std::string_view method;  // `demarche.v1.EventService/WatchEvents`
  Scope scope;
};
const std::vector<ScopeRow>& ScopeTable();

// Nothing for a method without a row: nobody may call it.
std::optional<Scope> ScopeOf(std::string_view method);

}  // namespace demarche::auth

#endif  // DEMARCHE_SERVER_AUTH_SCOPE_H_
