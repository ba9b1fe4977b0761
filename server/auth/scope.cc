#include "server/auth/scope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "pipeline/document/strings.h"

namespace demarche::auth {

std::string_view ScopeName(Scope scope) {
  switch (scope) {
    case Scope::kNone:
      return "none";
    case Scope::kPublish:
      return "publish";
    case Scope::kSubscribe:
      return "subscribe";
    case Scope::kReadHistory:
      return "read-history";
    case Scope::kClassify:
      return "classify";
    case Scope::kManageSubscriptions:
      return "manage-subscriptions";
    case Scope::kAdmin:
      return "admin";
  }
  return "none";
}

Scopes Scopes::All() {
  Scopes all;
  for (const Scope scope : kAllScopes) all.Add(scope);
  return all;
}

absl::StatusOr<Scopes> Scopes::Parse(std::string_view text) {
  if (text == "all") return All();
  Scopes scopes;
  for (const absl::string_view name : absl::StrSplit(View(text), ',')) {
    const auto* found =
        std::find_if(std::begin(kAllScopes), std::end(kAllScopes), [&](Scope scope) { return ScopeName(scope) == View(name); });
    if (found == std::end(kAllScopes)) {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown scope '", name, "': ", std::string(All().ToString()), " or all, several with commas between"));
    }
    scopes.Add(*found);
  }
  return scopes;
}

std::string Scopes::ToString() const {
  std::string text;
  for (const Scope scope : kAllScopes) {
    if (Has(scope)) text += (text.empty() ? "" : ",") + std::string(ScopeName(scope));
  }
  return text;
}

const std::vector<ScopeRow>& ScopeTable() {
  static const auto& table = *new std::vector<ScopeRow>{
      {"demarche.v1.AdminService/Drain", Scope::kAdmin},
      {"demarche.v1.AdminService/GetPipelineStatus", Scope::kAdmin},
      {"demarche.v1.AdminService/ListSessions", Scope::kAdmin},
      {"demarche.v1.ClassifierService/ClassifyNewsItem", Scope::kClassify},
      {"demarche.v1.EventService/GetEvent", Scope::kReadHistory},
      {"demarche.v1.EventService/GetStreamInfo", Scope::kSubscribe},
      {"demarche.v1.EventService/ListEventRevisions", Scope::kReadHistory},
      {"demarche.v1.EventService/ListEvents", Scope::kReadHistory},
      {"demarche.v1.EventService/ListEvidence", Scope::kReadHistory},
      {"demarche.v1.EventService/Subscribe", Scope::kSubscribe},
      {"demarche.v1.EventService/ValidateFilter", Scope::kSubscribe},
      {"demarche.v1.EventService/WatchEvents", Scope::kSubscribe},
      {"demarche.v1.IngestService/GetNewsItem", Scope::kReadHistory},
      {"demarche.v1.IngestService/GetNewsItemStatus", Scope::kPublish},
      {"demarche.v1.IngestService/PublishNewsItem", Scope::kPublish},
      {"demarche.v1.IngestService/PublishNewsItems", Scope::kPublish},
      {"demarche.v1.IngestService/RetractNewsItem", Scope::kPublish},
      {"demarche.v1.OntologyService/ListEventKinds", Scope::kSubscribe},
      {"demarche.v1.OntologyService/ListEventTypes", Scope::kSubscribe},
      {"demarche.v1.OntologyService/ListOfficeTerms", Scope::kSubscribe},
      {"demarche.v1.OntologyService/LookupActor", Scope::kSubscribe},
      {"demarche.v1.SubscriptionService/Consume", Scope::kSubscribe},
      {"demarche.v1.SubscriptionService/CreateSubscription", Scope::kManageSubscriptions},
      {"demarche.v1.SubscriptionService/DeleteSubscription", Scope::kManageSubscriptions},
      {"demarche.v1.SubscriptionService/GetSubscription", Scope::kSubscribe},
      {"demarche.v1.SubscriptionService/ListDeadLetters", Scope::kManageSubscriptions},
      {"demarche.v1.SubscriptionService/ListSubscriptions", Scope::kSubscribe},
      {"demarche.v1.SubscriptionService/ReplayDeadLetters", Scope::kManageSubscriptions},
      {"demarche.v1.SubscriptionService/SeekSubscription", Scope::kManageSubscriptions},
      {"demarche.v1.SubscriptionService/UpdateSubscription", Scope::kManageSubscriptions},
      {"grpc.health.v1.Health/Check", Scope::kNone},
      {"grpc.health.v1.Health/Watch", Scope::kNone},
  };
  return table;
}

std::optional<Scope> ScopeOf(std::string_view method) {
  for (const ScopeRow& row : ScopeTable()) {
    if (row.method == method) return row.scope;
  }
  return std::nullopt;
}

}  // namespace demarche::auth
