// The whole city, live: every courier.
import { CityMap } from "./map.js";

const map = new CityMap(document.querySelector(".map"));
const pulse = document.getElementById("pulse");
const live = pulse.closest(".live");
const events = new EventSource("/city/events");

events.onopen = () => {
  live.classList.add("on");
  pulse.textContent = "Connected";
};
events.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  for (const { id, x, y, carries } of message.couriers) map.courier(id, x, y, { busy: carries !== null });
  const busy = message.couriers.filter(({ carries }) => carries !== null).length;
  pulse.textContent = `${message.couriers.length} couriers on the street, ${busy} with an order`;
};
events.onerror = () => {
  live.classList.remove("on");
  pulse.textContent = "Reconnecting …";
};
