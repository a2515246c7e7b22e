#include "exporters/web/html.h"

#include <cstdio>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

// The code point of the two or three byte sequence at `at`; `length` is set. 0 for anything else.
unsigned code_point(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if ((byte(0) & 0xe0) == 0xc0) return length = 2, (byte(0) & 0x1fu) << 6 | (byte(1) & 0x3fu);
  if ((byte(0) & 0xf0) == 0xe0)
    return length = 3, (byte(0) & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu);
  return 0;
}

bool deceives_the_eye(unsigned c) {
  return c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

void Html::text(std::string_view raw) {
  const std::string clean = to_utf8(raw);
  for (std::size_t i = 0; i < clean.size();) {
    std::size_t length = 1;
    const unsigned c = code_point(clean, i, length);
    if (const auto replaced = entity(clean[i]); !replaced.empty()) {
      out_ += replaced;
    } else if (deceives_the_eye(c)) {
      char shown[8];
      std::snprintf(shown, sizeof shown, "\\u%04x", c & 0xffff);
      out_ += shown;
    } else {
      out_.append(clean, i, length);
    }
    i += length;
  }
}

void Html::open(Literal tag, Attributes attributes) {
  out_ += '<';
  out_ += tag.view();
  for (const auto& attribute : attributes) {
    if (!attribute.present) continue;
    out_ += ' ';
    out_ += attribute.name.view();
    out_ += "=\"";
    text(attribute.value);
    out_ += '"';
  }
  out_ += '>';
}

void Html::close(Literal tag) {
  out_ += "</";
  out_ += tag.view();
  out_ += '>';
}

void Html::element(Literal tag, Attributes attributes, std::string_view content) {
  open(tag, attributes);
  text(content);
  close(tag);
}

}  // namespace lastgasp
