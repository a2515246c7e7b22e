#include "collector/app/systemd.h"

#ifdef LASTGASP_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace lastgasp::systemd {
namespace {

void notify([[maybe_unused]] const char* state) {
#ifdef LASTGASP_SYSTEMD
  sd_notify(0, state);
#endif
}

}  // namespace

void ready() { notify("READY=1"); }
void alive() { notify("WATCHDOG=1"); }
void stopping() { notify("STOPPING=1"); }

}  // namespace lastgasp::systemd
