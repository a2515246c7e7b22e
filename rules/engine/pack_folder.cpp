#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include "rules/engine/pack.h"

namespace lastgasp {

std::string pack_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  in.peek();  // a folder opens, and only reading it fails
  if (!in.is_open() || in.bad()) {
    throw Error(errno_text("read rule pack " + file.string(), errno));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::vector<std::filesystem::path> pack_files(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".yaml") files.push_back(it->path());
  }
  if (error) throw Error(errno_text("read rule folder " + folder.string(), error.value()));
  std::sort(files.begin(), files.end());
  return files;
}

Pack load_pack(const std::filesystem::path& file) {
  return parse_pack(pack_text(file), file.string());
}

std::vector<Pack> load_packs(const std::filesystem::path& folder) {
  std::vector<Pack> packs;
  for (const auto& file : pack_files(folder)) packs.push_back(load_pack(file));
  return packs;
}

}  // namespace lastgasp
