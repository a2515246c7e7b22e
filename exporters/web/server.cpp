// With mhd_stream, what knows libmicrohttpd. MHD's threads parse requests and send answers; what
// waits for the disk runs on Workers while its connection is suspended.
#include "exporters/web/server.h"

#include <microhttpd.h>

#include <unistd.h>

#include <array>
#include <charconv>
#include <condition_variable>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"
#include "exporters/web/deadlines.h"
#include "exporters/web/downloads.h"
#include "exporters/web/gate.h"
#include "exporters/web/listener.h"
#include "exporters/web/mhd_stream.h"
#include "exporters/web/service.h"
#include "exporters/web/streams.h"
#include "exporters/web/tls.h"
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

constexpr auto kLookForLateEvery = std::chrono::seconds(1);

// What the call of MHD at the end of a body, or after a suspension, is for.
enum class Step { arrived, checked, answered };

// One request and its answer.
struct Exchange {
  std::string target;
  Request request;
  Plan plan;
  Response response;
  Instant began{};
  bool head_seen = false;
  Step step = Step::arrived;
  Visitor visitor;
  Admission admission;
};

int socket_of(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

// What Authorization says; the copy that MHD made is wiped.
std::optional<Login> login_of(MHD_Connection* connection) {
  char* password = nullptr;
  char* const name = MHD_basic_auth_get_username_password(connection, &password);
  std::optional<Login> login;
  if (name && password) login = Login{name, password};
  if (password) explicit_bzero(password, std::strlen(password));
  MHD_free(password);
  MHD_free(name);
  return login;
}

void forget(std::optional<Login>& login) {
  if (login) explicit_bzero(login->password.data(), login->password.size());
  login.reset();
}

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

// Everything is kept as it was sent; Request decodes it.
std::size_t keep_escapes(void*, MHD_Connection*, char* text) { return std::strlen(text); }

}  // namespace

struct WebServer::Impl {
  // One connection, whose requests come one after the other. MHD does not report the end of every
  // request it began (headers that are too large), but that of every connection.
  struct Client {
    Impl& server;
    Exchange exchange;
  };

  Impl(Listener listener, WebBackend& web_backend, const WebAccess& access)
      : backend(web_backend),
        streams(web_backend),
        downloads(web_backend),
        service(web_backend, streams, downloads, listener.host),
        address(listener.address),
        gate(access.accounts) {
    set_certificate(access);
  }

  void listen_on(int socket);
  void set_certificate(const WebAccess& access);
  std::shared_ptr<const TlsSettings> certificate() const;
  void watch_clients();
  void stop();

  static Client& client_of(MHD_Connection* connection);
  static void on_connection(void* cls, MHD_Connection* connection, void** owner,
                            MHD_ConnectionNotificationCode code);
  static void* begin_exchange(void* cls, const char* target, MHD_Connection* connection);
  static void end_exchange(void* cls, MHD_Connection* connection, void** slot,
                           MHD_RequestTerminationCode);
  static int on_handshake(gnutls_session_t session, const gnutls_cert_retr_st*,
                          gnutls_pcert_st** certificates, unsigned* count,
                          gnutls_ocsp_data_st** ocsp, unsigned* ocsp_count, gnutls_privkey_t* key,
                          unsigned* flags);

  static MHD_Result on_request(void* cls, MHD_Connection* connection, const char*,
                               const char* method, const char*, const char* data,
                               std::size_t* upload_size, void** slot) {
    auto& exchange = *static_cast<Exchange*>(*slot);
    return static_cast<Impl*>(cls)->progress(connection, exchange, method, data, *upload_size);
  }

  MHD_Result progress(MHD_Connection* connection, Exchange& exchange, const char* method,
                      const char* data, std::size_t& upload_size);
  MHD_Result read_head(MHD_Connection* connection, Exchange& exchange, const char* method);
  MHD_Result admit(MHD_Connection* connection, Exchange& exchange);
  MHD_Result start(MHD_Connection* connection, Exchange& exchange);
  MHD_Result finish(MHD_Connection* connection, Exchange& exchange);

  WebBackend& backend;
  Streams streams;
  Downloads downloads;
  const Service service;
  const std::string address;
  Gate gate;
  Workers workers;
  Workers password_checks{1};  // a flood of logins takes one core, and nobody's place at the disk
  Deadlines deadlines;
  mutable std::mutex certificate_mutex;  // the pointer
  std::shared_ptr<const TlsSettings> tls;
  MHD_Daemon* daemon = nullptr;
  std::mutex watch_mutex;
  std::condition_variable watch_end;
  bool stopping = false;
  std::thread watch;
};

WebServer::Impl::Client& WebServer::Impl::client_of(MHD_Connection* connection) {
  const auto* const info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return *static_cast<Client*>(info->socket_context);
}

void WebServer::Impl::on_connection(void* cls, MHD_Connection* connection, void** owner,
                                    MHD_ConnectionNotificationCode code) {
  auto& server = *static_cast<Impl*>(cls);
  const int socket = socket_of(connection);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    *owner = new Client{server, {}};
    server.deadlines.set(socket, server.backend.now().mono + kRequestTime);
  } else {
    server.deadlines.clear(socket);
    delete static_cast<Client*>(*owner);
    *owner = nullptr;
  }
}

void* WebServer::Impl::begin_exchange(void* cls, const char* target, MHD_Connection* connection) {
  auto& exchange = client_of(connection).exchange;
  exchange = {};
  exchange.target = target;
  exchange.began = static_cast<Impl*>(cls)->backend.now();
  return &exchange;
}

// Between requests a connection holds no answer, and may be quiet for as long as MHD allows.
void WebServer::Impl::end_exchange(void* cls, MHD_Connection* connection, void** slot,
                                   MHD_RequestTerminationCode) {
  auto& server = *static_cast<Impl*>(cls);
  *static_cast<Exchange*>(*slot) = {};
  server.deadlines.set(socket_of(connection), server.backend.now().mono + kRequestTime +
                                                  std::chrono::seconds(kTimeoutSeconds));
}

// MHD makes the connection known to GnuTLS as the session's pointer.
int WebServer::Impl::on_handshake(gnutls_session_t session, const gnutls_cert_retr_st*,
                                  gnutls_pcert_st** certificates, unsigned* count,
                                  gnutls_ocsp_data_st** ocsp, unsigned* ocsp_count,
                                  gnutls_privkey_t* key, unsigned* flags) {
  auto* const connection = static_cast<MHD_Connection*>(gnutls_session_get_ptr(session));
  const auto settings = client_of(connection).server.certificate();
  if (!settings || !present_certificate(*settings, certificates, count, key)) return -1;
  *ocsp = nullptr;
  *ocsp_count = 0;
  *flags = GNUTLS_CERT_RETR_DEINIT_ALL;
  return 0;
}

void WebServer::Impl::set_certificate(const WebAccess& access) {
  auto next = access.tls ? std::make_shared<const TlsSettings>(*access.tls) : nullptr;
  const std::lock_guard lock(certificate_mutex);
  tls = std::move(next);
}

std::shared_ptr<const TlsSettings> WebServer::Impl::certificate() const {
  const std::lock_guard lock(certificate_mutex);
  return tls;
}

void WebServer::Impl::watch_clients() {
  std::unique_lock lock(watch_mutex);
  while (!watch_end.wait_for(lock, kLookForLateEvery, [this] { return stopping; })) {
    const auto dropped = deadlines.drop_late(backend.now().mono);
    if (dropped > 0) log_debug("HTTP: dropped " + std::to_string(dropped) + " slow clients");
  }
}

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
  switch (exchange.step) {
    case Step::arrived:
      return admit(connection, exchange);
    case Step::checked:
      return start(connection, exchange);
    case Step::answered:
      break;
  }
  return finish(connection, exchange);
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
  exchange.response = service.too_large(exchange.plan);
  return finish(connection, exchange);
}

MHD_Result WebServer::Impl::admit(MHD_Connection* connection, Exchange& exchange) {
  deadlines.clear(socket_of(connection));  // from here on it waits for us
  auto& visitor = exchange.visitor;
  const auto* const info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  visitor = {.client = lastgasp::client_of(*info->client_addr),
             .login = login_of(connection),
             .local = is_loopback(*info->client_addr)};
  exchange.admission = gate.enter(visitor, backend.now().mono);
  if (exchange.admission.outcome != Admission::Outcome::unchecked)
    return start(connection, exchange);
  exchange.step = Step::checked;
  MHD_suspend_connection(connection);
  const bool accepted = password_checks.submit(
      Lane::storage,
      [this, &exchange] { exchange.admission = gate.check(exchange.visitor, backend.now().mono); },
      [connection] { MHD_resume_connection(connection); });
  if (!accepted) {
    exchange.admission = {.code = 503,
                          .reason = "too many logins at once; try again in a few seconds",
                          .retry_after = std::chrono::seconds(5)};
    MHD_resume_connection(connection);
  }
  return MHD_YES;
}

MHD_Result WebServer::Impl::start(MHD_Connection* connection, Exchange& exchange) {
  forget(exchange.visitor.login);
  const auto& admission = exchange.admission;
  if (admission.outcome != Admission::Outcome::admitted) {
    exchange.response = service.turned_away(exchange.plan, admission);
    return finish(connection, exchange);
  }
  exchange.request.user = admission.user;
  const auto* const route = exchange.plan.routed.route;
  if (!route) {
    exchange.response = std::move(exchange.plan.refusal);
    return finish(connection, exchange);
  }
  if (admission.role < route->role) {
    exchange.response = service.not_allowed(exchange.plan, admission.user);
    return finish(connection, exchange);
  }
  if (route->lane == Lane::at_once) {
    exchange.response = service.answer(exchange.plan, exchange.request);
    return finish(connection, exchange);
  }
  exchange.step = Step::answered;  // by the next call
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
  const auto now = backend.now().mono;
  const auto took = now - exchange.began.mono;
  if (!exchange.response.stream)
    deadlines.set(socket_of(connection), now + answer_time(exchange.response.body.size()));
  backend.served(exchange.plan.handler(), exchange.response.code, took);
  return send(connection, exchange.response);
}

void WebServer::Impl::listen_on(int socket) {
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  std::vector<MHD_OptionItem> options;
  if (tls) {
    flags |= MHD_USE_TLS;
    options.push_back({MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, reinterpret_cast<void*>(&on_handshake)});
    options.push_back({MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(tls_priorities(*tls))});
  }
  options.push_back({MHD_OPTION_END, 0, nullptr});
  daemon = MHD_start_daemon(flags, 0, nullptr, nullptr, &on_request, this,               //
                            MHD_OPTION_EXTERNAL_LOGGER, &log_from_mhd, nullptr,          //
                            MHD_OPTION_LISTEN_SOCKET, socket,                            //
                            MHD_OPTION_THREAD_POOL_SIZE, kThreads,                       //
                            MHD_OPTION_CONNECTION_LIMIT, kConnections,                   //
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, kConnectionsPerAddress,  //
                            MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds,              //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,       //
                            MHD_OPTION_UNESCAPE_CALLBACK, &keep_escapes, nullptr,        //
                            MHD_OPTION_URI_LOG_CALLBACK, &begin_exchange, this,          //
                            MHD_OPTION_NOTIFY_CONNECTION, &on_connection, this,
                            MHD_OPTION_NOTIFY_COMPLETED, &end_exchange, this,  //
                            MHD_OPTION_ARRAY, options.data(), MHD_OPTION_END);
  if (daemon) watch = std::thread([this] { watch_clients(); });
}

void WebServer::Impl::stop() {
  {
    const std::lock_guard lock(watch_mutex);
    stopping = true;
  }
  watch_end.notify_all();
  watch.join();
  // All resume the connections they suspended, which MHD_stop_daemon requires.
  password_checks.stop();
  workers.stop();
  streams.stop();
  downloads.stop();
  MHD_stop_daemon(daemon);
}

WebServer::WebServer(const std::string& listen, WebBackend& backend, const WebAccess& access) {
  const auto listener = open_listener(listen);
  impl_ = std::make_unique<Impl>(listener, backend, access);
  impl_->listen_on(listener.socket);
  if (!impl_->daemon) {
    ::close(listener.socket);
    throw Error("listen on " + listen + ": the HTTP server does not start (debug log says why)");
  }
}

WebServer::~WebServer() { impl_->stop(); }

void WebServer::set_access(const WebAccess& access) {
  impl_->gate.set_accounts(access.accounts);
  impl_->set_certificate(access);
}

std::string WebServer::address() const { return impl_->address; }

}  // namespace lastgasp
