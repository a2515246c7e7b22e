#include "collector/cli/running_collector.h"

#include <curl/curl.h>

#include <array>
#include <fstream>

#include "collector/cli/ask_password.h"
#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "exporters/web/tls.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;  // of an answer
constexpr long kTimeoutSeconds = 30;
constexpr int kUnauthorized = 401;

std::size_t keep(char* data, std::size_t, std::size_t size, void* body) {
  std::string& text = *static_cast<std::string*>(body);
  if (text.size() + size > kMostBytes) return 0;  // ends the transfer
  text.append(data, size);
  return size;
}

// Where to reach from this machine what listens at HOST:PORT.
std::string reachable(const std::string& listen) {
  const auto colon = listen.rfind(':');
  const std::string host = listen.substr(0, colon), port = listen.substr(colon);
  if (host == "0.0.0.0") return "127.0.0.1" + port;
  if (host == "[::]") return "[::1]" + port;
  return listen;
}

std::string first_line_of(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line.empty())
    throw Error(file + " has no password in its first line, or cannot be read");
  return line;
}

struct Server {
  std::string url;         // without a slash at the end
  std::string key_digest;  // of its certificate; empty: the system's authorities vouch for it
};

Server server_of(const CollectorOption& option) {
  std::string url = option.url;
  while (url.ends_with('/')) url.pop_back();
  if (!url.empty()) return {url, {}};
  const Config config = option.where.configuration().value_or(default_config());
  const auto& tls = config.access.tls;
  return {(tls ? "https://" : "http://") + reachable(config.listen),
          tls ? public_key_digest(*tls) : ""};
}

}  // namespace

void add_collector(CLI::App& command, CollectorOption& option) {
  command.add_option("--config", option.where.config,
                     "Configuration of the collector, which says where it listens");
  command.add_option("--url", option.url,
                     "Address of the collector, such as https://lg.example:11520");
  command.add_option("--password-file", option.password_file,
                     "File with the password in its first line; else the terminal is asked");
}

struct RunningCollector::Impl {
  explicit Impl(const CollectorOption& option) : server(server_of(option)) {
    if (!option.password_file.empty()) password = first_line_of(option.password_file);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(curl = curl_easy_init()))
      throw Error("libcurl does not start");
    headers = curl_slist_append(nullptr, "Content-Type: application/json");
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PROXY, "");  // the collector is not beyond one
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_USERAGENT, "lastgasp");
    set(CURLOPT_TIMEOUT, kTimeoutSeconds);
    set(CURLOPT_ERRORBUFFER, problem.data());
    set(CURLOPT_WRITEFUNCTION, keep);
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    if (server.key_digest.empty()) return;
    // It is known by the key that its configuration names, not by who signed for which host.
    set(CURLOPT_PINNEDPUBLICKEY, ("sha256//" + server.key_digest).c_str());
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  ~Impl() {
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void set(CURLoption option, auto value) {
    if (const CURLcode code = curl_easy_setopt(curl, option, value); code != CURLE_OK)
      throw Error(std::string("libcurl: ") + curl_easy_strerror(code));
  }

  Answer send(const std::string& path, const std::string& json, const std::string& user);

  const Server server;
  std::string password;
  CURL* curl = nullptr;
  curl_slist* headers = nullptr;
  std::array<char, CURL_ERROR_SIZE> problem{};
};

RunningCollector::Answer RunningCollector::Impl::send(const std::string& path,
                                                      const std::string& json,
                                                      const std::string& user) {
  Answer answer;
  set(CURLOPT_URL, (server.url + path).c_str());
  set(CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  set(CURLOPT_POSTFIELDS, json.data());
  if (!password.empty()) {
    set(CURLOPT_USERNAME, user.c_str());
    set(CURLOPT_PASSWORD, password.c_str());
  }
  problem[0] = '\0';
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK)
    throw Error("the collector at " + server.url + " does not answer: " +
                escaped(problem[0] ? problem.data() : curl_easy_strerror(code)) +
                "; it must run to take this: start it, or name another with --config or --url");
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

RunningCollector::RunningCollector(const CollectorOption& option)
    : impl_(std::make_unique<Impl>(option)) {}

RunningCollector::~RunningCollector() = default;

RunningCollector::Answer RunningCollector::post(const std::string& path, const std::string& json,
                                                const std::string& user) {
  Answer answer = impl_->send(path, json, user);
  if (answer.status != kUnauthorized || !impl_->password.empty()) return answer;
  if (!at_terminal())
    throw Error("the collector asks for the password of " + escaped(user) +
                ": name a file that has it with --password-file");
  impl_->password = ask_password("Password of " + escaped(user) + ": ");
  return impl_->password.empty() ? answer : impl_->send(path, json, user);
}

}  // namespace lastgasp
