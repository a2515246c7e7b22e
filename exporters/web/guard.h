// Keeps other web sites from using the browser of someone who can reach this server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporters/web/request.h"

namespace lastgasp {

// The host part of "name:port" or "[addr]:port", lower case, without brackets and final dot.
std::string host_of(std::string_view host_and_port);

// The names under which this machine is known without asking the network: its host name, alone and
// with each search domain of resolv.conf.
std::vector<std::string> machine_names();

// Against DNS rebinding (a foreign name that suddenly resolves to this machine): whether a Host
// header is one that this server answers to. An IP literal, localhost, any name without a dot (no
// one can register those), and `names` are; so is no header at all, which no browser sends.
bool own_host(std::string_view host, const std::vector<std::string>& names);

// Whether a browser sent the request on behalf of another site.
bool cross_site(const Request& request);

}  // namespace lastgasp
