// What makes two crashes the same one on another router, another build and another day. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/engine/rule.h"

namespace lastgasp {

// `title` without what differs from one time to the next: addresses, IP and MAC addresses, lines of
// files, numbers of CPUs, processes and slots, durations, long numbers. Normalising again changes
// nothing. Numbers that tell one fault from another stay ("trap 12", "signal 11").
std::string normalised(std::string_view title);

// 16 hex digits. `family` is the first part of the rule's id ("linux"), `kind` that of the cause:
// a panic that followed from a crash does not change it. The first of `functions` counts.
std::string fingerprint(std::string_view family, Kind kind, std::string_view title,
                        std::span<const std::string> functions);

}  // namespace lastgasp
