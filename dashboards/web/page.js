// The one script that pages name: starts what every page has, then what its view needs. Each page is
// complete without it.
import {startKeys} from "./keys.js";
import {startTimes} from "./times.js";

const views = {
  wall: () => import("./wall.js"),
  incidents: () => import("./live.js"),
  incident: () => import("./live.js"),
  console: () => import("./tail.js"),
  line: () => import("./log.js"),
  search: () => import("./log.js"),
};

startTimes();
startKeys();
views[document.body.dataset.view]?.().then((view) => view.start());
