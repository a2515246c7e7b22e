// Transcripts: more lines on either side without leaving the page, and links to ranges.
import {fetchPage} from "./fresh.js";
import {showTimes} from "./times.js";

const lineOf = (element) => element.closest(".line");
export const idOf = (line) => decodeURIComponent(new URL(line.querySelector("a.when").href).pathname.slice("/lines/".length));
const linesOf = (log) => [...log.querySelectorAll(".line:not(.event)")];

// The elements of the page at `path` before or after the line it is about.
export async function neighbours(path, side) {
  const page = await fetchPage(path);
  const chosen = page?.querySelector(".log .chosen");
  if (!chosen) return null;
  const all = [...chosen.parentElement.children];
  const at = all.indexOf(chosen);
  const found = (side === "before" ? all.slice(0, at) : all.slice(at + 1)).map((node) => document.adoptNode(node));
  found.forEach((node) => showTimes(node));
  return found;
}

// A link that is a line's own page without scripts brings the lines here instead.
async function more(link) {
  const side = link.dataset.more;
  const box = link.closest(".piece, section, main");
  const log = box.querySelector(".lines") ?? box.querySelector(".log");
  const found = await neighbours(link.href, side);
  if (!found) return;
  const height = document.documentElement.scrollHeight;
  side === "before" ? log.prepend(...found) : log.append(...found);
  if (side === "before" && !log.closest(".tail")) scrollBy(0, document.documentElement.scrollHeight - height);
  const lines = linesOf(log);
  if (found.filter((node) => node.matches(".line")).length === 0) return link.remove();
  const end = side === "before" ? lines[0] : lines[lines.length - 1];
  link.href = "/lines/" + encodeURIComponent(idOf(end)) + new URL(link.href).search;
}

// Above and below each piece of a search's result.
function offerContext(piece) {
  const lines = linesOf(piece);
  if (!lines.length) return;
  const offer = (side, line, query) => {
    const link = document.createElement("a");
    link.dataset.more = side;
    link.href = "/lines/" + encodeURIComponent(idOf(line)) + query;
    link.textContent = side === "before" ? "10 lines before" : "10 lines after";
    const box = document.createElement("p");
    box.className = "more";
    box.append(link);
    return box;
  };
  const log = piece.querySelector(".log");
  log.before(offer("before", lines[0], "?before=10&after=0"));
  log.after(offer("after", lines[lines.length - 1], "?before=0&after=10"));
}

// The first line that was clicked on with Shift, or the one the page is about.
let first = null;

function choose(event) {
  const link = event.target.closest("a.when");
  if (!link || !event.shiftKey) return;
  event.preventDefault();
  getSelection().empty();
  const line = lineOf(link);
  const start = first ?? document.querySelector(".line.chosen");
  if (!start || start.parentElement !== line.parentElement) {
    first = line;
    line.classList.add("current");
    return;
  }
  const lines = linesOf(line.parentElement);
  const [from, to] = lines.indexOf(start) < lines.indexOf(line) ? [start, line] : [line, start];
  location.href = `/lines/${encodeURIComponent(idOf(from))}?to=${encodeURIComponent(idOf(to))}`;
}

export function start() {
  document.querySelectorAll(".piece").forEach((piece) => {
    if (piece.querySelectorAll(".line").length <= 400) offerContext(piece);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-more]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      more(link);
    }
    choose(event);
  });
  document.querySelector(".chosen")?.scrollIntoView({block: "center"});
}
