#include "collector/console/connect_budget.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <vector>

#include "collector/console/link.h"

using namespace lastgasp;

namespace {

struct Taker {
  asio::steady_timer timer;
  ConnectBudget::Place place;
  bool returned = false;
  explicit Taker(asio::io_context& io) : timer(io) {}
};

asio::awaitable<void> take(ConnectBudget& budget, std::string server, Taker& taker) {
  taker.place = co_await budget.take(server, taker.timer);
  taker.returned = true;
}

struct Queue {
  asio::io_context io;
  std::shared_ptr<ConnectBudget> budget = make_connect_budget(2);
  std::deque<Taker> takers;

  Taker& enter(const std::string& server) {
    Taker& taker = takers.emplace_back(io);
    asio::co_spawn(io, take(*budget, server, taker), asio::detached);
    settle();
    return taker;
  }
  void settle() {
    io.restart();
    io.poll();
  }
};

}  // namespace

TEST_CASE("only_so_many_attempts_at_once_in_order") {
  Queue queue;
  Taker& a = queue.enter("ts1");
  Taker& b = queue.enter("ts1");
  Taker& c = queue.enter("ts1");
  Taker& d = queue.enter("ts1");
  CHECK(a.returned);
  CHECK(b.returned);
  CHECK_FALSE(c.returned);
  b.place.release();
  queue.settle();
  CHECK(c.returned);
  CHECK_FALSE(d.returned);
  a.place.release();
  c.place.release();
  queue.settle();
  CHECK(d.returned);
}

TEST_CASE("servers_and_local_devices_do_not_share") {
  Queue queue;
  for (int i = 0; i < 2; ++i) CHECK(queue.enter("ts1").returned);
  CHECK_FALSE(queue.enter("ts1").returned);
  CHECK(queue.enter("ts2").returned);
  for (int i = 0; i < 5; ++i) CHECK(queue.enter("").returned);
}

TEST_CASE("cancelled_wait_takes_no_place") {
  Queue queue;
  Taker& a = queue.enter("ts1");
  queue.enter("ts1");
  Taker& gone = queue.enter("ts1");
  Taker& next = queue.enter("ts1");
  gone.timer.cancel();
  queue.settle();
  CHECK(gone.returned);
  CHECK_FALSE(next.returned);
  a.place.release();
  queue.settle();
  CHECK(next.returned);
}

TEST_CASE("context_destroyed_while_links_wait") {
  auto queue = std::make_unique<Queue>();
  for (int i = 0; i < 4; ++i) queue->enter("ts1");
  CHECK_FALSE(queue->takers.back().returned);
}
