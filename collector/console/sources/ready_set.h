// The descriptors of one io_context that wait for bytes, in an epoll set of their own, which to
// asio is a single descriptor: a read costs its own system call and no other. asio would register
// again for every wait, as dear as reading a line. Belongs to the context's thread; got by
// asio::use_service<ReadySet>(context).
#pragma once

#include <sys/epoll.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstddef>

namespace lastgasp {

class ReadySet final : public asio::execution_context::service {
 public:
  class Reader {
   public:
    // Its descriptor has bytes, has ended or is broken. Told again and again while that is so.
    virtual void ready() = 0;

   protected:
    ~Reader() = default;
  };

  using key_type = ReadySet;
  static asio::execution_context::id id;

  // Throws Error when the system has no more descriptors.
  explicit ReadySet(asio::io_context& context);

  // From now on `reader` is told of `descriptor`, until remove(). Returns 0 or the errno.
  int add(int descriptor, Reader& reader);
  // While the descriptor is still open; from then on `reader` is not told any more, also not of
  // what is known already. May be called out of ready().
  void remove(int descriptor, Reader& reader);

 private:
  void shutdown() override;
  void wait();
  void turn();

  asio::posix::stream_descriptor set_;
  std::size_t readers_ = 0;
  bool waiting_ = false;
  std::array<epoll_event, 512> events_{};
  std::size_t next_ = 0, count_ = 0;  // those of `events_` that are still to be told
};

}  // namespace lastgasp
