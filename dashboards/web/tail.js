// A console's page: its last lines as they come, until paused, and what is known of it.
import {fetchPage, listen, renew, throttled} from "./fresh.js";
import {idOf, start as startLog} from "./log.js";
import {showTimes} from "./times.js";

const mostLines = 3000;  // older ones leave the page; "Further back" brings them again
const atOnce = 1000;     // lines of one answer

const log = document.getElementById("tail");
const state = document.getElementById("live");
const pause = document.getElementById("pause");
let paused = false;
let waiting = 0;

const lastLine = () => [...log.querySelectorAll(".line:not(.event)")].pop();

function tell() {
  state.dataset.is = paused ? "paused" : "live";
  state.textContent = paused ? (waiting ? `paused, ${waiting} more` : "paused") : "live";
  pause.textContent = paused ? "Go on" : "Pause";
}

// The last line is fetched again too: it may have been a prompt that went on.
const grow = throttled(async () => {
  if (paused) return;
  const last = lastLine();
  const path = `/lines/${encodeURIComponent(idOf(last))}?before=0&after=${atOnce}`;
  const page = await fetchPage(path);
  const fresh = page?.querySelector(".log");
  if (!fresh || paused) return;
  const lines = log.querySelector(".lines");
  const nodes = [...fresh.children].filter((node) => !node.matches(".day") || !dayIsShown(node));
  nodes.forEach((node) => node.classList.remove("chosen"));
  while (last.nextSibling) last.nextSibling.remove();
  last.replaceWith(...nodes);
  showTimes(lines);
  while (lines.children.length > mostLines) lines.firstChild.remove();
  waiting = 0;
  tell();
  if (nodes.length > atOnce) grow();
}, 250);

function dayIsShown(day) {
  return [...log.querySelectorAll(".day")].some((shown) => shown.textContent === day.textContent);
}

const about = throttled(async () => {
  const page = await fetchPage(location.href);
  if (page) renew(page, "#about", "#boots", "#incidents");
}, 2000);

export function start() {
  startLog();
  const name = decodeURIComponent(location.pathname.slice("/consoles/".length));
  const query = encodeURIComponent(name);
  listen(() => `/api/v1/events?console=${query}`, {console: about, incident: about}, about);
  if (!log) return setTimeout(() => location.reload(), 10000);
  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    tell();
    grow();
  });
  tell();
  const arrived = () => {
    waiting += 1;
    paused ? tell() : grow();
  };
  listen(() => `/api/v1/tail/stream?console=${query}&after=${encodeURIComponent(idOf(lastLine()))}`,
         {line: arrived, gap: arrived}, grow);
}
