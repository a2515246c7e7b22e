#include "rules/engine/logger_stamp.h"

#include "rules/engine/characters.h"

namespace lastgasp {
namespace {

// Takes what looks like `form` off the front: 9 is a digit, a is a letter, others are themselves.
bool take(std::string_view& text, std::string_view form) {
  if (text.size() < form.size()) {
    return false;
  }
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = text[i];
    if (form[i] == '9' ? !is_digit(c) : form[i] == 'a' ? !is_alpha(c) : c != form[i]) {
      return false;
    }
  }
  text.remove_prefix(form.size());
  return true;
}

// "10:11:12", "10:11:12.123456"
bool take_time(std::string_view& text) {
  if (!take(text, "99:99:99")) {
    return false;
  }
  if (text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1])) {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text[0])) {
      text.remove_prefix(1);
    }
  }
  return true;
}

void take_zone(std::string_view& text) {
  if (!take(text, "Z") && !take(text, "+99:99") && !take(text, "-99:99") && !take(text, "+9999")) {
    take(text, "-9999");
  }
}

bool take_iso(std::string_view& text) {
  std::string_view rest = text;
  if (!take(rest, "9999-99-99") || (!take(rest, "T") && !take(rest, " ")) || !take_time(rest)) {
    return false;
  }
  take_zone(rest);
  text = rest;
  return true;
}

// As ctime() writes it: "Sun Nov 22 10:11:12 2026", with a zone before the year or not.
bool take_ctime(std::string_view& text) {
  std::string_view rest = text;
  if (!take(rest, "aaa aaa ") || (!take(rest, "99 ") && !take(rest, " 9 ")) || !take_time(rest)) {
    return false;
  }
  take(rest, " aaa") || take(rest, " aaaa");
  if (!take(rest, " 9999")) {
    return false;
  }
  text = rest;
  return true;
}

}  // namespace

std::string_view without_logger_stamp(std::string_view line) {
  std::string_view rest = line;
  const bool bracket = take(rest, "[");
  if (!bracket && (rest.empty() || !is_digit(rest[0]))) {
    return line;
  }
  const bool stamp = take_iso(rest) || (bracket && (take_ctime(rest) || take_time(rest)));
  if (!stamp || (bracket && !take(rest, "]"))) {
    return line;
  }
  if (!bracket && !rest.empty() && rest[0] != ' ') {
    return line;
  }
  take(rest, " ");
  return rest;
}

}  // namespace lastgasp
