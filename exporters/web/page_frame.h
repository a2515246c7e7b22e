// What stands around every page: head, banner, and the place for what the page is about.
#pragma once

#include <functional>
#include <string>

#include "collector/core/clock.h"
#include "exporters/web/html.h"
#include "exporters/web/response.h"

namespace lastgasp {

enum class Section { none, wall, incidents, transcripts, rules };

struct Frame {
  std::string title;
  Section section = Section::none;
  std::string view;   // for the scripts: "wall", "incident", ...; empty when nothing is enhanced
  bool live = false;  // changes by itself: kept fresh by the scripts, or reloaded without them
  WallTime now{};
};

Response framed(const Frame& frame, const std::function<void(Html&)>& content);

}  // namespace lastgasp
