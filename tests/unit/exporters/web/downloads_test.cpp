#include "exporters/web/downloads.h"

#include <catch2/catch.hpp>
#include <future>

#include "exporters/web/deadlines.h"
#include "exporters/web/request.h"
#include "fake_backend.h"

namespace lastgasp {
namespace {

using namespace std::chrono_literals;

// A client that waits until it is woken.
class Client final : public StreamConnection {
 public:
  explicit Client(std::shared_ptr<AnswerStream> answer) : answer_(std::move(answer)) {
    answer_->attach(*this);
  }
  ~Client() { answer_->detach(); }

  void sleep() override {
    const std::lock_guard lock(mutex_);
    awake_ = false;
  }
  void wake() override {
    const std::lock_guard lock(mutex_);
    awake_ = true;
    changed_.notify_all();
  }
  bool left() override { return false; }
  void cut() override {
    const std::lock_guard lock(mutex_);
    was_cut_ = true;
    changed_.notify_all();
  }

  // Up to `size` bytes; less is the end.
  std::string take(std::size_t size) {
    std::string text;
    std::array<char, 5> part{};
    while (text.size() < size) {
      const auto read = answer_->read({part.data(), std::min(part.size(), size - text.size())});
      if (!read) return text;
      text.append(part.data(), *read);
      std::unique_lock lock(mutex_);
      REQUIRE(changed_.wait_for(lock, 30s, [this] { return awake_; }));
    }
    return text;
  }
  bool wait_cut() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [this] { return was_cut_; });
  }

 private:
  const std::shared_ptr<AnswerStream> answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool awake_ = true, was_cut_ = false;
};

// "1;2;3;" up to the number, then the end.
PieceSource counting(int to) {
  return [i = 0, to]() mutable { return i < to ? std::to_string(++i) + ';' : std::string(); };
}

struct DownloadsFixture {
  FakeBackend backend;
  Downloads downloads{backend};
};

}  // namespace

TEST_CASE_METHOD(DownloadsFixture, "pieces are made one after the other until there are no more") {
  Client client(downloads.start("begin;", counting(5)));
  CHECK(client.take(SIZE_MAX) == "begin;1;2;3;4;5;");
  CHECK(client.take(1).empty());
}

TEST_CASE_METHOD(DownloadsFixture, "a piece is made when it is wanted, and not before") {
  std::atomic<int> made{0};
  Client slow(downloads.start("begin;", [&] {
    ++made;
    return std::string("x");
  }));
  CHECK(slow.take(6) == "begin;");
  Client other(downloads.start("begin;", counting(100)));  // is served meanwhile
  CHECK(other.take(SIZE_MAX).ends_with("99;100;"));
  CHECK(made == 0);
}

TEST_CASE_METHOD(DownloadsFixture, "a source that fails breaks the answer off") {
  Client client(
      downloads.start("begin;", []() -> std::string { throw Error("the disk is gone"); }));
  CHECK(client.take(SIZE_MAX) == "begin;");
  CHECK(client.wait_cut());
}

TEST_CASE_METHOD(DownloadsFixture, "so many at once and no more, and their places come back") {
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < kMaxDownloads; ++i)
    clients.push_back(std::make_unique<Client>(downloads.start("x", counting(1))));
  try {
    downloads.start("x", counting(1));
    FAIL("one too many was taken");
  } catch (const HttpError& refused) {
    CHECK(refused.code() == 503);
  }
  clients.pop_back();
  CHECK_NOTHROW(downloads.start("x", counting(1)));
}

TEST_CASE_METHOD(DownloadsFixture, "all end with the server") {
  Client client(downloads.start("begin;", counting(1000)));
  client.take(7);
  downloads.stop();
  CHECK(client.wait_cut());
  CHECK_THROWS_AS(downloads.start("x", counting(1)), HttpError);
}

TEST_CASE("who takes a piece too slowly is cut off, in the time that an answer of its size has") {
  FakeBackend backend;
  Downloads downloads{backend};
  const MonoTime now = backend.time.mono;
  const auto download =
      std::make_shared<Download>(downloads, std::string(1 << 20, 'x'), counting(1), now);
  Client client(download);
  download->tend(now + answer_time(1 << 20) - 1s);
  CHECK_FALSE(download->over());
  CHECK(client.take(1000).size() == 1000);
  download->tend(now + answer_time(1 << 20));
  CHECK(download->over());
  CHECK(client.wait_cut());
}

}  // namespace lastgasp
