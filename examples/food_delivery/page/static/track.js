// One order, live, by WebSocket. After a drop it goes on where it was: the last event's id says where.
import { CityMap } from "./map.js";
import { refresh } from "./page.js";

const part = document.getElementById("track");
const words = document.getElementById("connection");
const live = words.closest(".live");
const map = new CityMap(document.querySelector(".map"));
const OVER = ["delivered", "cancelled", "refunded"];

let last = null; // id of the last event that we have
let delay = 500;
const state = { status: null, courier: null, at: null, restaurant: null, to: null };

function connect() {
  const url = new URL(`/track-order/${part.dataset.order}`, location.href.replace(/^http/, "ws"));
  if (last) url.searchParams.set("last_event_id", last);
  const socket = new WebSocket(url);
  socket.onopen = () => {
    delay = 500;
    if (last) alive();
  };
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    last = event.id;
    alive();
    apply(event.data);
  };
  socket.onclose = () => {
    live.classList.remove("on");
    if (OVER.includes(state.status)) return (words.textContent = "This order is over");
    words.textContent = "Reconnecting …";
    setTimeout(connect, delay);
    delay = Math.min(delay * 2, 8000);
  };
}

function alive() { // from here on a drop can be resumed
  live.classList.add("on");
  words.textContent = "Live";
}

function apply(data) {
  if (data.type === "snapshot") Object.assign(state, { status: data.status, courier: data.courier_id, at: data.position, restaurant: data.restaurant, to: data.to });
  if (data.type === "position") Object.assign(state, { courier: data.courier_id, at: { x: data.x, y: data.y } });
  if (data.type === "status") Object.assign(state, { status: data.status, courier: data.courier_id });
  if (data.type !== "position") refresh(part);
  show();
}

function show() {
  map.fit([state.restaurant, state.to, state.at].filter(Boolean));
  if (state.courier === null || !state.at) return;
  map.courier(state.courier, state.at.x, state.at.y, { busy: true });
  map.line(OVER.includes(state.status) ? null : state.at, state.status === "picked_up" ? state.to : state.restaurant);
}

connect();
