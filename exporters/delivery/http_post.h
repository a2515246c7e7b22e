// Posts JSON to one URL over a connection that is kept open.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/delivery/channel.h"

namespace lastgasp {

struct HttpReply {
  int status = 0;    // 0: no answer; `text` says why
  std::string text;  // the beginning of the body
};

// What a status says of an alert: 2xx accepts it. 401, 403, 404, 405, 407, 408 and 429 speak of the
// way to the receiver, and so do 5xx and no answer: it failed, the alert is as good as before. Any
// other refuses it.
Channel::Reply http_channel_reply(const HttpReply& reply);

// The URL as a name, without credentials and without the '/' at the end; and only its scheme, host
// and port, for one whose path or query may be a secret. Throw Error when it is no URL of http or
// https, and say what to write.
std::string name_of_url(std::string url);
std::string origin_of_url(const std::string& url);

// Belongs to one thread at a time.
class HttpPost {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  // `headers` are sent besides Content-Type. Throws Error when the URL is not http or https.
  HttpPost(const std::string& url, Micros timeout, const Headers& headers = {});
  ~HttpPost();

  // While `stop` is set a request is broken off within a second.
  HttpReply post(const std::string& json, const std::atomic<bool>& stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
