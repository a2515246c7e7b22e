#include "exporters/web/line_list.h"

#include "exporters/web/api.h"
#include "exporters/web/line_json.h"

namespace lastgasp {

bool LineList::add(const FoundLine& line) {
  const auto json = line_json(line);
  if (text_.size() + json.size() > kMaxAnswerBytes) return full_ = true, false;
  if (!text_.empty()) text_ += ',';
  text_ += json;
  hits_ += line.hit;
  return true;
}

}  // namespace lastgasp
