// What `lastgasp incidents` can do besides reading the store.
#pragma once

#include <CLI/CLI.hpp>

#include "collector/cli/commands.h"

namespace lastgasp {

// `ack` and `note`, which the running collector writes down.
void add_incident_notes(CLI::App& incidents, Chosen& chosen);

}  // namespace lastgasp
