// The city as SVG: one unit is one block. Places are on the page already; streets and couriers are drawn here.

const SVG = "http://www.w3.org/2000/svg";
const PARKS = [[4, 3, 5, 3], [22, 15, 6, 4], [33, 4, 3, 5], [12, 19, 4, 3]];
const LAKE = [27, 2, 4, 3];

function draw(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

export class CityMap {
  constructor(svg) {
    this.svg = svg;
    this.couriers = new Map();
    const [width, height] = [Number(svg.dataset.width), Number(svg.dataset.height)];
    svg.setAttribute("viewBox", `-1 -1 ${width + 2} ${height + 2}`);
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
      draw("circle", { r: 0.62 }, group);
      const icon = draw("svg", { x: -0.45, y: -0.45, width: 0.9, height: 0.9 }, group);
      draw("use", { href: "/static/icons.svg#scooter" }, icon);
      this.couriers.set(id, group);
    }
    group.setAttribute("class", `courier${busy ? " busy" : ""}${me ? " me" : ""}`);
    group.style.transform = `translate(${x}px, ${y}px)`;
  }

  place(key, x, y, icon) {
    this.places ??= new Map();
    this.places.get(key)?.remove();
    const group = draw("g", { class: "place", transform: `translate(${x} ${y})` });
    draw("circle", { r: 0.78 }, group);
    draw("use", { href: `/static/icons.svg#${icon}` }, draw("svg", { x: -0.55, y: -0.55, width: 1.1, height: 1.1 }, group));
    this.way.after(group);
    this.places.set(key, group);
  }

  clear() {
    for (const group of this.places?.values() ?? []) group.remove();
    this.way.setAttribute("points", "");
  }

  // As couriers ride: along one street, then along another.
  line(from, to) {
    this.way.setAttribute("points", from && to ? `${from.x},${from.y} ${to.x},${from.y} ${to.x},${to.y}` : "");
  }
}
