#include "collector/console/sources/serial_port.h"

#include <fcntl.h>
#include <libserialport.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

#include "collector/core/bytes.h"
#include "collector/core/error.h"

namespace lastgasp {
namespace {

struct PortDeleter {
  void operator()(sp_port* port) const {
    sp_close(port);
    sp_free_port(port);
  }
};
struct ConfigDeleter {
  void operator()(sp_port_config* config) const { sp_free_config(config); }
};
using PortHandle = std::unique_ptr<sp_port, PortDeleter>;
using ConfigHandle = std::unique_ptr<sp_port_config, ConfigDeleter>;

Ending library_failure(const std::string& path, sp_return result) {
  if (result == SP_ERR_FAIL) return open_failure(path, sp_last_error_code());
  if (result == SP_ERR_ARG) return {LinkReason::failed, path + ": is not a serial port"};
  return {LinkReason::failed, path + ": libserialport error " + std::to_string(result)};
}

Ending held_by(const std::string& path, int pid) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
  return {LinkReason::locked, path + ": held by process " + std::to_string(pid) +
                                  (name.empty() ? "" : " (" + escaped(name) + ")")};
}

// Opens through libserialport, which refuses links and knows which devices are serial ports.
PortHandle open_port(const std::string& path, Ending& why) {
  sp_port* found = nullptr;
  sp_return result = sp_get_port_by_name(path.c_str(), &found);
  if (result != SP_OK) {
    why = library_failure(path, result);
    return nullptr;
  }
  PortHandle port(found);
  result = sp_open(port.get(), SP_MODE_READ);
  if (result == SP_OK) return port;
  why = library_failure(path, result);
  return nullptr;
}

// One call for all of it, and DTR and RTS left out: setting them one by one writes the modem lines
// each time, and a router may take a toggle of DTR for a hang-up.
sp_return set_framing(sp_port* port, const SerialEndpoint& endpoint) {
  constexpr sp_parity kParity[] = {SP_PARITY_NONE, SP_PARITY_ODD, SP_PARITY_EVEN};
  sp_port_config* created = nullptr;
  const sp_return result = sp_new_config(&created);
  if (result != SP_OK) return result;
  const ConfigHandle config(created);
  sp_set_config_baudrate(config.get(), endpoint.baud);
  sp_set_config_bits(config.get(), endpoint.bits);
  sp_set_config_parity(config.get(), kParity[static_cast<int>(endpoint.parity)]);
  sp_set_config_stopbits(config.get(), endpoint.stop);
  // libserialport 0.1.1 leaves this one field of a new configuration uninitialised.
  sp_set_config_xon_xoff(config.get(), SP_XONXOFF_DISABLED);
  return sp_set_config(port, config.get());
}

}  // namespace

SerialPort::SerialPort(std::string path, std::unique_ptr<UucpLock> lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

SerialPort::~SerialPort() {
  if (fd_ >= 0) ::close(fd_);
}

std::unique_ptr<SerialPort> SerialPort::open(const SerialEndpoint& endpoint, Ending& why) {
  std::error_code error;
  const std::string path = std::filesystem::canonical(endpoint.device, error).string();
  if (error) {
    why = open_failure(endpoint.device, error.value());
    return nullptr;
  }
  auto lock = std::make_unique<UucpLock>(path);
  if (const auto holder = lock->holder()) {
    why = held_by(path, *holder);
    return nullptr;
  }
  std::unique_ptr<SerialPort> port(new SerialPort(path, std::move(lock)));
  if (!port->configure(endpoint, why)) return nullptr;
  return port;
}

bool SerialPort::configure(const SerialEndpoint& endpoint, Ending& why) {
  const PortHandle port = open_port(path_, why);
  if (!port) return false;
  int original = -1;
  sp_get_port_handle(port.get(), &original);
  // The duplicate shares the lock and the mode; libserialport's own handle closes here.
  fd_ = ::fcntl(original, F_DUPFD_CLOEXEC, 0);
  if (fd_ < 0 || ::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    why = errno == EWOULDBLOCK
              ? Ending{LinkReason::locked, path_ + ": another program holds the device"}
              : open_failure(path_, errno);
    return false;
  }
  ::ioctl(fd_, TIOCEXCL);
  const sp_return framed = set_framing(port.get(), endpoint);
  if (framed != SP_OK) {
    why = library_failure(path_, framed);
    if (framed == SP_ERR_ARG) why.detail = path_ + ": the driver does not know these settings";
    return false;
  }
  if (!set_terminal(endpoint, why)) return false;
  lock_->claim();
  return true;
}

bool SerialPort::set_terminal(const SerialEndpoint& endpoint, Ending& why) {
  termios mode{};
  if (::tcgetattr(fd_, &mode) != 0) {
    why = open_failure(path_, errno);
    return false;
  }
  mode.c_iflag = PARMRK | INPCK;
  if (endpoint.flow == FlowControl::software) mode.c_iflag |= IXON | IXOFF;
  mode.c_oflag = 0;
  mode.c_lflag = 0;
  mode.c_cflag |= CLOCAL | CREAD;
  mode.c_cflag &= ~static_cast<tcflag_t>(HUPCL | CRTSCTS);
  if (endpoint.flow == FlowControl::hardware) mode.c_cflag |= CRTSCTS;
  mode.c_cc[VMIN] = 1;  // so that a read of nothing is EAGAIN, and 0 only a hang-up
  mode.c_cc[VTIME] = 0;
  if (::tcsetattr(fd_, TCSANOW, &mode) == 0) return true;
  why = open_failure(path_, errno);
  return false;
}

std::optional<LineErrors> SerialPort::counters() const {
  serial_icounter_struct counted{};
  if (::ioctl(fd_, TIOCGICOUNT, &counted) != 0) return std::nullopt;
  LineErrors out;
  out.framing = static_cast<std::uint32_t>(counted.frame);
  out.parity = static_cast<std::uint32_t>(counted.parity);
  out.overrun =
      static_cast<std::uint32_t>(counted.overrun) + static_cast<std::uint32_t>(counted.buf_overrun);
  out.breaks = static_cast<std::uint32_t>(counted.brk);
  return out;
}

}  // namespace lastgasp
