#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "rules/engine/pack.h"

using namespace lastgasp;
namespace fs = std::filesystem;

namespace {

// A folder that is gone when the test is.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("lastgasp-packs-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string error_of(const fs::path& path, bool folder) {
  try {
    folder ? static_cast<void>(load_packs(path)) : static_cast<void>(load_pack(path));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("the packs of a folder are read in the order of their names, and nothing else") {
  const Folder folder;
  folder.write("20-b.yaml", "pack: b\n");
  folder.write("10-a.yaml", "pack: a\n");
  folder.write("README.md", "not yaml: [\n");
  folder.write("c.yaml~", "pack: [\n");
  const auto packs = load_packs(folder.path());
  REQUIRE(packs.size() == 2);
  CHECK(packs[0].name == "a");
  CHECK(packs[1].name == "b");
  CHECK(packs[1].file == (folder.path() / "20-b.yaml").string());
}

TEST_CASE("what cannot be read is named") {
  const Folder folder;
  const std::string none = (folder.path() / "none.yaml").string();
  CHECK(error_of(none, false) == "read rule pack " + none + ": No such file or directory");
  CHECK(error_of(folder.path() / "none", true) ==
        "read rule folder " + (folder.path() / "none").string() + ": No such file or directory");
  CHECK(error_of(folder.path(), false) ==
        "read rule pack " + folder.path().string() + ": Is a directory");
  folder.write("bad.yaml", "pack: 3 4\n");
  CHECK(
      error_of(folder.path(), true).starts_with((folder.path() / "bad.yaml").string() + ":1:7: "));
}
