#include "exporters/web/html.h"

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

std::string shown(std::string_view text) {
  Html html;
  html.text(text);
  return html.take();
}

}  // namespace

TEST_CASE("no text can become markup") {
  CHECK(shown("<script>\"a\" & 'b'</script>") ==
        "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  Html html;
  html.element("a", {{"href", "\" onclick=\"x"}, {"title", "t", false}}, "</a><b>");
  CHECK(html.take() == "<a href=\"&quot; onclick=&quot;x\">&lt;/a&gt;&lt;b&gt;</a>");
}

TEST_CASE("console bytes come out as valid UTF-8 without control characters") {
  CHECK(shown("\x1b[31mred") == "\xef\xbf\xbd[31mred");
  CHECK(shown("caf\xe9 \xc3\xa9") == "caf\xc3\xa9 \xc3\xa9");
  CHECK(shown(std::string_view("a\0b", 3)) ==
        "a\xef\xbf\xbd"
        "b");
  CHECK(shown("tab\there") == "tab\there");
  CHECK(shown("\xf0\x9f\x92\xa5!") == "\xf0\x9f\x92\xa5!");
}

TEST_CASE("what turns or hides text is shown instead of obeyed") {
  CHECK(shown("a\xe2\x80\xae"
              "exe.txt") == "a\\u202eexe.txt");
  CHECK(shown("\xe2\x81\xa6x\xe2\x81\xa9") == "\\u2066x\\u2069");
  CHECK(shown("\xef\xbb\xbf\xe2\x80\x8b\xd8\x9c") == "\\ufeff\\u200b\\u061c");
  CHECK(shown("\xe2\x80\xa6") == "\xe2\x80\xa6");  // an ellipsis is just that
}

TEST_CASE("elements nest and close themselves") {
  Html html;
  html.element("ul", {{"class", "x"}}, [&] {
    html.element("li", {}, "1");
    html.empty("br", {});
  });
  CHECK(html.take() == "<ul class=\"x\"><li>1</li><br></ul>");
}

}  // namespace lastgasp
