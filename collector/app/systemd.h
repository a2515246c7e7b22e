// Tells systemd how the daemon is (Type=notify, WatchdogSec=). Does nothing elsewhere, or when
// built without libsystemd. Any thread.
#pragma once

namespace lastgasp::systemd {

void ready();
void alive();  // pets the watchdog
void stopping();

}  // namespace lastgasp::systemd
