// The keyboard, as in lnav: "/" searches, "n" and "N" go from hit to hit, "e" and "E" from incident to
// incident, "g" and "G" to the ends, "?" tells it.
const help = [
  ["/", "search or filter"],
  ["n  N", "next, previous hit, or console in trouble"],
  ["e  E", "next, previous incident"],
  ["g  G", "to the beginning, to the end"],
  ["p", "pause or go on with the live tail"],
  ["Shift + click", "on a time, then on another: link to the lines between"],
  ["?", "this"],
];
const hits = "mark, .line.cause, .line.effect, .line.added, .line.missing, .incidents .title, .tiles li:not([data-is=up]):not([hidden]) a, .chosen";
const incidents = ".event[data-is=incident] a, .incidents .title";

let at = null;

// The next element of the selector after the last one, on another line than that.
function go(selector, step) {
  const all = [...document.querySelectorAll(selector)];
  const places = all.filter((element, i) => i === 0 || row(element) !== row(all[i - 1]));
  if (!places.length) return false;
  const here = at && at.isConnected ? places.findIndex((place) => row(place) === row(at)) : -1;
  const next = here < 0 ? (step > 0 ? 0 : places.length - 1) : here + step;
  if (next < 0 || next >= places.length) return false;
  mark(places[next]);
  return true;
}

const row = (element) => element.closest(".line, li") ?? element;

function mark(place) {
  document.querySelectorAll(".current").forEach((old) => old.classList.remove("current"));
  at = place;
  row(place).classList.add("current");
  row(place).scrollIntoView({block: "center"});
  if (place.matches("a")) place.focus({preventScroll: true});
}

function toEnd(end) {
  const log = document.querySelector(".log");
  const lines = log ? log.querySelectorAll(".line") : [];
  if (lines.length) mark(end ? lines[lines.length - 1] : lines[0]);
  else scrollTo(0, end ? document.body.scrollHeight : 0);
}

const follow = (selector) => document.querySelector(selector)?.click();

const actions = {
  "/": () => {
    const field = document.querySelector("[aria-keyshortcuts='/']");
    field ? (field.focus(), field.select()) : (location.href = "/search");
  },
  n: () => go(hits, 1) || follow("a[href*='cursor=']"),
  N: () => go(hits, -1),
  e: () => go(incidents, 1) || follow("a[data-key=e]"),
  E: () => go(incidents, -1) || follow("a[data-key=E]"),
  g: () => toEnd(false),
  G: () => toEnd(true),
  p: () => follow("#pause:not([hidden])"),
  "?": () => document.getElementById("help").showModal(),
};

function dialog() {
  const box = document.createElement("dialog");
  box.id = "help";
  box.setAttribute("aria-labelledby", "help-title");
  const title = document.createElement("h2");
  title.id = "help-title";
  title.textContent = "Keyboard";
  const list = document.createElement("dl");
  for (const [keys, what] of help) {
    const name = document.createElement("dt");
    for (const key of keys.split("  ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      name.append(cap, " ");
    }
    const text = document.createElement("dd");
    text.textContent = what;
    list.append(name, text);
  }
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => box.close());
  box.append(title, list, close);
  document.body.append(box);
}

export function startKeys() {
  dialog();
  const button = document.getElementById("keys");
  button.hidden = false;
  button.addEventListener("click", actions["?"]);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
