// What a handler answers. Plain data.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lastgasp {

inline constexpr const char* kJson = "application/json; charset=utf-8";
inline constexpr const char* kHtml = "text/html; charset=utf-8";
inline constexpr const char* kEvents = "text/event-stream; charset=utf-8";
inline constexpr const char* kPlain = "text/plain; charset=utf-8";

class AnswerStream;

struct Response {
  int code = 200;
  std::string type = kPlain;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // besides those every answer has
  std::shared_ptr<AnswerStream> stream;                      // instead of a body
};

}  // namespace lastgasp
