// A console log that another program writes, followed over rotation and truncation.
#pragma once

#include <sys/stat.h>

#include <asio/steady_timer.hpp>
#include <cstdint>

#include "collector/console/sources/source.h"

namespace lastgasp {

class FileSource final : public Source {
 public:
  FileSource(asio::io_context& context, FileEndpoint endpoint, const LinkSettings& settings);
  ~FileSource() override { close_file(); }
  asio::awaitable<Ending> read_until_end(Sink& sink) override;

 private:
  enum class Change { none, truncated, replaced, gone };

  asio::awaitable<Ending> do_open() override;
  void do_close() override;
  Ending open_file();
  void close_file();
  // Reads what is there; false on an error, left in errno.
  asio::awaitable<int> read_new(Sink& sink);
  Change look() const;

  FileEndpoint endpoint_;
  const LinkSettings& settings_;
  asio::steady_timer timer_;
  int fd_ = -1;
  std::uint64_t offset_ = 0;
  // The history of a file that was there at the start is not news; a file that appears later, or
  // takes the place of one, is read from its beginning.
  bool from_end_ = true;
};

}  // namespace lastgasp
