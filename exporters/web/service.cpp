#include "exporters/web/service.h"

#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "collector/core/log.h"
#include "exporters/web/compression.h"
#include "exporters/web/guard.h"
#include "exporters/web/page.h"

namespace lastgasp {
namespace {

ErrorForm form_of(std::string_view target) {
  if (target.starts_with("/api/")) return ErrorForm::json;
  return target.starts_with("/-/") || target.starts_with("/metrics") ? ErrorForm::text
                                                                     : ErrorForm::page;
}

void check_host(const Route& route, const Request& request, const std::vector<std::string>& names) {
  if (route.any_host || own_host(request.host, names)) return;
  throw HttpError(403, "this server does not answer to the name '" +
                           to_utf8(request.host.substr(0, 200)) +
                           "': use its IP address or host name; a reverse proxy must send the "
                           "address it connects to as Host (README, \"Host names\")");
}

}  // namespace

Service::Service(WebBackend& backend, Streams& streams, Downloads& downloads,
                 std::string listen_host)
    : backend_(backend), streams_(streams), downloads_(downloads), names_(machine_names()) {
  names_.push_back(std::move(listen_host));
}

Plan Service::plan(Request& request, std::string_view target) const {
  Plan plan;
  ErrorForm& form = plan.form;
  form = form_of(target);
  try {
    request.parse_target(target);
    auto routed = find_route(request);
    form = routed.route->errors;
    check_host(*routed.route, request, names_);
    plan.routed = std::move(routed);
  } catch (const MethodNotAllowed& e) {
    plan.refusal = failure(form, e.code(), e.what());
    plan.refusal.headers.emplace_back("Allow", e.allow());
  } catch (const HttpError& e) {
    plan.refusal = failure(form, e.code(), e.what());
  }
  return plan;
}

Response Service::answer(const Plan& plan, const Request& request) const {
  const auto& route = *plan.routed.route;
  try {
    auto response = route.handle(
        {request, plan.routed.arguments, backend_, streams_, downloads_, backend_.now()});
    if (takes_gzip(request.accept_encoding)) compress(response);
    return response;
  } catch (const HttpError& e) {
    return failure(route.errors, e.code(), e.what());
  } catch (const std::exception& e) {
    log_error("HTTP " + std::string(route.name) + ": " + escaped(e.what()));
    return failure(route.errors, 500, e.what());
  }
}

Response Service::turned_away(const Plan& plan, const Admission& admission) const {
  auto response = failure(plan.form, admission.code, admission.reason);
  if (admission.code == 401)
    response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="lastgasp", charset="UTF-8")");
  if (admission.retry_after > Micros(0)) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(admission.retry_after);
    response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  }
  return response;
}

Response Service::not_allowed(const Plan& plan, const std::string& user) const {
  return failure(plan.form, 403,
                 "user '" + to_utf8(user) + "' may only look; `web.admins` names who may do this");
}

Response Service::too_large(const Plan& plan) const {
  return failure(plan.form, 413, "no address of this server reads so large a body");
}

Response Service::busy(const Plan& plan) const {
  return failure(plan.routed.route->errors, 503,
                 plan.routed.route->lane == Lane::search
                     ? "too many searches at once; try again in a few seconds"
                     : "too many requests at once; try again in a few seconds");
}

Response Service::failure(ErrorForm form, int code, const std::string& message) const {
  Response response{.code = code, .body = to_utf8(message) + "\n"};
  if (form == ErrorForm::json)
    response = {
        .code = code, .type = kJson, .body = nlohmann::json{{"error", to_utf8(message)}}.dump()};
  if (form == ErrorForm::page) response = page_error(code, message, backend_.now());
  if (code == 503) response.headers.emplace_back("Retry-After", "5");
  return response;
}

}  // namespace lastgasp
