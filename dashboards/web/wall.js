// The wall: filters as one types, and shows each console as it is now.
import {fetchPage, listen, renew, throttled} from "./fresh.js";
import {showTimes} from "./times.js";

const order = ["crashed", "looping", "stuck", "down", "garbled", "silent", "faulty", "booting", "connecting", "up"];
const calm = order.indexOf("booting");
const filter = document.getElementById("filter");
const group = document.getElementById("group");
const none = document.getElementById("no-match");

let tiles = new Map();   // name → <li>
let words = new WeakMap();

const address = (text) => `/?filter=${encodeURIComponent(text)}&group=${encodeURIComponent(group.value)}`;

function wordsOf(tile) {
  if (!words.has(tile)) words.set(tile, `${tile.textContent} ${tile.title}`.toLowerCase());
  return words.get(tile);
}

function applyFilter() {
  const wanted = filter.value.toLowerCase().split(" ").filter(Boolean);
  let shown = 0;
  for (const section of document.querySelectorAll("#wall .group")) {
    let here = 0;
    for (const tile of section.querySelectorAll("li")) {
      const passes = wanted.every((word) => wordsOf(tile).includes(word));
      if (tile.hidden === passes) tile.hidden = !passes;
      here += passes;
    }
    if (section.hidden !== (here === 0)) section.hidden = here === 0;
    shown += here;
  }
  none.hidden = shown > 0;
}

function index() {
  tiles = new Map();
  for (const tile of document.querySelectorAll("#wall li")) tiles.set(tile.querySelector("a").textContent, tile);
  words = new WeakMap();
}

const rank = (tile) => order.indexOf(tile.dataset.is);
const name = (tile) => tile.querySelector("a").textContent;

function comesBefore(a, b) {
  return rank(a) - rank(b) || name(a).localeCompare(name(b), "en", {numeric: true});
}

function part(tile, className, text) {
  let element = tile.querySelector("." + className);
  if (!text) return element?.remove();
  if (!element) {
    element = document.createElement("span");
    element.className = className;
    tile.append(element);
  }
  element.textContent = text;
}

function since(tile, time) {
  part(tile, "since", time ? " " : "");
  if (!time) return;
  const element = document.createElement("time");
  Object.assign(element, {dateTime: time, title: time});
  element.dataset.form = "ago";
  tile.querySelector(".since").replaceChildren(element);
  showTimes(tile);
}

function heading(section) {
  const counts = new Map();
  const all = section.querySelectorAll("li");
  for (const tile of all) if (rank(tile) < calm) counts.set(tile.dataset.is, (counts.get(tile.dataset.is) ?? 0) + 1);
  const troubles = order.filter((word) => counts.has(word)).map((word) => ` · ${counts.get(word)} ${word}`);
  section.querySelector(".count").textContent = ` ${all.length}${troubles.join("")}`;
}

function place(tile) {
  const list = tile.parentElement;
  tile.remove();
  const next = [...list.children].find((other) => comesBefore(tile, other) < 0);
  list.insertBefore(tile, next ?? null);
}

function placeSection(section) {
  const worst = (other) => Math.min(rank(other.querySelector("li")), calm);
  const sections = [...section.parentElement.children].filter((other) => other !== section);
  const next = sections.find((other) =>
    worst(section) < worst(other) ||
    (worst(section) === worst(other) && section.dataset.name.localeCompare(other.dataset.name, "en", {numeric: true}) < 0));
  if ((next ?? null) !== section.nextElementSibling) section.parentElement.insertBefore(section, next ?? null);
}

const incidents = new Map();  // console → its newest open incident

function learn(incident) {
  if (incident.state === "resolved") incidents.delete(incident.console);
  else incidents.set(incident.console, incident);
  above();
}

// What is wrong with a console: its incident, or what its link says.
function why(tile, view) {
  const reason = view.reason === "none" || view.reason === view.state ? "" : view.reason;
  const incident = view.open_incidents ? incidents.get(view.name) : null;
  part(tile, "why", incident?.title ?? (reason + (view.detail ? ` (${view.detail})` : "") || " "));
  if (!incident) return;
  const link = document.createElement("a");
  link.href = `/incidents/${incident.id}`;
  link.textContent = incident.title;
  tile.querySelector(".why").replaceChildren(link);
}

// One console as the API tells it.
function update(view) {
  const tile = tiles.get(view.name);
  if (!tile) return reload();
  if (tile.dataset.is === view.condition) return;
  tile.dataset.is = view.condition;
  tile.querySelector(".is").textContent = view.condition;
  const bad = rank(tile) < calm;
  bad ? why(tile, view) : part(tile, "why", "");
  since(tile, bad ? view.condition_since : null);
  words.delete(tile);
  place(tile);
  const section = tile.closest(".group");
  heading(section);
  placeSection(section);
  if (filter.value) applyFilter();
  above();
}

// What stands above the consoles, without them.
const above = throttled(async () => {
  const page = await fetchPage("/?only=incidents");
  if (page) renew(page, ".totals", "#open-incidents");
}, 1000);

// Everything, also consoles that are new or gone.
const reload = throttled(async () => {
  const page = await fetchPage(address(""));
  if (!page) return;
  renew(page, ".totals", "#open-incidents", "#wall");
  index();
  applyFilter();
}, 5000);

export function start() {
  let typing = 0;
  const filteredByServer = filter.value !== "";
  filter.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      history.replaceState(null, "", address(filter.value));
      applyFilter();
    }, 60);
  });
  filter.form.addEventListener("submit", (event) => event.preventDefault());
  group.addEventListener("change", () => { location.href = address(filter.value); });
  index();
  if (filteredByServer) reload();
  listen(() => "/api/v1/events", {console: update, console_gone: reload, incident: learn}, reload);
  document.body.classList.add("scripted");
  performance.mark("started");
}
