#include "collector/console/sources/source.h"

#include <cerrno>
#include <variant>

#include "collector/console/sources/exec_source.h"
#include "collector/console/sources/file_source.h"
#include "collector/console/sources/serial_source.h"
#include "collector/console/sources/tcp_source.h"
#include "collector/console/sources/unix_source.h"

namespace lastgasp {

std::unique_ptr<Source> make_source(asio::io_context& context, const Endpoint& endpoint,
                                    const LinkSettings& settings) {
  struct Maker {
    asio::io_context& context;
    const LinkSettings& settings;
    std::unique_ptr<Source> operator()(const SerialEndpoint& e) const {
      return std::make_unique<SerialSource>(context, e, settings);
    }
    std::unique_ptr<Source> operator()(const TcpEndpoint& e) const {
      return std::make_unique<TcpSource>(context, e, settings);
    }
    std::unique_ptr<Source> operator()(const UnixEndpoint& e) const {
      return std::make_unique<UnixSource>(context, e);
    }
    std::unique_ptr<Source> operator()(const ExecEndpoint& e) const {
      return std::make_unique<ExecSource>(context, e, settings);
    }
    std::unique_ptr<Source> operator()(const FileEndpoint& e) const {
      return std::make_unique<FileSource>(context, e, settings);
    }
  };
  return std::visit(Maker{context, settings}, endpoint.address);
}

Ending open_failure(std::string_view what, int error_number) {
  const std::string detail = errno_text(what, error_number);
  switch (error_number) {
    case ECONNREFUSED:
      return {LinkReason::refused, detail};
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case ETIMEDOUT:
      return {LinkReason::unreachable, detail};
    case ECONNRESET:
      return {LinkReason::reset, detail};
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO:
    case EIO:
      return {LinkReason::missing, detail};
    case EACCES:
    case EPERM:
      return {LinkReason::denied, detail};
    case EBUSY:
      return {LinkReason::locked, detail};
    default:
      return {LinkReason::failed, detail};
  }
}

Ending read_failure(std::string_view what, int error_number) {
  if (error_number == 0) return {LinkReason::closed, std::string(what) + ": closed by the peer"};
  const std::string detail = errno_text(what, error_number);
  switch (error_number) {
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case ENETRESET:
      return {LinkReason::reset, detail};
    default:
      return {LinkReason::failed, detail};
  }
}

}  // namespace lastgasp
