// One daemon a folder: held for as long as the object lives, gone with the process however it ends.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lastgasp {

class FolderLock {
 public:
  // Creates the folder if need be. Throws Error that names the process holding it.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int fd_ = -1;
};

// Who holds the folder, as "process 123"; nothing when nobody does.
std::optional<std::string> folder_holder(const std::filesystem::path& folder);

}  // namespace lastgasp
