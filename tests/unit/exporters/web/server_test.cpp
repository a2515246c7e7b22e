// The real server on a real port.
#include "exporters/web/server.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "collector/core/error.h"
#include "exporters/web/password.h"
#include "exporters/web/router.h"
#include "fake_backend.h"
#include "http_client.h"

namespace lastgasp {
namespace {

struct Fixture {
  FakeBackend backend;
  WebServer server{"127.0.0.1:0", backend};
  std::string at = server.address();
};

ConsoleView console(const std::string& name, const std::string& state) {
  ConsoleView view;
  view.name = name;
  view.state = state;
  view.reason = "none";
  return view;
}

const char* const kHostile = "<script>alert(1)</script>\"'&\x1b[31m\xff\xe2\x80\xae";

}  // namespace

TEST_CASE_METHOD(Fixture, "metrics and health are plain text") {
  const auto metrics = get(at, "/metrics");
  CHECK(metrics.code == 200);
  CHECK(metrics.body == "lastgasp_build_info 1\n");
  CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(get(at, "/-/healthy").code == 200);
  CHECK(get(at, "/-/ready").code == 200);
  backend.is_ready = false;
  const auto unready = get(at, "/-/ready");
  CHECK(unready.code == 503);
  CHECK(unready.body.find("not ready") == 0);
  CHECK(backend.served_count("metrics 200") == 1);
  CHECK(backend.served_count("ready 503") == 1);
}

TEST_CASE_METHOD(Fixture, "every answer carries the security headers") {
  for (const char* target : {"/", "/metrics", "/nope", "/api/v1/nope", "/static/base.css"}) {
    const auto answer = get(at, target);
    const auto policy = answer.header("Content-Security-Policy");
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.header("Referrer-Policy") == "no-referrer");
    CHECK_FALSE(answer.header("Cache-Control").empty());
  }
}

TEST_CASE("with users, each address asks who one is, and what one may do") {
  FakeBackend backend;
  WebServer server("127.0.0.1:0", backend,
                   {.accounts = {{.name = "ann", .hash = password_hash("x"), .role = Role::admin},
                                 {.name = "bob", .hash = password_hash("y")}}});
  const auto at = server.address();
  const std::string ann = "Authorization: Basic YW5uOng=\r\n";
  const std::string bob = "Authorization: Basic Ym9iOnk=\r\n";
  for (const auto& route : routes()) {
    const auto answer = request(at, std::string(route.method), std::string(route.pattern));
    CHECK(answer.code == 401);
    CHECK(answer.header("WWW-Authenticate").find("Basic ") == 0);
  }
  CHECK(get(at, "/nope").code == 401);
  CHECK(request(at, "GET", "/metrics", "Authorization: Basic !\r\n").code == 401);
  CHECK(request(at, "GET", "/metrics", "Authorization: Bearer YW5uOng=\r\n").code == 401);
  CHECK(request(at, "GET", "/metrics", bob).code == 200);
  CHECK(request(at, "GET", "/nope", bob).code == 404);
  CHECK(request(at, "POST", "/-/reload", bob).code == 403);
  CHECK(backend.reloads == 0);
  CHECK(request(at, "POST", "/-/reload", ann).code == 200);
  server.set_access({.accounts = {{.name = "bob", .hash = password_hash("y")}}});
  CHECK(request(at, "GET", "/metrics", ann).code == 401);
  CHECK(request(at, "GET", "/metrics", bob).code == 200);
}

TEST_CASE_METHOD(Fixture, "errors are told in the form of what was asked for") {
  const auto api = get(at, "/api/v1/nope");
  CHECK(api.code == 404);
  CHECK(nlohmann::json::parse(api.body)["error"] == "there is nothing at this address");
  const auto page = get(at, "/nope");
  CHECK(page.code == 404);
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  const auto get_reload = get(at, "/-/reload");
  CHECK(get_reload.code == 405);
  CHECK(get_reload.header("Allow") == "POST");
  CHECK(get_reload.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(request(at, "BREW", "/").code == 405);
  CHECK(backend.served_count("none 404") == 2);
}

TEST_CASE_METHOD(Fixture, "HEAD has the headers of GET and no body") {
  for (const char* target : {"/metrics", "/static/base.css", "/api/v1/consoles"}) {
    const auto whole = get(at, target);
    const auto head = request(at, "HEAD", target);
    CHECK(head.code == 200);
    CHECK(head.body.empty());
    CHECK(head.header("Content-Length") == std::to_string(whole.body.size()));
  }
}

TEST_CASE_METHOD(Fixture, "static files are cached by their content") {
  const auto css = get(at, "/static/base.css");
  CHECK(css.code == 200);
  CHECK(css.header("Content-Type") == "text/css; charset=utf-8");
  const auto again =
      request(at, "GET", "/static/base.css", "If-None-Match: " + css.header("ETag") + "\r\n");
  CHECK(again.code == 304);
  CHECK(again.body.empty());
  CHECK(get(at, "/static/page.js").header("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(get(at, "/static/favicon.svg").header("Content-Type") == "image/svg+xml");
  CHECK(get(at, "/static/nope").code == 404);
  CHECK(get(at, "/static/..%2Fpage.css").code == 404);
}

TEST_CASE_METHOD(Fixture, "reload takes a POST that no other site made") {
  CHECK(get(at, "/-/reload").code == 405);
  CHECK(request(at, "POST", "/-/reload", "Origin: https://evil.example\r\n").code == 403);
  CHECK(request(at, "POST", "/-/reload", "Sec-Fetch-Site: cross-site\r\n").code == 403);
  CHECK(request(at, "POST", "/-/reload", "Host: evil.example\r\n").code == 403);
  CHECK(backend.reloads == 0);
  const auto done = request(at, "POST", "/-/reload", "Content-Length: 0\r\n");
  CHECK(done.code == 200);
  CHECK(done.body == "2 consoles added\n");
  CHECK(request(at, "POST", "/-/reload", "Origin: http://" + at + "\r\n").code == 200);
  backend.reload_result = {false, "lastgasp.yaml:3:5: unknown key 'consols'"};
  const auto failed = request(at, "POST", "/-/reload");
  CHECK(failed.code == 500);
  CHECK(failed.body == "lastgasp.yaml:3:5: unknown key 'consols'\n");
  CHECK(backend.reloads == 3);
}

TEST_CASE_METHOD(Fixture, "foreign host names get metrics but no console") {
  CHECK(request(at, "GET", "/api/v1/consoles", "Host: evil.example\r\n").code == 403);
  CHECK(request(at, "GET", "/", "Host: evil.example:11520\r\n").code == 403);
  CHECK(request(at, "GET", "/metrics", "Host: pop1.oob.example\r\n").code == 200);
  CHECK(request(at, "GET", "/api/v1/consoles", "Host: localhost\r\n").code == 200);
  CHECK(send_raw(at, "GET /-/healthy HTTP/1.0\r\n\r\n").code == 200);
}

TEST_CASE_METHOD(Fixture, "consoles as JSON, counted by state") {
  backend.views = {console("a1", "up"), console("a2", "up"), console("b", "down")};
  backend.views[0].open_incidents = 2;
  backend.views[2].labels = {{"site", "ber"}};
  backend.views[2].last_received = WallTime{std::chrono::hours(499'999)};
  const auto all = nlohmann::json::parse(get(at, "/api/v1/consoles").body);
  CHECK(all["consoles"].size() == 3);
  CHECK(all["states"] == nlohmann::json{{"up", 2}, {"down", 1}});
  CHECK(all["open_incidents"] == 2);
  CHECK(all["consoles"][0]["last_received"].is_null());
  CHECK(all["consoles"][2]["last_received"] == "2027-01-15T07:00:00.000Z");
  CHECK(all["consoles"][2]["labels"]["site"] == "ber");
  const auto some = nlohmann::json::parse(get(at, "/api/v1/consoles?console=a*&console=x").body);
  CHECK(some["consoles"].size() == 2);
  CHECK(get(at, "/api/v1/consoles?consol=a").code == 400);
}

TEST_CASE_METHOD(Fixture, "hostile names harm neither the page nor the JSON") {
  backend.views = {console(kHostile, kHostile)};
  backend.views[0].platform = backend.views[0].endpoint = backend.views[0].detail = kHostile;
  backend.views[0].labels = {{kHostile, kHostile}};
  const std::string link =
      "href=\"/consoles/%3Cscript%3Ealert%281%29%3C%2Fscript%3E%22%27%26%1B%5B31m%FF";
  for (const char* target : {"/", "/?filter=%3Cscript%3Ealert", "/?filter=%22%3E%3Cscript%3E"}) {
    INFO(target);
    const auto body = get(at, target).body;
    CHECK(body.find("<script>") == std::string::npos);
    CHECK(body.find('\x1b') == std::string::npos);
    CHECK(body.find("\xe2\x80\xae") == std::string::npos);
    const bool shown = std::string(target).find("%22") == std::string::npos;
    CHECK((body.find(link) != std::string::npos) == shown);
  }
  const auto json = nlohmann::json::parse(get(at, "/api/v1/consoles").body);
  CHECK(json["consoles"][0]["name"].get<std::string>().find("<script>") == 0);
}

TEST_CASE_METHOD(Fixture, "the wall shows the troubled first and filters") {
  backend.views = {console("ts10", "up"), console("ts9", "up"), console("zz", "down"),
                   console("mm", "connecting"), console("crashed", "up")};
  for (auto& view : backend.views) view.condition = Condition::up;
  backend.views[2].condition = Condition::down;
  backend.views[3].condition = Condition::connecting;
  backend.views[4].condition = Condition::crashed;
  const auto page = get(at, "/").body;
  std::size_t last = 0;
  for (const char* name : {"crashed", "zz", "mm", "ts9", "ts10"}) {
    const auto here = page.find("/consoles/" + std::string(name) + "\"");
    REQUIRE(here != std::string::npos);
    CHECK(here > last);
    last = here;
  }
  const auto filtered = get(at, "/?filter=DOWN+z").body;
  CHECK(filtered.find("/consoles/zz\"") != std::string::npos);
  CHECK(filtered.find("/consoles/ts9\"") == std::string::npos);
  CHECK(filtered.find("value=\"DOWN z\"") != std::string::npos);
  CHECK(filtered.find("hidden=\"\">No console matches") != std::string::npos);
  CHECK(get(at, "/?filter=nothing").body.find("class=\"quiet\">No console matches") !=
        std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a reason is shown once, and only when it says more than the state") {
  backend.views = {console("quiet", "silent"), console("shut", "down")};
  backend.views[0].reason = "silent";
  backend.views[0].condition = Condition::silent;
  backend.views[1].reason = "refused";
  backend.views[1].condition = Condition::down;
  const auto page = get(at, "/").body;
  CHECK(page.find("class=\"why\">refused<") != std::string::npos);
  CHECK(page.find("class=\"why\"><") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "without a database consoles are shown and the rest says why not") {
  backend.views = {console("a", "up")};
  const auto home = get(at, "/");
  CHECK(home.code == 200);
  CHECK(home.body.find("/consoles/a\"") != std::string::npos);
  CHECK(home.body.find("transcripts cannot be read") != std::string::npos);
  CHECK(home.body.find("No open incidents") == std::string::npos);
  for (const char* target : {"/api/v1/incidents", "/api/v1/search?q=x", "/api/v1/tail?console=a"}) {
    const auto answer = get(at, target);
    CHECK(answer.code == 503);
    CHECK(nlohmann::json::parse(answer.body)["error"].get<std::string>().find("cannot be read") !=
          std::string::npos);
  }
  CHECK(get(at, "/search?q=x").code == 503);
}

TEST_CASE_METHOD(Fixture, "a bad parameter is 400 and says what to do") {
  const auto message = [&](const std::string& target) {
    const auto answer = get(at, target);
    CHECK(answer.code == 400);
    return nlohmann::json::parse(answer.body)["error"].get<std::string>();
  };
  CHECK(message("/api/v1/search?since=foo").find("since: 'foo' is not a time") == 0);
  CHECK(message("/api/v1/search?limit=99999").find("10000") != std::string::npos);
  CHECK(message("/api/v1/search?query=x").find("there is no parameter 'query'") == 0);
  CHECK(message("/api/v1/incidents?kind=explosion").find("panic, crash") != std::string::npos);
  CHECK(message("/api/v1/tail").find("console: name the console") == 0);
  const auto page = get(at, "/search?since=foo&q=%3Cb%3E");
  CHECK(page.code == 400);
  CHECK(page.body.find("is not a time") != std::string::npos);
  CHECK(page.body.find("value=\"&lt;b&gt;\"") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "requests that are too large are refused and harm no one") {
  CHECK(get(at, "/" + std::string(9000, 'a')).code == 414);
  CHECK(get(at, "/" + std::string(100'000, 'a')).code >= 400);
  std::string many = "/?";
  for (int i = 0; i < 500; ++i) many += "a=1&";
  CHECK(get(at, many).code == 400);
  for (int i = 0; i < 1500; ++i) many += "a=1&";
  CHECK(get(at, many).code != 200);
  CHECK(request(at, "GET", "/", "X: " + std::string(100'000, 'x') + "\r\n").code >= 400);
  CHECK(request(at, "POST", "/-/reload", "Content-Length: 99999999\r\n").code == 413);
  std::string chunks = "POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 40; ++i) chunks += "1000\r\n" + std::string(4096, 'x') + "\r\n";
  CHECK(send_raw(at, chunks).code == 0);
  CHECK(send_raw(at, "\r\n\r\nGARBAGE\r\n\r\n").code != 200);
  CHECK(backend.reloads == 0);
  CHECK(get(at, "/-/healthy").code == 200);
}

TEST_CASE_METHOD(Fixture, "a small body is read and ignored") {
  const auto answer = send_raw(at,
                               "POST /-/reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                               "Content-Length: 5\r\n\r\nhello");
  CHECK(answer.code == 200);
  CHECK(backend.reloads == 1);
}

TEST_CASE_METHOD(Fixture, "clients that stop in mid-request hold up no one") {
  std::vector<int> sockets;
  for (int i = 0; i < 20; ++i) {
    sockets.push_back(connect_to(at));
    CHECK(::send(sockets.back(), "GET / HTTP/1.1\r\nHo", 18, MSG_NOSIGNAL) == 18);
  }
  CHECK(get(at, "/metrics").code == 200);
  CHECK(get(at, "/").code == 200);
  for (const int fd : sockets) ::close(fd);
}

TEST_CASE_METHOD(Fixture, "many clients at once are all answered") {
  backend.views = {console("a", "up"), console("b", "down")};
  std::atomic<int> good{0}, busy{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c)
    clients.emplace_back([&] {
      for (int i = 0; i < 25; ++i)
        for (const char* target : {"/metrics", "/api/v1/consoles", "/"}) {
          const int code = get(at, target).code;
          good += code == 200;
          busy += code == 503;
        }
    });
  for (auto& client : clients) client.join();
  CHECK(good + busy == 600);
  CHECK(good >= 400);
}

TEST_CASE_METHOD(Fixture, "one connection serves several requests") {
  const int fd = connect_to(at);
  const std::string twice =
      "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  REQUIRE(::send(fd, twice.data(), twice.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(twice.size()));
  std::string all;
  char buffer[4096];
  for (ssize_t n; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    all.append(buffer, static_cast<std::size_t>(n));
  ::close(fd);
  CHECK(all.find("lastgasp is healthy.") != std::string::npos);
  CHECK(all.find("</html>") != std::string::npos);
}

TEST_CASE("the server listens on IPv6 and stops while clients wait") {
  FakeBackend backend;
  int idle = -1;
  {
    WebServer server("[::1]:0", backend);
    CHECK(server.address().starts_with("[::1]:"));
    CHECK(get(server.address(), "/-/healthy").code == 200);
    idle = connect_to(server.address());
    CHECK(::send(idle, "GET / HTTP/1.1\r\n", 16, MSG_NOSIGNAL) == 16);
  }
  ::close(idle);
}

TEST_CASE("a port that is taken is an error that names it") {
  FakeBackend backend;
  WebServer server("127.0.0.1:0", backend);
  CHECK_THROWS_WITH(WebServer(server.address(), backend), Catch::Contains(server.address()));
}

}  // namespace lastgasp
