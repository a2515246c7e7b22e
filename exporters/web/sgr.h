// How text looks after SGR sequences ("ESC [ 1 ; 31 m"), as the class names that log.css knows.
// Pure. What would hide text (conceal) is not obeyed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lastgasp {

class Look {
 public:
  // `parameters` is what stands between "ESC [" and "m".
  void apply(std::string_view parameters);
  // "f1 b4 bold"; empty for plain text. Colours are 0 to 15; others are brought to the nearest.
  std::string classes() const;
  bool operator==(const Look&) const = default;

 private:
  static constexpr std::int8_t kDefault = -1;

  void code(int code);

  std::int8_t ink_ = kDefault, ground_ = kDefault;
  bool bold_ = false, dim_ = false, italic_ = false, underline_ = false, inverse_ = false,
       struck_ = false;
};

}  // namespace lastgasp
