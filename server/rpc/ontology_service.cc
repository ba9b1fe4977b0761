#include "server/rpc/ontology_service.h"

#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/rpc/unary.h"

namespace demarche::rpc {

grpc::ServerUnaryReactor* OntologyService::ListEventTypes(grpc::CallbackServerContext* context, const v1::ListEventTypesRequest*,
                                                          v1::ListEventTypesResponse* response) {
  const std::shared_ptr<const ontology::Ontology> ontology = resources_.Get()->ontology;
  for (const ontology::TypeInfo& type : ontology->types()) {
    v1::EventTypeInfo& info = *response->add_event_types();
    info.set_type(type.type);
    info.set_quad_class(type.quad_class);
    info.set_intensity(type.intensity);
    info.set_description(type.description);
    for (const ontology::ModeInfo& mode : type.modes) {
      v1::EventModeInfo& mode_info = *info.add_modes();
      mode_info.set_mode(mode.mode);
      mode_info.set_intensity(mode.intensity);
    }
  }
  response->set_ontology_version(ontology->version());
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* OntologyService::ListEventKinds(grpc::CallbackServerContext* context,
                                                          const v1::ListEventKindsRequest* request,
                                                          v1::ListEventKindsResponse* response) {
  const std::shared_ptr<const ontology::Ontology> ontology = resources_.Get()->ontology;
  for (const ontology::KindInfo& kind : ontology->kinds()) {
    if (request->type() != v1::EVENT_TYPE_UNSPECIFIED && request->type() != kind.type) continue;
    v1::EventKindInfo& info = *response->add_event_kinds();
    info.set_kind(kind.kind);
    info.set_type(kind.type);
    info.set_mode(kind.mode);
    info.set_cameo_code(kind.cameo_code);
    info.set_description(kind.description);
    info.set_example(kind.example);
  }
  response->set_ontology_version(ontology->version());
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* OntologyService::LookupActor(grpc::CallbackServerContext* context, const v1::LookupActorRequest* request,
                                                       v1::LookupActorResponse* response) {
  const std::string& name = request->name();
  if (name.empty() || name.size() > limits::kMaxActorNameBytes) {
    return Answer(context, error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "name",
                                           "must have 1 to " + std::to_string(limits::kMaxActorNameBytes) + " bytes, has " +
                                               std::to_string(name.size())));
  }
  const absl::Time time = request->has_time() ? absl::FromUnixSeconds(request->time().seconds()) : absl::Now();
  for (v1::Actor& actor : resources_.Get()->directory->Lookup(name, time)) {
    *response->add_actors() = std::move(actor);
  }
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* OntologyService::ListOfficeTerms(grpc::CallbackServerContext* context,
                                                           const v1::ListOfficeTermsRequest* request,
                                                           v1::ListOfficeTermsResponse* response) {
  const auto bad = [&](std::string field, std::string problem) {
    return Answer(context, error::BadField(v1::ERROR_REASON_REQUEST_INVALID, std::move(field), std::move(problem)));
  };
  if (request->code().empty()) return bad("code", "must be the code of a state or organisation");
  if (!request->role().empty() && !actors::IsOfficeRole(request->role()))
    return bad("role", "is no role of the tables: '" + request->role().substr(0, limits::kMaxActorNameBytes) + "'");
  const actors::Day from =
      request->has_start_time() ? actors::DayOf(absl::FromUnixSeconds(request->start_time().seconds())) : actors::kFirstDay;
  const actors::Day until =
      request->has_end_time() ? actors::DayOf(absl::FromUnixSeconds(request->end_time().seconds())) : actors::kLastDay;
  if (until < from) return bad("end_time", "must not be before start_time");
  const std::shared_ptr<const actors::Directory> directory = resources_.Get()->directory;
  const auto body = directory->BodyOf(request->code());
  if (!body) {
    return Answer(context, absl::NotFoundError("no state or organisation has the code '" +
                                               request->code().substr(0, limits::kMaxActorNameBytes) + "'"));
  }
  for (const actors::Term& term : directory->TermsOf(*body, request->role(), from, until)) {
    v1::OfficeTerm& shown = *response->add_terms();
    shown.set_entity_id(std::string(term.person->id));
    shown.set_display_name(std::string(term.person->name));
    shown.set_role(std::string(term.tenure->role));
    shown.set_office(directory->OfficeText(term.tenure->title, *body));
    shown.set_start_date(std::string(term.tenure->from_text));
    shown.set_end_date(std::string(term.tenure->until_text));
    shown.set_verified_date(std::string(term.tenure->verified_text));
    shown.set_source(std::string(term.tenure->source));
  }
  return Answer(context, absl::OkStatus());
}

}  // namespace demarche::rpc
