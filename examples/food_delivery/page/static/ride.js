// The courier's map, and riding by arrow keys or buttons.
import { CityMap } from "./map.js";
import { send, toast } from "./page.js";

const pad = document.getElementById("pad");
const jobs = document.getElementById("jobs");
const svg = document.querySelector(".map");
const map = new CityMap(svg);
const me = Number(pad.dataset.courier);
const at = { x: Number(pad.dataset.x), y: Number(pad.dataset.y) };
const KEYS = { ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowRight: [1, 0] };
const limit = (value, most) => Math.max(0, Math.min(Number(most), value));

function show() {
  map.clear();
  const job = jobs.querySelector(".current");
  map.courier(me, at.x, at.y, { busy: Boolean(job), me: true });
  if (!job) return map.fit([{ x: 0, y: 0 }, { x: 999, y: 999 }]);
  const [from, to] = [job.dataset.from, job.dataset.to].map((text) => text.split(",").map(Number)).map(([x, y]) => ({ x, y }));
  map.place("from", from.x, from.y, job.dataset.icon);
  map.place("to", to.x, to.y, "home");
  map.fit([from, to, at]);
  map.line(at, job.dataset.status === "picked_up" ? to : from);
}

async function ride([east, south]) {
  // To the next crossing first, when between two.
  at.x = limit(east > 0 ? Math.floor(at.x) + 1 : east < 0 ? Math.ceil(at.x) - 1 : Math.round(at.x), svg.dataset.width);
  at.y = limit(south > 0 ? Math.floor(at.y) + 1 : south < 0 ? Math.ceil(at.y) - 1 : Math.round(at.y), svg.dataset.height);
  show();
  try {
    await send("POST", "/courier/position", at);
  } catch (error) {
    toast(error.message, "bad");
  }
}

pad.addEventListener("click", ({ target }) => target.dataset.by && ride(target.dataset.by.split(",").map(Number)));
document.addEventListener("keydown", (event) => {
  if (!KEYS[event.key] || event.target.matches("input, select")) return;
  event.preventDefault();
  ride(KEYS[event.key]);
});
jobs.addEventListener("refreshed", show);
new EventSource("/city/events").onmessage = ({ data }) => {
  const own = JSON.parse(data).couriers?.find(({ id }) => id === me);
  if (!own) return;
  Object.assign(at, { x: own.x, y: own.y });
  show();
};
show();
