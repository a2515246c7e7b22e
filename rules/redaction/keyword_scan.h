// Finds the first of many words in a text, in any case: the only thing most lines ever pay for
// redaction. Of each word a few pairs of bytes that follow each other, and are rare in what
// consoles print, are looked for at every third byte of the text; where one stands, the words that
// hold it are compared. Immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

class KeywordScan {
 public:
  static constexpr std::size_t kShortest = 3;  // bytes of a keyword
  static constexpr std::size_t npos = std::string_view::npos;

  // Of printable ASCII, each at least kShortest bytes.
  explicit KeywordScan(const std::vector<std::string>& keywords);

  // Where the keyword that ends first beyond offset `from` ends; npos when there is none.
  std::size_t find(std::string_view text, std::size_t from) const;
  // Appends the numbers of all keywords in the text, as given, possibly more than once.
  void all(std::string_view text, std::vector<std::uint16_t>& numbers) const;

 private:
  struct Word {
    std::string text;                    // lower case
    std::vector<std::uint16_t> numbers;  // of the keywords that are this word
  };
  // What may stand around a pair, by kind of byte: nearly always nothing else is compared.
  struct Around {
    std::uint64_t before = 0, behind = 0;
    bool fits(const Around& text) const {
      return (before & text.before) != 0 && (behind & text.behind) != 0;
    }
  };
  struct Place {  // of a pair in a word
    Around around;
    std::uint16_t word, offset;
  };
  struct Chain {
    Around around;              // of any of its places
    std::vector<Place> places;  // of one pair, or of several
  };

  static Around around(std::string_view text, std::size_t at);
  void add_words(const std::vector<std::string>& keywords);
  void add_pairs(std::size_t word);
  void add_pair(std::size_t word, std::size_t offset);
  std::uint8_t chain_at(const char* pair) const;
  bool known_among(const char* pair) const;  // whether one of the next pairs has a chain
  template <typename Found>
  void scan(std::string_view text, std::size_t at, Found found) const;
  template <typename Found>
  void compare(const Chain& chain, const Around& here, std::string_view text, std::size_t at,
               std::size_t& until, Found& found) const;

  std::vector<Word> words_;
  std::size_t longest_ = 0;
  std::size_t step_ = 1;                     // so many pairs of each word are known: one is met
  std::vector<std::uint8_t> chain_of_pair_;  // 0: no word has it
  std::vector<Chain> chains_;
};

}  // namespace lastgasp
