// The city as SVG: one unit is one block. Places are on the page already; streets and couriers are drawn here.

const SVG = "http://www.w3.org/2000/svg";
const PARKS = [[4, 3, 5, 3], [22, 15, 6, 4], [33, 4, 3, 5], [12, 19, 4, 3]];
const LAKE = [13, 9, 4, 3];

function draw(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

function mark(group, icon, radius, half) {
  const inner = draw("g", { class: "mark" }, group);
  draw("circle", { r: radius }, inner);
  draw("use", { href: `/static/icons.svg#${icon}` }, draw("svg", { x: -half, y: -half, width: 2 * half, height: 2 * half }, inner));
}

export class CityMap {
  constructor(svg) {
    this.svg = svg;
    this.couriers = new Map();
    const [width, height] = [Number(svg.dataset.width), Number(svg.dataset.height)];
    this.size = { width: width + 2, height: height + 2 };
    svg.setAttribute("viewBox", `-1 -1 ${this.size.width} ${this.size.height}`);
    const ground = draw("g", { "aria-hidden": "true" });
    for (let x = -1; x <= width; x++)
      for (let y = -1; y <= height; y++)
        draw("rect", { class: "block", x: x + 0.1, y: y + 0.1, width: 0.8, height: 0.8, rx: 0.14 }, ground);
    for (const [x, y, w, h] of PARKS) draw("rect", { class: "park", x: x + 0.1, y: y + 0.1, width: w - 0.2, height: h - 0.2, rx: 0.4 }, ground);
    const [x, y, w, h] = LAKE;
    draw("rect", { class: "water", x: x + 0.1, y: y + 0.1, width: w - 0.2, height: h - 0.2, rx: 1.1 }, ground);
    svg.prepend(ground);
    this.way = draw("polyline", { class: "way" });
    ground.after(this.way);
  }

  courier(id, x, y, { busy = false, me = false } = {}) {
    let group = this.couriers.get(id);
    if (!group) {
      group = draw("g", {}, this.svg);
      mark(group, "scooter", 0.62, 0.45);
      this.couriers.set(id, group);
    }
    group.setAttribute("class", `courier${busy ? " busy" : ""}${me ? " me" : ""}`);
    group.style.transform = `translate(${x}px, ${y}px)`;
  }

  place(key, x, y, icon) {
    this.places ??= new Map();
    this.places.get(key)?.remove();
    const group = draw("g", { class: "place", transform: `translate(${x} ${y})` });
    mark(group, icon, 0.78, 0.55);
    this.way.after(group);
    this.places.set(key, group);
  }

  clear() {
    for (const group of this.places?.values() ?? []) group.remove();
    this.way.setAttribute("points", "");
  }

  // Show the part of the city in which these points are, in the shape of the whole.
  fit(points) {
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const { width, height } = this.size;
    const part = Math.min(1, Math.max(0.4, (Math.max(...xs) - left + 4) / width, (Math.max(...ys) - top + 4) / height));
    const start = (low, high, whole) => Math.max(-1, Math.min(whole - 1 - part * whole, (low + high - part * whole) / 2));
    const [x, y] = [start(left, Math.max(...xs), width), start(top, Math.max(...ys), height)];
    this.svg.setAttribute("viewBox", `${x} ${y} ${part * width} ${part * height}`);
  }

  // As couriers ride: along one street, then along another.
  line(from, to) {
    this.way.setAttribute("points", from && to ? `${from.x},${from.y} ${to.x},${from.y} ${to.x},${to.y}` : "");
  }
}
