#include "collector/transcript/incident_note.h"

#include <algorithm>

namespace lastgasp {

const IncidentNote* acknowledgement(const std::vector<IncidentNote>& notes) {
  const auto found = std::find_if(notes.begin(), notes.end(),
                                  [](const IncidentNote& note) { return note.acknowledges; });
  return found == notes.end() ? nullptr : &*found;
}

}  // namespace lastgasp
