// Reads a non-blocking descriptor to its end. All readers of a thread share one buffer: ten
// thousand idle consoles cost no buffers, and nothing read is kept across a wait.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>
#include <span>
#include <string_view>

#include "collector/console/sources/source.h"

namespace lastgasp {

// The thread's buffer, 64 KiB. Whoever fills it is done with it before the next wait.
std::span<char> thread_buffer();

// Takes transport escapes out of what was read, in place, and returns what is left.
using Decode = std::function<std::string_view(std::span<char>)>;

// Reads until the end or an error, one sink call a read. Returns 0 at the end of the stream, else
// the errno; ECANCELED when the stream was closed meanwhile. `decode` may be empty.
asio::awaitable<int> read_to_end(asio::posix::stream_descriptor& stream, Sink& sink, Decode decode);

}  // namespace lastgasp
