// Incidents, alone and in a list: fetched again whenever one changes.
import {fetchPage, listen, renew, throttled} from "./fresh.js";

export function start() {
  if (!("live" in document.body.dataset)) return;
  const refresh = throttled(async () => {
    const page = await fetchPage(location.href);
    if (page) renew(page, "#main");
  }, 1000);
  listen(() => "/api/v1/events", {incident: refresh}, refresh);
}
