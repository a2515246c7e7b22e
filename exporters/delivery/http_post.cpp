#include "exporters/delivery/http_post.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "collector/core/bytes.h"
#include "collector/core/error.h"

namespace lastgasp {
namespace {

constexpr std::size_t kReplyBytes = 1024;

// Once for the process, by whichever client is made first.
void init_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(std::string("libcurl: ") + curl_easy_strerror(code));
}

std::size_t keep_beginning(char* data, std::size_t, std::size_t size, void* reply) {
  std::string& text = *static_cast<std::string*>(reply);
  text.append(data, std::min(size, kReplyBytes - std::min(kReplyBytes, text.size())));
  return size;
}

int break_off(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

void check_url(const std::string& url) {
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  const CURLUcode code =
      web ? curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) : CURLUE_UNSUPPORTED_SCHEME;
  if (code != CURLUE_OK || url.find('\0') != std::string::npos)
    throw Error("must be a URL such as http://HOST:PORT or https://HOST/PATH (" +
                std::string(curl_url_strerror(code)) + ")");
}

std::size_t begin_of_host(const std::string& url) { return url.find("://") + 3; }

}  // namespace

struct HttpPost::Impl {
  CURL* curl = curl_easy_init();
  curl_slist* headers = nullptr;
  std::array<char, CURL_ERROR_SIZE> error{};

  ~Impl() {
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
  }

  void set(CURLoption option, auto value) {
    if (const CURLcode code = curl_easy_setopt(curl, option, value); code != CURLE_OK)
      throw Error(std::string("libcurl: ") + curl_easy_strerror(code));
  }
};

Channel::Reply http_channel_reply(const HttpReply& reply) {
  using Outcome = Channel::Outcome;
  if (reply.status >= 200 && reply.status < 300) return {Outcome::accepted, ""};
  if (reply.status == 0) return {Outcome::failed, reply.text};
  constexpr std::array ways{401, 403, 404, 405, 407, 408, 429};
  const bool refused = reply.status >= 400 && reply.status < 500 &&
                       std::count(ways.begin(), ways.end(), reply.status) == 0;
  const std::string code = "HTTP " + std::to_string(reply.status);
  if (refused) return {Outcome::refused, code + ": " + reply.text};
  return {Outcome::failed, code};
}

std::string name_of_url(std::string url) {
  check_url(url);
  const auto host = begin_of_host(url);
  const auto end = url.find_first_of("/?#", host);
  const auto at = url.rfind('@', end);
  if (at != std::string::npos && at >= host) url.erase(host, at + 1 - host);
  while (url.back() == '/') url.pop_back();
  return url;
}

std::string origin_of_url(const std::string& url) {
  const std::string name = name_of_url(url);
  return name.substr(0, name.find_first_of("/?#", begin_of_host(name)));
}

HttpPost::HttpPost(const std::string& url, Micros timeout, const Headers& headers) {
  check_url(url);
  init_curl();
  impl_ = std::make_unique<Impl>();
  if (!impl_->curl) throw Error("libcurl: out of memory");
  const auto ms = static_cast<long>(std::max<std::int64_t>(
      1, std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count()));
  // Without an empty Expect, curl waits a second for "100 Continue" before a large body.
  for (const char* header : {"Content-Type: application/json", "Expect:"})
    impl_->headers = curl_slist_append(impl_->headers, header);
  for (const auto& [name, value] : headers)
    impl_->headers = curl_slist_append(impl_->headers, (name + ": " + value).c_str());
  impl_->set(CURLOPT_URL, url.c_str());
  impl_->set(CURLOPT_PROTOCOLS_STR, "http,https");
  impl_->set(CURLOPT_HTTPHEADER, impl_->headers);
  impl_->set(CURLOPT_USERAGENT, "lastgasp");
  impl_->set(CURLOPT_NOSIGNAL, 1L);
  impl_->set(CURLOPT_TIMEOUT_MS, ms);
  impl_->set(CURLOPT_CONNECTTIMEOUT_MS, ms);
  impl_->set(CURLOPT_ERRORBUFFER, impl_->error.data());
  impl_->set(CURLOPT_WRITEFUNCTION, keep_beginning);
  impl_->set(CURLOPT_NOPROGRESS, 0L);
  impl_->set(CURLOPT_XFERINFOFUNCTION, break_off);
}

HttpPost::~HttpPost() = default;

HttpReply HttpPost::post(const std::string& json, const std::atomic<bool>& stop) {
  HttpReply reply;
  impl_->error[0] = '\0';
  // These only store a value and cannot fail.
  curl_easy_setopt(impl_->curl, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
  curl_easy_setopt(impl_->curl, CURLOPT_WRITEDATA, static_cast<void*>(&reply.text));
  curl_easy_setopt(impl_->curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(impl_->curl, CURLOPT_POSTFIELDS, json.data());
  const CURLcode code = curl_easy_perform(impl_->curl);
  if (code != CURLE_OK) {
    reply.text = impl_->error[0] ? impl_->error.data() : curl_easy_strerror(code);
    return reply;
  }
  long status = 0;
  curl_easy_getinfo(impl_->curl, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

}  // namespace lastgasp
