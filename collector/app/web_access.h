// The file of TLS and users, in the form that Prometheus exporters take (`web.config.file`).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "exporters/web/access.h"

namespace lastgasp {

// Certificates and keys are read, and checked against each other; file names in it are relative to
// the folder of `file`. Nobody is an admin. Throws FileError with line, column and the way out.
WebAccess parse_web_access(std::string_view yaml, const std::string& file);
WebAccess load_web_access(const std::filesystem::path& file);

// Lets a user do everything. Throws Error when there is none of this name.
void make_admin(WebAccess& access, const std::string& name);

// What the files of `tls` hold now. Throws Error when they cannot be read or are no pair.
TlsSettings read_again(const TlsSettings& tls);

}  // namespace lastgasp
