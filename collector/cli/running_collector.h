// The collector that is running, asked by its web server: for what only it may write.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "collector/cli/options.h"

namespace lastgasp {

// --url, or --config that says where it listens and by which certificate it is known; and
// --password-file.
struct CollectorOption {
  std::string url;
  DataOption where;  // without a folder: that of a collector does not say where it listens
  std::string password_file;
};
void add_collector(CLI::App& command, CollectorOption& option);

class RunningCollector {
 public:
  struct Answer {
    int status = 0;
    std::string body;
  };

  // Throws Error when the configuration or the password's file cannot be read.
  explicit RunningCollector(const CollectorOption& option);
  ~RunningCollector();

  // Posts JSON to a path of the server, as `user` where it asks who that is: then with the password
  // of the file, or the one that whoever sits at the terminal types. Throws Error, which says what
  // to do, when nobody answers.
  Answer post(const std::string& path, const std::string& json, const std::string& user);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
