// Blocks that share what their texts have in common: smaller, and readable as long as one of the
// two copies of it is.
#include "collector/transcript/text_dictionary.h"

#include <catch2/catch.hpp>
#include <random>

#include "collector/transcript/day_reader.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/repair.h"
#include "collector/transcript/schema.h"
#include "transcript_fixture.h"

using namespace lastgasp;

namespace {

// What a switch says over and over, each time of another port.
std::string device_text(unsigned seed, std::size_t bytes) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) {
    const std::string port =
        "GigabitEthernet" + std::to_string(random() % 4) + "/" + std::to_string(random() % 48);
    text += "%LINEPROTO-5-UPDOWN: Line protocol on Interface " + port + ", changed state to " +
            (random() % 2 != 0 ? "up" : "down") +
            "\r\n%SEC_LOGIN-4-LOGIN_FAILED: Login failed at " + std::to_string(random()) + "\r\n";
  }
  return text;
}

std::filesystem::path day_file(const std::filesystem::path& folder) {
  return day_path(folder, day_of(kNoon));
}

std::size_t stored_dictionaries(const std::filesystem::path& file) {
  Database db = Database::open_read_only(file);
  Statement count(db, "SELECT count(*) FROM dictionary");
  REQUIRE(count.step());
  return static_cast<std::size_t>(count.integer(0));
}

void damage_dictionary(const std::filesystem::path& file, const std::string& which) {
  Database::create(file).run("UPDATE dictionary SET data=zeroblob(length(data)) WHERE " + which);
}

std::vector<Problem> problems_of(const std::filesystem::path& path) {
  return verify(path, [](std::uint64_t) {}).problems;
}

// A day of one console in two steps, the first with text enough for a dictionary.
class DayOfSteps {
 public:
  DayOfSteps() {
    for (const unsigned step : {1U, 2U}) put(device_text(step, 300'000));
  }
  void put(const std::string& text) {
    HandClock clock(last_);
    TranscriptWriter writer(folder_.path(), {}, clock);
    append(writer, writer.console_id("core1", ""), last_ += std::chrono::seconds(1), text);
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
    printed_ += text;
  }
  // Which packs the day.
  void put_two_days_later(const std::string& text) {
    last_ += 2 * kDay;
    put(text);
  }
  std::string stored() const {
    TranscriptReader reader(path());
    return raw_of(reader, "core1");
  }
  const std::string& printed() const { return printed_; }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
  WallTime last_ = kNoon;
  std::string printed_;
};

}  // namespace

TEST_CASE("a dictionary makes text like that it was made of smaller, and is needed for it") {
  CHECK(TextDictionary::learn(device_text(1, TextDictionary::kLeastText / 2)) == nullptr);
  CHECK(TextDictionary::sample(device_text(1, TextDictionary::kLeastText / 2)) == nullptr);
  const auto made = GENERATE(&TextDictionary::learn, &TextDictionary::sample);
  const auto dictionary = made(device_text(1, 300'000));
  const auto other = made(device_text(3, 300'000));
  REQUIRE(dictionary);
  REQUIRE(other);
  CHECK(dictionary->bytes().size() <= TextDictionary::kBytes);
  for (const PackLevel level : {PackLevel::fast, PackLevel::keep}) {
    const std::string text = device_text(2, 4'000);
    Packer packer(level);
    const std::size_t alone = packer.pack(text).size();
    packer.use(dictionary.get());
    const std::string packed(packer.pack(text));
    CHECK(packed.size() * 10 < alone * 9);
    std::string raw;
    CHECK(unpack(packed, checksum(packed), text.size(), raw, dictionary.get()));
    CHECK(raw == text);
    CHECK_FALSE(unpack(packed, checksum(packed), text.size(), raw));
    CHECK_FALSE(unpack(packed, checksum(packed), text.size(), raw, other.get()));
    packer.use(nullptr);
    CHECK(packer.pack(text).size() == alone);
  }
}

TEST_CASE("a text of any length is packed with a dictionary") {
  const std::string all = device_text(1, 1'000'000);
  const auto dictionary = TextDictionary::sample(all);
  REQUIRE(dictionary);
  Packer packer(PackLevel::fast);
  packer.use(dictionary.get());
  for (const std::size_t bytes : {4'000U, 400'000U, 100U, 1'000'000U, 0U}) {
    const std::string text = all.substr(0, bytes);
    const std::string packed(packer.pack(text));
    std::string raw;
    CHECK(unpack(packed, checksum(packed), bytes, raw, dictionary.get()));
    CHECK(raw == text);
    if (bytes > 0) CHECK_FALSE(unpack(packed, checksum(packed), bytes, raw));
  }
}

TEST_CASE("a day begins with a sample of its first step, and all it holds is read") {
  DayOfSteps day;
  CHECK(stored_dictionaries(day_file(day.path())) == 2);
  day.put("not much more\n");
  CHECK(day.stored() == day.printed());
  CHECK(problems_of(day.path()).empty());
}

TEST_CASE("a day that is packed learns from all of it") {
  DayOfSteps day;
  std::string first;
  {
    Database db = Database::open_read_only(day_file(day.path()));
    first = TextDictionary::read(db)->bytes();
  }
  day.put_two_days_later("not much\n");
  {
    Database db = Database::open_read_only(day_file(day.path()));
    REQUIRE(read_meta(db).packed());
    CHECK(TextDictionary::read(db)->bytes() != first);
  }
  CHECK(stored_dictionaries(day_file(day.path())) == 2);
  CHECK(day.stored() == day.printed());
  CHECK(problems_of(day.path()).empty());
}

TEST_CASE("a damaged dictionary costs nothing, and repair makes it whole") {
  const bool packed = GENERATE(false, true);
  DayOfSteps day;
  if (packed) day.put_two_days_later("not much\n");
  damage_dictionary(day_file(day.path()), "id=1");
  CHECK(day.stored() == day.printed());
  const auto problems = problems_of(day.path());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].table == "dictionary");
  CHECK(problems[0].row == 1);

  const auto files = repair(day.path(), {}, [](std::uint64_t) {});
  REQUIRE(files.size() == 1);
  CHECK(files[0].salvaged.losses.empty());
  CHECK(stored_dictionaries(day_file(day.path())) == 2);
  CHECK(problems_of(day.path()).empty());
  CHECK(day.stored() == day.printed());
}

TEST_CASE("with both copies gone blocks are damaged, not wrong, and the day goes on") {
  DayOfSteps day;
  damage_dictionary(day_file(day.path()), "true");
  CHECK(day.stored().empty());
  {
    TranscriptReader reader(day.path());
    SearchEnd end;
    CHECK(found(reader, text_query("changed state"), &end).empty());
    CHECK(end.damaged_blocks > 0);
  }
  CHECK(problems_of(day.path()).size() > 2);
  const std::string later = device_text(5, 300'000);
  day.put(later);
  CHECK(day.stored() == later);
}
