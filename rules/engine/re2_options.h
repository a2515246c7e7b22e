// How all expressions of rules are compiled. Internal to this folder.
#pragma once

#include <re2/re2.h>

#include <string_view>

namespace lastgasp {

// Latin-1, so that every byte is a character; no logging.
re2::RE2::Options expression_options();

inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace lastgasp
