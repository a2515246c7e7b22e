// Times in UTC or as the reader's clock shows them, "3m12s ago" as it becomes longer, and the clock
// of the banner.
const clock = document.getElementById("now");
const zone = document.getElementById("zone");
const skew = Date.parse(clock.dateTime) - Date.now();  // the collector's clock counts
let local = localStorage.getItem("zone") === "local";

const now = () => Date.now() + skew;

function iso(date) {
  if (!local) return date.toISOString();
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString();
}

function duration(seconds) {
  const units = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];
  const at = units.findIndex(([, size]) => seconds >= size);
  if (at < 0) return "0s";
  const [unit, size] = units[at];
  const whole = Math.floor(seconds / size);
  if (at === units.length - 1) return whole + unit;
  const [smaller, part] = units[at + 1];
  const rest = Math.floor((seconds % size) / part);
  return whole + unit + (smaller === "h" ? rest : String(rest).padStart(2, "0")) + smaller;
}

const written = {
  second: (date) => iso(date).slice(0, 19).replace("T", " "),
  clock: (date) => iso(date).slice(11, 23),
  ago: (date) => duration(Math.max(0, (now() - date) / 1000)) + " ago",
};

function show(element) {
  const date = new Date(element.dateTime);
  const text = written[element.dataset.form](date);
  if (element.textContent !== text) element.textContent = text;
  if (element.title) element.title = written.second(date) + (local ? " local time" : " UTC");
}

// After new elements came: what the server wrote is UTC.
export function showTimes(root = document) {
  for (const element of root.querySelectorAll(local ? "time[data-form]" : "time[data-form=ago]")) show(element);
}

function tick() {
  if (document.hidden) return;
  clock.dateTime = new Date(now()).toISOString();
  show(clock);
}

export function startTimes() {
  zone.disabled = false;
  const label = () => {
    zone.textContent = local ? "local" : "UTC";
    zone.setAttribute("aria-label", local ? "Times are local; show UTC" : "Times are UTC; show local time");
  };
  zone.addEventListener("click", () => {
    local = !local;
    localStorage.setItem("zone", local ? "local" : "UTC");
    label();
    document.querySelectorAll("time[data-form]").forEach(show);
  });
  label();
  showTimes();
  setInterval(tick, 1000);
  setInterval(() => document.hidden || showTimes(), 10000);
}
