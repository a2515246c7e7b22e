#include "tests/integration/alertmanager/alertmanager_process.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <vector>

namespace lastgasp {
namespace {

constexpr const char* kProgram = "prometheus-alertmanager";

std::size_t append(char* data, std::size_t, std::size_t size, void* text) {
  static_cast<std::string*>(text)->append(data, size);
  return size;
}

// Another process is waited for: there is no clock to inject.
void pause_ms(int ms) { poll(nullptr, 0, ms); }

}  // namespace

int AlertmanagerProcess::free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket, generic, size) != 0) throw std::runtime_error("no free port");
  getsockname(socket, generic, &size);
  close(socket);
  return ntohs(address.sin_port);
}

AlertmanagerProcess::AlertmanagerProcess(int port, const std::string& webhook_url) : port_(port) {
  std::string name = (std::filesystem::temp_directory_path() / "lastgasp-am-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  start(webhook_url);
  wait_ready();
}

AlertmanagerProcess::~AlertmanagerProcess() {
  kill(pid_, SIGTERM);
  for (int i = 0; i < 500 && waitpid(pid_, nullptr, WNOHANG) == 0; ++i) {
    if (i == 300) kill(pid_, SIGKILL);
    pause_ms(10);
  }
  std::filesystem::remove_all(folder_);
}

void AlertmanagerProcess::start(const std::string& webhook_url) {
  const std::string config = folder_ / "alertmanager.yml";
  std::ofstream(config) << "route: {receiver: hook, group_by: ['...'], group_wait: 100ms,"
                           " group_interval: 100ms, repeat_interval: 1h}\n"
                           "receivers: [{name: hook, webhook_configs: [{url: '"
                        << webhook_url << "', send_resolved: true}]}]\n";
  const std::string config_flag = "--config.file=" + config;
  const std::string storage_flag = "--storage.path=" + (folder_ / "data").string();
  const std::string listen_flag = "--web.listen-address=127.0.0.1:" + std::to_string(port_);
  const std::string log = folder_ / "log";
  pid_ = fork();
  if (pid_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves nothing behind
  const int file = open(log.c_str(), O_WRONLY | O_CREAT, 0600);
  dup2(file, 1);
  dup2(file, 2);
  execlp(kProgram, kProgram, config_flag.c_str(), storage_flag.c_str(), listen_flag.c_str(),
         "--cluster.listen-address=", static_cast<char*>(nullptr));
  _exit(127);
}

void AlertmanagerProcess::wait_ready() const {
  for (int i = 0; i < 600; ++i) {
    if (!get("/-/ready").empty()) return;
    pause_ms(50);
  }
  std::ifstream log(folder_ / "log");
  throw std::runtime_error("alertmanager is not ready: " +
                           std::string(std::istreambuf_iterator<char>(log), {}));
}

std::string AlertmanagerProcess::get(const std::string& path) const {
  std::string body;
  CURL* curl = curl_easy_init();
  const std::string url = "http://127.0.0.1:" + std::to_string(port_) + path;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, static_cast<void*>(&body));
  const bool ok = curl_easy_perform(curl) == CURLE_OK;
  curl_easy_cleanup(curl);
  return ok ? body : "";
}

}  // namespace lastgasp
