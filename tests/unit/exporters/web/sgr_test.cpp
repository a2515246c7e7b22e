#include "exporters/web/sgr.h"

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

std::string after(std::initializer_list<const char*> sequences) {
  Look look;
  for (const char* sequence : sequences) look.apply(sequence);
  return look.classes();
}

}  // namespace

TEST_CASE("codes add up until they are taken back") {
  CHECK(after({"31"}) == "f1");
  CHECK(after({"1;31;44"}) == "f1 b4 bold");
  CHECK(after({"1", "97", "22"}) == "f15");
  CHECK(after({"4;7;9;3;2"}) == "dim italic underline inverse struck");
  CHECK(after({"31;42", "39"}) == "b2");
  CHECK(after({"31;42", "0"}).empty());
  CHECK(after({"31;42", ""}).empty());
}

TEST_CASE("colours beyond the sixteen are brought to the nearest") {
  CHECK(after({"38;5;9"}) == "f9");
  CHECK(after({"38;5;196"}) == "f9");
  CHECK(after({"38;5;232"}) == "f0");
  CHECK(after({"38;2;0;200;10"}) == "f10");
  CHECK(after({"48;2;0;0;128;1"}) == "b4 bold");
}

TEST_CASE("what hides text, and what is no SGR, is not obeyed") {
  CHECK(after({"8"}).empty());
  CHECK(after({"?31"}).empty());
  CHECK(after({"38;5"}).empty());
  CHECK(after({"38;5;999"}).empty());
  CHECK(after({"99999999999999999999;31"}) == "f1");
}

}  // namespace lastgasp
