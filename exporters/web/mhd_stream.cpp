#include "exporters/web/mhd_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <utility>

namespace lastgasp {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{16} << 10;
constexpr int kSocketBytes = 64 << 10;  // what the kernel keeps of a slow reader's

class Sender final : public StreamConnection {
 public:
  Sender(MHD_Connection* connection, std::shared_ptr<AnswerStream> stream)
      : connection_(connection),
        socket_(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd),
        stream_(std::move(stream)) {
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &kSocketBytes, sizeof kSocketBytes);
    stream_->attach(*this);
  }
  ~Sender() { stream_->detach(); }

  static ssize_t read(void* cls, std::uint64_t, char* to, std::size_t size) {
    const auto read = static_cast<Sender*>(cls)->stream_->read({to, size});
    return read ? static_cast<ssize_t>(*read) : MHD_CONTENT_READER_END_OF_STREAM;
  }
  static void free(void* cls) { delete static_cast<Sender*>(cls); }

  void sleep() override { MHD_suspend_connection(connection_); }
  void wake() override { MHD_resume_connection(connection_); }
  // A suspended connection is not watched by anybody else.
  bool left() override {
    pollfd socket{socket_, POLLRDHUP, 0};
    return ::poll(&socket, 1, 0) > 0;
  }
  // What the kernel still keeps for the reader goes as well.
  void cut() override {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::shutdown(socket_, SHUT_RDWR);
  }

 private:
  MHD_Connection* const connection_;
  const int socket_;
  const std::shared_ptr<AnswerStream> stream_;
};

}  // namespace

MHD_Response* stream_response(MHD_Connection* connection, std::shared_ptr<AnswerStream> stream) {
  auto sender = std::make_unique<Sender>(connection, std::move(stream));
  auto* const response = MHD_create_response_from_callback(
      MHD_SIZE_UNKNOWN, kBlockBytes, &Sender::read, sender.get(), &Sender::free);
  if (response) sender.release();
  return response;
}

}  // namespace lastgasp
