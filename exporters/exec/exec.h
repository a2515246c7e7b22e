// Incidents to a program of one's own: run once for each notification, one at a time, with the JSON
// of a webhook on its standard input (README.md). It has done its work when it exits with 0.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exporters/delivery/channel.h"

namespace lastgasp {

struct ExecSettings {
  std::vector<std::string> arguments;  // the program and what it is given; no shell reads them
  Micros timeout{std::chrono::seconds(30)};
  std::string receiver;      // its name, which the JSON tells
  std::string external_url;  // of our own pages; may be empty
};
// Why `program` could not be run, and the way out; empty when it could.
std::string program_problem(const std::string& program);

std::unique_ptr<Channel> exec_channel(ExecSettings settings);

}  // namespace lastgasp
