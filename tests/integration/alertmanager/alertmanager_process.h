// A real Alertmanager of its own: free port, storage in a temporary folder, notifications to a
// webhook within a second. Ends with the object.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace lastgasp {

class AlertmanagerProcess {
 public:
  // A port that was free a moment ago.
  static int free_port();

  // Returns when it is ready. Throws std::runtime_error when it is not within 30 s.
  AlertmanagerProcess(int port, const std::string& webhook_url);
  ~AlertmanagerProcess();
  AlertmanagerProcess(const AlertmanagerProcess&) = delete;
  AlertmanagerProcess& operator=(const AlertmanagerProcess&) = delete;

  // The body of GET `path`; empty when there was no answer or not status 200.
  std::string get(const std::string& path) const;

 private:
  void start(const std::string& webhook_url);
  void wait_ready() const;

  const int port_;
  std::filesystem::path folder_;
  pid_t pid_ = -1;
};

}  // namespace lastgasp
