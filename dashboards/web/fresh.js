// Fresh pieces of pages: fetched from the server that writes them, so that there is one way to write a
// line or an incident, and put in place by changing only what differs: nothing flickers, and
// selections, focus and scrolling stay.
import {showTimes} from "./times.js";

const stale = document.getElementById("stale");
let lastAnswer = new Date();

// The document of another address; says so on the page when there is no answer.
export async function fetchPage(path) {
  try {
    const answer = await fetch(path, {signal: AbortSignal.timeout(20000)});
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    const text = await answer.text();
    lastAnswer = new Date();
    stale.textContent = "";
    return new DOMParser().parseFromString(text, "text/html");
  } catch {
    stale.textContent = `lastgasp does not answer. What you see is from ${lastAnswer.toLocaleTimeString()}.`;
    return null;
  }
}

// Makes `into` look like `from`, node by node; what has an id stays the element that it is. What a reader
// opened stays open, and what one typed stays typed.
export function morph(into, from) {
  if (into.nodeType !== from.nodeType || into.nodeName !== from.nodeName) return into.replaceWith(from);
  if (into.nodeType !== Node.ELEMENT_NODE) {
    if (into.nodeValue !== from.nodeValue) into.nodeValue = from.nodeValue;
    return;
  }
  for (const {name} of [...into.attributes]) {
    if (!from.hasAttribute(name) && name !== "open") into.removeAttribute(name);
  }
  for (const {name, value} of from.attributes) {
    if (into.getAttribute(name) !== value) into.setAttribute(name, value);
  }
  const named = new Map([...into.children].filter((child) => child.id).map((child) => [child.id, child]));
  const staying = new Set([...from.children].map((child) => named.get(child.id)));
  let place = into.firstChild;
  const leave = () => { const next = place.nextSibling; place.remove(); place = next; };
  for (const node of [...from.childNodes]) {
    const same = named.get(node.id);
    while (same && place && place !== same && !staying.has(place)) leave();
    if (same && place !== same) place = into.insertBefore(same, place);  // it comes in another order
    if (!place || (place !== same && staying.has(place))) {
      into.insertBefore(node, place);
      continue;
    }
    const next = place.nextSibling;
    morph(place, node);
    place = next;
  }
  while (place) leave();
}

// Puts the pieces of `page` that the selectors name in place of those here. What has the focus keeps it,
// also when it moves.
export function renew(page, ...selectors) {
  const focused = document.activeElement;
  for (const selector of selectors) {
    const into = document.querySelector(selector);
    const from = page.querySelector(selector);
    if (!into || !from) continue;
    morph(into, from);
    showTimes(into);
  }
  if (focused !== document.activeElement && focused.isConnected) focused.focus({preventScroll: true});
  document.title = page.title;
}

// Calls `work` soon after it was asked for, never twice at once, at most once in `pause` ms, and not
// while nobody looks or text is selected.
export function throttled(work, pause) {
  let asked = false, busy = false;
  const run = async () => {
    if (busy || !asked) return;
    busy = true;
    if (!document.hidden && getSelection().isCollapsed) {
      asked = false;
      await work();
    }
    setTimeout(() => { busy = false; run(); }, pause);
  };
  return () => { asked = true; run(); };
}

// Listens to a stream of events while somebody looks: a browser has few connections to one server, and
// tabs in the background must not hold them. Without a stream (an old proxy, no answer) `poll` is called
// every 5 s. `path` is asked for each time.
export function listen(path, handlers, poll) {
  let stream = null;
  let timer = 0;
  const stopPolling = () => { clearInterval(timer); timer = 0; };
  const close = () => { stream?.close(); stream = null; stopPolling(); };
  const open = () => {
    close();
    stream = new EventSource(path());
    for (const [name, handle] of Object.entries(handlers)) {
      stream.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
    stream.addEventListener("open", stopPolling);
    stream.addEventListener("error", () => { timer ||= setInterval(poll, 5000); });
  };
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return close();
    open();
    poll();
  });
  if (!document.hidden) open();
}
