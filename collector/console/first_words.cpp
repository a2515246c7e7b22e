#include "collector/console/first_words.h"

#include <algorithm>
#include <array>

namespace lastgasp {
namespace {

constexpr std::size_t kQuoted = 120;  // bytes of a banner that are told

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank(" \t\r\n\0", 5);
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool same_letters(char a, char b) { return (a | 0x20) == (b | 0x20); }

}  // namespace

bool ends_in_login_prompt(std::string_view text) {
  constexpr std::array<std::string_view, 6> kPrompts{
      "login:", "username:", "user name:", "login name:", "password:", "login as:"};
  constexpr std::string_view kSpaces(" \t\0", 3);
  const std::size_t last = text.find_last_not_of(kSpaces);
  if (last == std::string_view::npos) return false;
  text = text.substr(0, last + 1);
  return std::any_of(kPrompts.begin(), kPrompts.end(), [text](std::string_view prompt) {
    return text.size() >= prompt.size() &&
           std::equal(prompt.begin(), prompt.end(), text.end() - prompt.size(), same_letters);
  });
}

FirstWords::FirstWords(const LinkSettings& settings, bool server_may_answer, MonoTime opened)
    : within_(settings.first_words),
      most_(settings.first_words_bytes),
      server_may_answer_(server_may_answer),
      opened_(opened),
      settled_(!server_may_answer) {}

LinkReason FirstWords::hear(std::string_view bytes, MonoTime at) {
  if (settled_) return reason_;
  heard_ += bytes.size();
  if (!early(at)) {
    // The server's prompt stands until something else than a prompt comes through the line.
    if (reason_ == LinkReason::server_login && ends_in_login_prompt(bytes)) return reason_;
    settled_ = true;
    words_ = {};
    return reason_ = LinkReason::none;
  }
  words_.append(bytes);
  reason_ = ends_in_login_prompt(words_) ? LinkReason::server_login : LinkReason::none;
  return reason_;
}

LinkStatus FirstWords::judge(LinkStatus end, MonoTime at) const {
  const bool ended = end.reason == LinkReason::closed || end.reason == LinkReason::reset;
  if (!ended || !server_may_answer_ || settled_ || !early(at)) return end;
  end.reason = LinkReason::busy;
  end.detail = "accepted and closed at once";
  end.said = trimmed(words_).substr(0, kQuoted);
  return end;
}

}  // namespace lastgasp
