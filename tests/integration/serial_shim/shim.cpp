// Makes a pseudo-terminal pass for a serial port: answers the requests for modem lines that a pty
// refuses and libserialport insists on. Preloaded by tests. Error counters come from the file named
// by SERIAL_SHIM_COUNTERS ("framing parity overrun breaks"); without it there are none, as on a
// pty.
#include <dlfcn.h>
#include <linux/serial.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

extern "C" {

// By which a test sees that it runs with the shim.
extern const int serial_shim_present;
const int serial_shim_present = 1;

int ioctl(int fd, unsigned long request, ...) noexcept;
}

namespace {

int read_counters(serial_icounter_struct* out) {
  const char* path = std::getenv("SERIAL_SHIM_COUNTERS");
  std::FILE* file = path != nullptr ? std::fopen(path, "re") : nullptr;
  if (file == nullptr) {
    errno = ENOTTY;
    return -1;
  }
  *out = {};
  const int got =
      std::fscanf(file, "%d %d %d %d", &out->frame, &out->parity, &out->overrun, &out->brk);
  std::fclose(file);
  return got == 4 ? 0 : -1;
}

}  // namespace

int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  switch (request) {
    case TIOCMGET:
      *static_cast<int*>(argument) = TIOCM_DTR | TIOCM_RTS;
      return 0;
    case TIOCMSET:
    case TIOCMBIS:
    case TIOCMBIC:
      return 0;
    case TIOCGICOUNT:
      return read_counters(static_cast<serial_icounter_struct*>(argument));
    default: {
      using Ioctl = int (*)(int, unsigned long, ...);
      static const auto next = reinterpret_cast<Ioctl>(::dlsym(RTLD_NEXT, "ioctl"));
      return next(fd, request, argument);
    }
  }
}
