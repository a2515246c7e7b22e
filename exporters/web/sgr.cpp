#include "exporters/web/sgr.h"

#include <algorithm>
#include <vector>

namespace lastgasp {
namespace {

constexpr int kMostParameters = 16;

std::vector<int> numbers_in(std::string_view parameters) {
  std::vector<int> numbers{0};
  for (const char c : parameters) {
    if (c >= '0' && c <= '9')
      numbers.back() = numbers.back() < 1000 ? numbers.back() * 10 + (c - '0') : 1000;
    else if ((c == ';' || c == ':') && numbers.size() < kMostParameters)
      numbers.push_back(0);
    else
      return {};
  }
  return numbers;
}

// Of the sixteen: which of red, green and blue are on, and whether they are bright.
int nearest(int red, int green, int blue) {
  const int most = std::max({red, green, blue});
  if (most < 64) return 0;
  const auto on = [&](int part) { return part * 2 > most ? 1 : 0; };
  const int hue = on(red) | on(green) << 1 | on(blue) << 2;
  return most > 192 ? hue + 8 : hue == 7 ? 8 : hue;
}

int of_palette(int n) {
  if (n < 16) return n;
  if (n >= 232) return nearest((n - 232) * 11, (n - 232) * 11, (n - 232) * 11);
  n -= 16;
  return nearest(n / 36 * 51, n / 6 % 6 * 51, n % 6 * 51);
}

// The colour told by "5;N" or "2;R;G;B" at `at`, which is moved to its last number; -1 for none.
int extended(const std::vector<int>& numbers, std::size_t& at) {
  const auto left = numbers.size() - at - 1;
  if (left >= 2 && numbers[at + 1] == 5) {
    at += 2;
    return numbers[at] < 256 ? of_palette(numbers[at]) : -1;
  }
  if (left >= 4 && numbers[at + 1] == 2) {
    at += 4;
    return nearest(numbers[at - 2], numbers[at - 1], numbers[at]);
  }
  at = numbers.size();
  return -1;
}

}  // namespace

void Look::apply(std::string_view parameters) {
  const auto numbers = numbers_in(parameters);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 38)
      ink_ = static_cast<std::int8_t>(extended(numbers, i));
    else if (numbers[i] == 48)
      ground_ = static_cast<std::int8_t>(extended(numbers, i));
    else
      code(numbers[i]);
  }
}

void Look::code(int code) {
  if (code >= 30 && code <= 37) ink_ = static_cast<std::int8_t>(code - 30);
  if (code >= 90 && code <= 97) ink_ = static_cast<std::int8_t>(code - 90 + 8);
  if (code >= 40 && code <= 47) ground_ = static_cast<std::int8_t>(code - 40);
  if (code >= 100 && code <= 107) ground_ = static_cast<std::int8_t>(code - 100 + 8);
  switch (code) {
    case 0:
      *this = {};
      break;
    case 1:
    case 2:
      (code == 1 ? bold_ : dim_) = true;
      break;
    case 3:
    case 23:
      italic_ = code == 3;
      break;
    case 4:
    case 24:
      underline_ = code == 4;
      break;
    case 7:
    case 27:
      inverse_ = code == 7;
      break;
    case 9:
    case 29:
      struck_ = code == 9;
      break;
    case 22:
      bold_ = dim_ = false;
      break;
    case 39:
      ink_ = kDefault;
      break;
    case 49:
      ground_ = kDefault;
      break;
    default:
      break;
  }
}

std::string Look::classes() const {
  std::string names;
  const auto add = [&](bool wanted, const std::string& name) {
    if (wanted) names += (names.empty() ? "" : " ") + name;
  };
  add(ink_ >= 0, 'f' + std::to_string(ink_));
  add(ground_ >= 0, 'b' + std::to_string(ground_));
  add(bold_, "bold");
  add(dim_, "dim");
  add(italic_, "italic");
  add(underline_, "underline");
  add(inverse_, "inverse");
  add(struck_, "struck");
  return names;
}

}  // namespace lastgasp
