#include "rules/engine/line_gate.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "rules/engine/characters.h"

namespace lastgasp {

LineGate::LineGate(std::vector<std::string> texts, const std::string& bytes)
    : texts_(std::move(texts)) {
  for (const char byte : bytes) {
    bytes_ += byte;
    if (is_alpha(byte)) bytes_ += static_cast<char>(byte ^ 0x20);
  }
  for (const char byte : bytes_) wanted_.push_back(Sixteen{} + static_cast<unsigned char>(byte));
}

void LineGate::find_texts(std::string_view line, std::vector<std::uint32_t>& found) const {
  found.clear();
  texts_.each(line, 0, [&](std::uint32_t text, std::size_t) {
    if (std::find(found.begin(), found.end(), text) == found.end()) found.push_back(text);
    return line.size();
  });
}

// Sixteen bytes at a step.
bool LineGate::has_byte(std::string_view line) const {
  const auto step = [this](const char* from) {
    Sixteen text;
    std::memcpy(&text, from, sizeof text);
    Sixteen found{};
    for (const Sixteen& wanted : wanted_) found |= reinterpret_cast<Sixteen>(text == wanted);
    using Halves [[gnu::vector_size(16)]] = std::uint64_t;
    const auto halves = reinterpret_cast<Halves>(found);
    return (halves[0] | halves[1]) != 0;
  };
  if (line.size() < sizeof(Sixteen)) return line.find_first_of(bytes_) != line.npos;
  for (std::size_t at = 0; at + sizeof(Sixteen) <= line.size(); at += sizeof(Sixteen))
    if (step(line.data() + at)) return true;
  return step(line.data() + line.size() - sizeof(Sixteen));
}

}  // namespace lastgasp
