// Private to this folder: posts JSON to one URL over a connection that is kept open.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "collector/core/clock.h"

namespace lastgasp {

struct HttpReply {
  int status = 0;    // 0: no answer; `text` says why
  std::string text;  // the beginning of the body
};

// Belongs to one thread.
class HttpPost {
 public:
  // While `stop` is set a request is broken off within a second. `stop` outlives this.
  HttpPost(std::string url, Micros timeout, const std::atomic<bool>& stop);
  ~HttpPost();

  HttpReply post(const std::string& json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
