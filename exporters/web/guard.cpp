#include "exporters/web/guard.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace lastgasp {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool ip_literal(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  const auto without_zone = host.substr(0, host.find('%'));
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, without_zone.c_str(), address.data()) == 1;
}

}  // namespace

std::string host_of(std::string_view text) {
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (const auto colon = text.find(':'); text.find(':', colon + 1) == text.npos) {
    text = text.substr(0, colon);
  }
  if (text.ends_with('.')) text.remove_suffix(1);
  return lower(text);
}

std::vector<std::string> machine_names() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0 || buffer[0] == 0) return {};
  const std::string name = lower(buffer.data());
  std::vector<std::string> names{name};
  std::ifstream resolver("/etc/resolv.conf");
  for (std::string line; std::getline(resolver, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word != "search" && word != "domain") continue;
    while (words >> word) names.push_back(name + "." + host_of(word));
  }
  return names;
}

bool own_host(std::string_view header, const std::vector<std::string>& names) {
  const auto host = host_of(header);
  if (host.empty() || host.find('.') == host.npos || ip_literal(host)) return true;
  return std::find(names.begin(), names.end(), host) != names.end();
}

bool cross_site(const Request& request) {
  if (!request.fetch_site.empty())
    return request.fetch_site != "same-origin" && request.fetch_site != "none";
  if (request.origin.empty()) return false;
  const auto scheme_end = request.origin.find("://");
  if (scheme_end == std::string::npos) return true;
  return lower(request.origin.substr(scheme_end + 3)) != lower(request.host);
}

}  // namespace lastgasp
