// Where else a crash was seen, by its fingerprint and then by the words of its title: for the API
// and the command line.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/reader.h"

namespace lastgasp {

// The incidents of one console with one fingerprint.
struct SimilarIncidents {
  IncidentRow last;
  std::string console;
  std::size_t count = 0;
  bool same_fingerprint = false;
  double similarity = 0;  // of the titles, 0 to 1
};

// The likest first. Throws Error when there is no incident `id`.
std::vector<SimilarIncidents> similar_incidents(TranscriptReader& reader, IncidentId id);

std::string similar_json(const SimilarIncidents& match);

}  // namespace lastgasp
