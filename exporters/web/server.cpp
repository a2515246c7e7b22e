// With mhd_stream, what knows libmicrohttpd. MHD's threads parse requests and send answers; what
// waits for the disk runs on Workers while its connection is suspended.
#include "exporters/web/server.h"

#include <microhttpd.h>

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"
#include "exporters/web/listener.h"
#include "exporters/web/mhd_stream.h"
#include "exporters/web/service.h"
#include "exporters/web/streams.h"
#include "exporters/web/workers.h"

namespace lastgasp {
namespace {

constexpr unsigned kThreads = 4;
constexpr unsigned kConnections = 256;
constexpr unsigned kConnectionsPerAddress = 128;
constexpr unsigned kTimeoutSeconds = 20;
constexpr std::size_t kConnectionMemory = std::size_t{64} << 10;  // for headers, target included

// Everything may come only from this server; nothing inline, nothing embedded, no framing.
constexpr std::pair<const char*, const char*> kHeaders[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

// One request and its answer.
struct Exchange {
  std::string target;
  Request request;
  Plan plan;
  Response response;
  Instant began{};
  bool head_seen = false;
  bool answered = false;
};

std::string header(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value ? value : "";
}

MHD_Response* content(MHD_Connection* connection, const Response& response) {
  if (response.stream) return stream_response(connection, response.stream);
  // MHD does not change a persistent buffer; it is const_cast because its C interface has no const.
  return MHD_create_response_from_buffer(
      response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_PERSISTENT);
}

MHD_Result send(MHD_Connection* connection, const Response& response) {
  MHD_Response* const raw = content(connection, response);
  if (!raw) return MHD_NO;
  MHD_add_response_header(raw, MHD_HTTP_HEADER_CONTENT_TYPE, response.type.c_str());
  for (const auto& [name, value] : kHeaders) MHD_add_response_header(raw, name, value);
  bool cached = false;
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(raw, name.c_str(), value.c_str());
    cached |= name == MHD_HTTP_HEADER_CACHE_CONTROL;
  }
  if (!cached) MHD_add_response_header(raw, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  const auto result = MHD_queue_response(connection, static_cast<unsigned>(response.code), raw);
  MHD_destroy_response(raw);
  return result;
}

void log_from_mhd(void*, const char* format, va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  log_debug("HTTP: " + escaped(text.data()));
}

// MHD does not report the end of every request it began (headers that are too large), but that of
// every connection: so the exchange belongs to the connection and is used again.
void own_exchange(void*, MHD_Connection*, void** owner, MHD_ConnectionNotificationCode code) {
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    *owner = new Exchange;
  } else {
    delete static_cast<Exchange*>(*owner);
    *owner = nullptr;
  }
}

void* begin_exchange(void* cls, const char* target, MHD_Connection* connection) {
  const auto* const info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  auto* const exchange = static_cast<Exchange*>(info->socket_context);
  *exchange = {};
  exchange->target = target;
  exchange->began = static_cast<WebBackend*>(cls)->now();
  return exchange;
}

// Between requests a connection holds no answer.
void end_exchange(void*, MHD_Connection*, void** slot, MHD_RequestTerminationCode) {
  *static_cast<Exchange*>(*slot) = {};
}

// Everything is kept as it was sent; Request decodes it.
std::size_t keep_escapes(void*, MHD_Connection*, char* text) { return std::strlen(text); }

}  // namespace

struct WebServer::Impl {
  Impl(Listener listener, WebBackend& web_backend)
      : backend(web_backend),
        streams(web_backend),
        service(web_backend, streams, listener.host),
        address(listener.address) {}

  static MHD_Result on_request(void* cls, MHD_Connection* connection, const char*,
                               const char* method, const char*, const char* data,
                               std::size_t* upload_size, void** slot) {
    auto& exchange = *static_cast<Exchange*>(*slot);
    return static_cast<Impl*>(cls)->progress(connection, exchange, method, data, *upload_size);
  }

  MHD_Result progress(MHD_Connection* connection, Exchange& exchange, const char* method,
                      const char* data, std::size_t& upload_size);
  MHD_Result read_head(MHD_Connection* connection, Exchange& exchange, const char* method);
  MHD_Result start(MHD_Connection* connection, Exchange& exchange);
  MHD_Result finish(MHD_Connection* connection, Exchange& exchange);

  WebBackend& backend;
  Streams streams;
  const Service service;
  const std::string address;
  Workers workers;
  MHD_Daemon* daemon = nullptr;
};

// MHD calls once when the headers are there, once for each piece of a body, once at its end, and
// again when a suspended connection was resumed.
MHD_Result WebServer::Impl::progress(MHD_Connection* connection, Exchange& exchange,
                                     const char* method, const char* data,
                                     std::size_t& upload_size) {
  if (!exchange.head_seen) return read_head(connection, exchange, method);
  if (upload_size > 0) {
    std::string& body = exchange.request.body;
    if (body.size() + upload_size > kMaxBodyBytes) return MHD_NO;
    body.append(data, upload_size);
    upload_size = 0;
    return MHD_YES;
  }
  return exchange.answered ? finish(connection, exchange) : start(connection, exchange);
}

MHD_Result WebServer::Impl::read_head(MHD_Connection* connection, Exchange& exchange,
                                      const char* method) {
  exchange.head_seen = true;
  auto& request = exchange.request;
  request.method = method;
  request.host = header(connection, MHD_HTTP_HEADER_HOST);
  request.origin = header(connection, MHD_HTTP_HEADER_ORIGIN);
  request.fetch_site = header(connection, "Sec-Fetch-Site");
  request.last_event_id = header(connection, "Last-Event-ID");
  request.accept = header(connection, MHD_HTTP_HEADER_ACCEPT);
  request.content_type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
  request.if_none_match = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
  request.accept_encoding = header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
  exchange.plan = service.plan(request, exchange.target);
  const auto length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  std::uint64_t body = 0;
  std::from_chars(length.data(), length.data() + length.size(), body);
  if (body <= kMaxBodyBytes) return MHD_YES;
  exchange.response = {.code = 413, .body = "no address of this server reads so large a body\n"};
  return finish(connection, exchange);
}

MHD_Result WebServer::Impl::start(MHD_Connection* connection, Exchange& exchange) {
  const auto* const route = exchange.plan.routed.route;
  if (!route) {
    exchange.response = std::move(exchange.plan.refusal);
    return finish(connection, exchange);
  }
  if (route->lane == Lane::at_once) {
    exchange.response = service.answer(exchange.plan, exchange.request);
    return finish(connection, exchange);
  }
  exchange.answered = true;  // by the next call
  MHD_suspend_connection(connection);
  const bool accepted = workers.submit(
      route->lane,
      [this, &exchange] { exchange.response = service.answer(exchange.plan, exchange.request); },
      [connection] { MHD_resume_connection(connection); });
  if (!accepted) {
    exchange.response = service.busy(exchange.plan);
    MHD_resume_connection(connection);
  }
  return MHD_YES;
}

MHD_Result WebServer::Impl::finish(MHD_Connection* connection, Exchange& exchange) {
  const auto took = backend.now().mono - exchange.began.mono;
  backend.served(exchange.plan.handler(), exchange.response.code, took);
  return send(connection, exchange.response);
}

WebServer::WebServer(const std::string& listen, WebBackend& backend) {
  const auto listener = open_listener(listen);
  impl_ = std::make_unique<Impl>(listener, backend);
  impl_->daemon =
      MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
                       0, nullptr, nullptr, &Impl::on_request, impl_.get(),         //
                       MHD_OPTION_EXTERNAL_LOGGER, &log_from_mhd, nullptr,          //
                       MHD_OPTION_LISTEN_SOCKET, listener.socket,                   //
                       MHD_OPTION_THREAD_POOL_SIZE, kThreads,                       //
                       MHD_OPTION_CONNECTION_LIMIT, kConnections,                   //
                       MHD_OPTION_PER_IP_CONNECTION_LIMIT, kConnectionsPerAddress,  //
                       MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds,              //
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,       //
                       MHD_OPTION_UNESCAPE_CALLBACK, &keep_escapes, nullptr,        //
                       MHD_OPTION_URI_LOG_CALLBACK, &begin_exchange, &backend,      //
                       MHD_OPTION_NOTIFY_CONNECTION, &own_exchange, nullptr,
                       MHD_OPTION_NOTIFY_COMPLETED, &end_exchange, nullptr, MHD_OPTION_END);
  if (!impl_->daemon) {
    ::close(listener.socket);
    throw Error("listen on " + listen + ": the HTTP server does not start (debug log says why)");
  }
}

WebServer::~WebServer() {
  // Both resume the connections they suspended, which MHD_stop_daemon requires.
  impl_->workers.stop();
  impl_->streams.stop();
  MHD_stop_daemon(impl_->daemon);
}

std::string WebServer::address() const { return impl_->address; }

}  // namespace lastgasp
