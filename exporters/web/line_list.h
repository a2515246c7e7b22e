// Lines as the text of a JSON array, up to kMaxAnswerBytes. Belongs to one request.
#pragma once

#include <cstddef>
#include <string>

#include "collector/transcript/reader.h"

namespace lastgasp {

class LineList {
 public:
  // False, and nothing added, when there is no more room.
  bool add(const FoundLine& line);
  bool full() const { return full_; }
  std::size_t hits() const { return hits_; }
  std::string array() const { return '[' + text_ + ']'; }

 private:
  std::string text_;
  bool full_ = false;
  std::size_t hits_ = 0;
};

}  // namespace lastgasp
