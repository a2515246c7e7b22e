// From a request to its answer, without the network: checks, routing, handlers, errors. Immutable;
// safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporters/web/gate.h"
#include "exporters/web/router.h"

namespace lastgasp {

// What is known of an exchange before its handler ran.
struct Plan {
  Routed routed;  // no route: `refusal` is the answer
  Response refusal;
  ErrorForm form = ErrorForm::text;
  std::string_view handler() const { return routed.route ? routed.route->name : "none"; }
};

class Service {
 public:
  // `listen_host` is a name that this server answers to besides those of guard.h. `backend`,
  // `streams` and `downloads` outlive the service.
  Service(WebBackend& backend, Streams& streams, Downloads& downloads, std::string listen_host);

  // Parses `target` into `request` and finds its handler. Never throws.
  Plan plan(Request& request, std::string_view target) const;
  // Runs the handler of a plan that has one. Never throws.
  Response answer(const Plan& plan, const Request& request) const;
  // The answer to who does not come in.
  Response turned_away(const Plan& plan, const Admission& admission) const;
  // The answer to `user`, who came in but may not do this.
  Response not_allowed(const Plan& plan, const std::string& user) const;
  // The answer to a body of more than kMaxBodyBytes.
  Response too_large(const Plan& plan) const;
  // The answer when there are too many requests to run this one now.
  Response busy(const Plan& plan) const;

 private:
  Response failure(ErrorForm form, int code, const std::string& message) const;

  WebBackend& backend_;
  Streams& streams_;
  Downloads& downloads_;
  std::vector<std::string> names_;
};

}  // namespace lastgasp
