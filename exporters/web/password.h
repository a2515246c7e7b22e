// bcrypt hashes as `htpasswd -B` makes them and Prometheus exporters take them. Any thread.
#pragma once

#include <string>

namespace lastgasp {

inline constexpr int kMostPasswordCost = 15;  // a check takes seconds from there on

// What is wrong with `hash`, and what to do; empty when nothing is. The hash is not repeated.
std::string password_hash_problem(const std::string& hash);
// Slow, as it is meant to be: a quarter of a second of CPU at cost 12. `hash` has no problem.
bool password_matches(const std::string& password, const std::string& hash);
// With a salt of its own, at cost 10. Throws Error.
std::string password_hash(const std::string& password);

}  // namespace lastgasp
