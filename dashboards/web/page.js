// Keeps a page fresh: fetches it again and changes only what differs, so that nothing flickers, and
// selections, focus and scrolling stay. Says so when the server does not answer.
"use strict";

const filter = document.getElementById("filter");
const stale = document.getElementById("stale");
let lastAnswer = document.getElementById("now").textContent;
let timer = 0;
let running = null;

// Makes `into` look like `from`, node by node.
function morph(into, from) {
  if (into.nodeType !== from.nodeType || into.nodeName !== from.nodeName) {
    into.replaceWith(from);
    return;
  }
  if (into.nodeType !== Node.ELEMENT_NODE) {
    if (into.nodeValue !== from.nodeValue) into.nodeValue = from.nodeValue;
    return;
  }
  for (const {name} of [...into.attributes]) if (!from.hasAttribute(name)) into.removeAttribute(name);
  for (const {name, value} of from.attributes)
    if (into.getAttribute(name) !== value) into.setAttribute(name, value);
  const old = [...into.childNodes];
  const fresh = [...from.childNodes];
  fresh.forEach((node, i) => (i < old.length ? morph(old[i], node) : into.append(node)));
  old.slice(fresh.length).forEach((node) => node.remove());
}

// A page of n bytes is fetched no faster than 32 kB/s: the link may be thin.
function schedule(bytes) {
  clearTimeout(timer);
  timer = setTimeout(refresh, Math.max(2000, bytes / 32));
}

async function refresh() {
  if (document.hidden || !getSelection().isCollapsed) return schedule(0);
  running?.abort();
  running = new AbortController();
  const {signal} = running;
  let bytes = 0;
  try {
    const answer = await fetch(location.href, {signal: AbortSignal.any ? AbortSignal.any([signal, AbortSignal.timeout(15000)]) : signal});
    const text = await answer.text();
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    bytes = text.length;
    const page = new DOMParser().parseFromString(text, "text/html");
    morph(document.getElementById("main"), page.getElementById("main"));
    morph(document.getElementById("now"), page.getElementById("now"));
    document.title = page.title;
    lastAnswer = document.getElementById("now").textContent;
    stale.hidden = true;
  } catch (error) {
    if (signal.aborted) return;
    stale.textContent = `lastgasp does not answer. What you see is from ${lastAnswer}.`;
    stale.hidden = false;
  }
  schedule(bytes);
}

if (filter) {
  let typing = 0;
  document.documentElement.classList.add("filters-itself");
  filter.addEventListener("input", () => {
    history.replaceState(null, "", filter.value ? "/?filter=" + encodeURIComponent(filter.value) : "/");
    clearTimeout(typing);
    typing = setTimeout(refresh, 150);
  });
  filter.form.addEventListener("submit", (event) => event.preventDefault());
}
document.addEventListener("visibilitychange", () => document.hidden || refresh());
schedule(document.documentElement.outerHTML.length);
