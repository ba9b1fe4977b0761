#include "client/cli/who.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "client/cli/json.h"
#include "client/cli/times.h"
#include "demarche/v1/ontology_service.grpc.pb.h"

namespace demarche::cli {
namespace {

// 'Kaja Kallas  EU  IGO  High Representative of the European Union', parts that are empty left out.
std::string Line(const v1::Actor& actor, const Style& style) {
  std::string line = style(Paint::kBold, HarmlessLine(actor.display_name()));
  const auto add = [&](std::string_view part) {
    if (!part.empty()) absl::StrAppend(&line, "  ", HarmlessLine(part));
  };
  add(actor.organization_code().empty() ? actor.country_code() : actor.organization_code());
  add(actor.sector());
  add(actor.office());
  if (actor.office_stale()) add("(not verified for that day)");
  add(actor.entity_id());
  return line;
}

std::string Line(const v1::OfficeTerm& term, const Style& style) {
  const std::string end = !term.end_date().empty() ? term.end_date() : absl::StrCat("(verified until ", term.verified_date(), ")");
  return absl::StrCat(HarmlessLine(absl::StrCat(term.start_date(), " to ", end)), "  ",
                      style(Paint::kBold, HarmlessLine(term.display_name())), "  ", HarmlessLine(term.office()), "  ",
                      HarmlessLine(term.source()));
}

template <typename Message>
void Print(Context& context, const Message& message, bool json_lines) {
  context.out << (json_lines ? ToJson(message) : Line(message, context.out_style)) << '\n';
}

ExitCode WhoIs(Context& context, v1::OntologyService::Stub& stub, const WhoArguments& arguments) {
  v1::LookupActorRequest request;
  request.set_name(arguments.name);
  if (arguments.on) *request.mutable_time() = ToTimestamp(*arguments.on);
  v1::LookupActorResponse response;
  const client::Error error = Call(context, [&](grpc::ClientContext* rpc) { return stub.LookupActor(rpc, request, &response); });
  if (!error.ok()) return Report(context, error);
  for (const v1::Actor& actor : response.actors()) Print(context, actor, arguments.json_lines);
  if (!response.actors().empty()) return kExitOk;
  Say(context, absl::StrCat("nobody known as '", HarmlessLine(arguments.name), "'"));
  return kExitSomeBad;
}

ExitCode ListTerms(Context& context, v1::OntologyService::Stub& stub, const WhoArguments& arguments) {
  v1::ListOfficeTermsRequest request;
  request.set_code(arguments.body);
  request.set_role(arguments.role);
  if (arguments.on) *request.mutable_start_time() = *request.mutable_end_time() = ToTimestamp(*arguments.on);
  v1::ListOfficeTermsResponse response;
  const client::Error error =
      Call(context, [&](grpc::ClientContext* rpc) { return stub.ListOfficeTerms(rpc, request, &response); });
  if (!error.ok()) return Report(context, error);
  for (const v1::OfficeTerm& term : response.terms()) Print(context, term, arguments.json_lines);
  if (!response.terms().empty()) return kExitOk;
  Say(context, absl::StrCat("no such office of ", HarmlessLine(arguments.body), " is known"));
  return kExitSomeBad;
}

}  // namespace

ExitCode Who(Context& context, const WhoArguments& arguments) {
  const auto channel = ConnectOrReport(context);
  if (!channel) return kExitUnreachable;
  const auto stub = v1::OntologyService::NewStub(channel);
  return arguments.body.empty() ? WhoIs(context, *stub, arguments) : ListTerms(context, *stub, arguments);
}

}  // namespace demarche::cli
