// The subcommands of `lastgasp`, one file each. A command adds its options to the program and
// leaves what is to be run in `chosen`; the number it returns is the exit status: 0 found or fine,
// 1 nothing found or a failed check, 2 wrong usage or an error.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace lastgasp {

inline constexpr int kFound = 0;
inline constexpr int kNothing = 1;
inline constexpr int kUsage = 2;

using Chosen = std::function<int()>;

void add_run(CLI::App& program, Chosen& chosen);
void add_check(CLI::App& program, Chosen& chosen);
void add_scan(CLI::App& program, Chosen& chosen);
void add_search(CLI::App& program, Chosen& chosen);
void add_show(CLI::App& program, Chosen& chosen);
void add_tail(CLI::App& program, Chosen& chosen);
void add_incidents(CLI::App& program, Chosen& chosen);
void add_consoles(CLI::App& program, Chosen& chosen);
void add_boots(CLI::App& program, Chosen& chosen);
void add_diff(CLI::App& program, Chosen& chosen);
void add_similar(CLI::App& program, Chosen& chosen);
void add_db(CLI::App& program, Chosen& chosen);
void add_rules(CLI::App& program, Chosen& chosen);
void add_web_password(CLI::App& program, Chosen& chosen);
void add_version(CLI::App& program, Chosen& chosen);

}  // namespace lastgasp
