// Writes HTML that cannot be broken out of: tags and attribute names are compile-time literals, and
// every other text is escaped on its way in. Elements close themselves. Belongs to one thread.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace lastgasp {

// A text of the program, never of a console.
class Literal {
 public:
  consteval Literal(const char* text) : text_(text) {}
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

struct Attribute {
  Literal name;
  std::string value{};
  bool present = true;
};

class Html {
 public:
  using Attributes = std::initializer_list<Attribute>;

  // Console text as it is shown: valid UTF-8, escaped, control characters replaced, and those that
  // change the direction or hide text made visible (\u202e).
  void text(std::string_view text);
  void element(Literal tag, Attributes attributes, std::string_view content);
  template <std::invocable Body>
  void element(Literal tag, Attributes attributes, Body body) {
    open(tag, attributes);
    body();
    close(tag);
  }
  // <input>, <meta>, <link>: nothing inside and no end tag.
  void empty(Literal tag, Attributes attributes) { open(tag, attributes); }
  void doctype() { out_ += "<!doctype html>\n"; }

  std::string take() { return std::move(out_); }

 private:
  void open(Literal tag, Attributes attributes);
  void close(Literal tag);

  std::string out_;
};

}  // namespace lastgasp
