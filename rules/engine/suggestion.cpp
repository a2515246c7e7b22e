#include "rules/engine/suggestion.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "rules/engine/characters.h"
#include "rules/engine/re2_options.h"
#include "rules/engine/rule.h"

namespace lastgasp {
namespace {

bool in_token(char c) { return is_digit(c) || is_alpha(c); }
bool is_space(char c) { return c == ' ' || c == '\t'; }

enum class TokenKind { text, space, number, hex };
struct Token {
  TokenKind kind{};
  std::string_view text;
};

// What a line may begin with before its message: kernel times, syslog stamps with host, sequence
// numbers, priorities.
std::string_view without_stamps(std::string_view line) {
  static const re2::RE2 stamp(
      R"(\s*(?:)"
      R"(<\d+>)"
      R"(|\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])?)"
      R"(|\d{6,}:)"
      R"(|[*.]?(?:[A-Z][a-z]{2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+(?: \d{4})?)"
      R"( \d+:\d+:\d+(?:\.\d+)?(?: [A-Z]{2,5})?(?: \d{4})?(?:: |:$| [\w.-]+ (?:[\w/.-]+(?:\[\d+\])?: )?| ))"
      R"(|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?:?)"
      R"()\s*)",
      expression_options());
  re2::StringPiece rest = piece(line);
  while (!rest.empty() && re2::RE2::Consume(&rest, stamp)) {
  }
  return {rest.data(), rest.size()};
}

TokenKind kind_of_word(std::string_view word) {
  if (std::all_of(word.begin(), word.end(), is_digit))
    return word.size() < 8 ? TokenKind::number : TokenKind::hex;
  const bool digits = std::any_of(word.begin(), word.end(), is_digit);
  const bool hex = word.size() >= 4 && std::all_of(word.begin(), word.end(), is_hex);
  return digits && hex ? TokenKind::hex : TokenKind::text;
}

// Adds a word, its digits apart: "cpu3" is text and a number.
void add_word(std::string_view word, std::vector<Token>& tokens) {
  const TokenKind kind = kind_of_word(word);
  if (kind != TokenKind::text) {
    tokens.push_back({kind, word});
    return;
  }
  while (!word.empty()) {
    const bool digits = is_digit(word.front());
    const auto end =
        std::find_if(word.begin(), word.end(), [&](char c) { return is_digit(c) != digits; });
    const auto length = static_cast<std::size_t>(end - word.begin());
    tokens.push_back({digits ? TokenKind::number : TokenKind::text, word.substr(0, length)});
    word.remove_prefix(length);
  }
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  while (!text.empty()) {
    const auto run = [&](auto is) {
      return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is) -
                                      text.begin());
    };
    std::size_t length = 1;
    if (is_space(text[0])) {
      length = run(is_space);
      tokens.push_back({TokenKind::space, text.substr(0, length)});
    } else if (!in_token(text[0])) {
      tokens.push_back({TokenKind::text, text.substr(0, 1)});
    } else {
      length = run(in_token);
      const std::string_view word = text.substr(0, length);
      if (word.size() > 2 && (word.starts_with("0x") || word.starts_with("0X")) &&
          std::all_of(word.begin() + 2, word.end(), is_hex)) {
        tokens.push_back({TokenKind::text, word.substr(0, 2)});
        tokens.push_back({TokenKind::hex, word.substr(2)});
      } else {
        add_word(word, tokens);
      }
    }
    text.remove_prefix(length);
  }
  return tokens;
}

std::string shape_of(const std::vector<Token>& tokens) {
  std::string shape;
  for (const Token& token : tokens) {
    switch (token.kind) {
      case TokenKind::text:
        shape += token.text;
        break;
      case TokenKind::space:
        shape += ' ';
        break;
      case TokenKind::number:
      case TokenKind::hex:
        shape += '#';
        break;
    }
  }
  shape.resize(std::min(shape.size(), kMaxShape));
  return shape;
}

// A byte that is no printable ASCII may stand for itself in a line, but not in a YAML file.
void append_literal(std::string_view text, std::string& expression) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') {
      expression += '.';
    } else {
      if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) expression += '\\';
      expression += c;
    }
  }
}

std::string expression_of(const std::vector<Token>& tokens) {
  std::string expression;
  std::size_t length = 0;
  for (const Token& token : tokens) {
    length += token.text.size();
    if (length > kMaxShape && !expression.empty()) break;
    switch (token.kind) {
      case TokenKind::text:
        append_literal(token.text, expression);
        break;
      case TokenKind::space:
        expression += "\\s+";
        break;
      case TokenKind::number:
        expression += "\\d+";
        break;
      case TokenKind::hex:
        expression += "[0-9A-Fa-f]+";
        break;
    }
  }
  return expression;
}

// In single quotes; what is no printable ASCII as ?.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    const bool printable = c >= ' ' && c <= '~';
    out += printable ? c : '?';
    if (c == '\'') out += c;
  }
  return out + "'";
}

std::string title_of(std::string_view shape) {
  static constexpr std::size_t kMaxTitle = 80;
  std::string title;
  for (const char c : shape.substr(0, kMaxTitle)) {
    title += c;
    if (c == '{' || c == '}') title += c;
  }
  while (!title.empty() && (is_space(title.back()) || title.back() == ':')) title.pop_back();
  return title.empty() ? "?" : title;
}

// The first words, as a part of an id.
std::string id_of(std::string_view shape) {
  static constexpr std::size_t kMaxId = 30;
  std::string id;
  for (const char c : shape) {
    if (is_alpha(c)) {
      id += static_cast<char>(c | 0x20);
    } else if (!id.empty() && id.back() != '_') {
      if (id.size() >= kMaxId) break;
      id += '_';
    }
  }
  id.resize(std::min(id.size(), 2 * kMaxId));
  while (id.ends_with('_')) id.pop_back();
  return id.empty() ? "line" : id;
}

Kind guessed_kind(std::string_view line) {
  static const std::array<std::pair<Expression, Kind>, 7> guesses{{
      {Expression("(?i)watchdog"), Kind::watchdog},
      {Expression("(?i)panic"), Kind::panic},
      {Expression("(?i)out of memory|oom"), Kind::oom},
      {Expression("(?i)hung|stuck|lock ?up|deadlock"), Kind::hang},
      {Expression("(?i)machine check|hardware|parity|\\becc\\b|uncorrect"), Kind::hardware},
      {Expression("(?i)died|killed|segfault|signal|core dump|abort|exited|traceback"),
       Kind::process_crash},
      {Expression("(?i)corrupt"), Kind::storage},
  }};
  for (const auto& [words, kind] : guesses)
    if (words.matches(line)) return kind;
  return Kind::crash;
}

}  // namespace

// Not as the name or the value of a setting: "panic=10" on a kernel's command line is no news.
CrashWords::CrashWords()
    : words_(
          "(?i)(?:^|[^\\w=])"
          "(?:panic|faults?\\b|faulted|exception|abort|fatal|crash(?:ed|es|ing)?\\b|died\\b|"
          "killed\\b|"
          "watchdog|assert|corrupt|backtrace|back trace|traceback|call trace|oops|segfault|"
          "core ?dump|dumped core|lock ?up|hung\\b|deadlock|stack overflow|out of memory|"
          "uncorrectable|unrecoverable|machine check|unhandled|terminated abnormally|"
          "unexpected(?:ly)? (?:exit|reset|reboot|restart|terminat)|signal \\d|(?-i:BUG)\\b)"
          "\\w*(?:[^\\w=]|$)") {}

std::string line_shape(std::string_view line) { return shape_of(tokens_of(without_stamps(line))); }

std::string draft_pack(std::string_view line) {
  const std::string_view message = without_stamps(line);
  const std::vector<Token> tokens = tokens_of(message);
  const std::string shape = shape_of(tokens);
  std::string yaml = "pack: ours\nrules:\n";
  yaml += "  - id: ours." + id_of(shape) + "\n";
  yaml += "    kind: " + std::string(name_of(guessed_kind(message))) + "\n";
  yaml += "    match: " + in_quotes(expression_of(tokens)) + "\n";
  yaml += "    title: " + in_quotes(title_of(shape)) + "\n";
  yaml += "    samples:\n      - " + in_quotes(line) + "\n";
  return yaml;
}

}  // namespace lastgasp
