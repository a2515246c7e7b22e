// Limits how many links of one console server open at once; see link.h. One thread.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

namespace lastgasp {

class ConnectBudget : public std::enable_shared_from_this<ConnectBudget> {
 public:
  explicit ConnectBudget(int attempts_at_once_per_server) : most_(attempts_at_once_per_server) {}

  // The right to open; given back when destroyed.
  class Place {
   public:
    Place() = default;  // bound to nothing
    Place(std::shared_ptr<ConnectBudget> budget, std::string server);
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;
    ~Place() { release(); }
    void release();

   private:
    std::shared_ptr<ConnectBudget> budget_;
    std::string server_;
  };

  // Waits for a place, first come first served, on `timer`, which must outlive the wait. When the
  // timer is cancelled by its owner the place is bound to nothing. An empty server has no limit.
  asio::awaitable<Place> take(std::string server, asio::steady_timer& timer);

 private:
  struct Server {
    int taken = 0;
    std::list<asio::steady_timer*> waiting;
  };
  class Waiter;

  void give_back(const std::string& server);

  int most_;
  std::unordered_map<std::string, Server> servers_;  // those with attempts under way
};

}  // namespace lastgasp
