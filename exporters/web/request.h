// One HTTP request as the handlers see it: plain data, parsed from the raw request target, so that
// "%2F" within a console's name stays part of the name. Belongs to one exchange.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/core/error.h"
#include "collector/transcript/console_labels.h"

namespace lastgasp {

inline constexpr std::size_t kMaxTargetBytes = 8192;
inline constexpr std::size_t kMaxParameters = 64;
inline constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 10;

// A request that gets no answer but this. what() is for the person who asked: what is wrong and
// what to do.
class HttpError : public Error {
 public:
  HttpError(int code, const std::string& message) : Error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

struct Parameter {
  std::string name, value;  // decoded
};

struct Request {
  std::string method;             // as sent
  std::vector<std::string> path;  // decoded segments; "/" has none
  std::vector<Parameter> parameters;
  // Headers; empty when not sent.
  std::string host, origin, fetch_site, if_none_match, last_event_id, accept_encoding, accept,
      content_type;
  std::string body;  // at most kMaxBodyBytes

  std::string user;  // who asks; empty when the server has no users

  // Throws HttpError (414, 400) when the target is too long, has too many parameters, or is no
  // path.
  void parse_target(std::string_view target);

  // The first value of a parameter; empty when there is none.
  std::string_view text(std::string_view name) const;
  bool has(std::string_view name) const;  // also when it is empty
  // All its values that are not empty.
  std::vector<std::string> all(std::string_view name) const;
  // The following throw HttpError 400 naming the parameter and a value that would be right.
  bool flag(std::string_view name) const;
  std::size_t number(std::string_view name, std::size_t fallback, std::size_t most) const;
  std::optional<WallTime> time(std::string_view name, WallTime now) const;
  // "label=site=fra*", all of them.
  std::vector<LabelMatch> labels() const;
  // Refuses parameters that are not among `known`: a misspelt one must not quietly mean "all".
  void only(std::initializer_list<std::string_view> known) const;
};

// "by=Ann&text=on+it": a query, or a form as browsers send it. Throws HttpError 400 when there are
// too many.
std::vector<Parameter> parse_query(std::string_view query);
// Percent-decodes; a stray % stays as it is. `plus_is_space` as in query strings.
std::string url_decoded(std::string_view text, bool plus_is_space);
// Everything but unreserved characters as %XX: safe as a path segment and in a query.
std::string url_encoded(std::string_view text);

}  // namespace lastgasp
