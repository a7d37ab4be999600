import { drawing } from "./element.js";
import { WORDS } from "./words.js";

const WIDTH = 264;
const HEIGHT = 132;
const STEP = 0.005; // degrees between two lines of the grid
const SCALE = 7200; // pixels per degree

const degrees = (value, letter) => `${value.toFixed(4).replace(".", ",")}° ${letter}`;

function lines(middle, length, horizontal) {
  const drawn = [];
  const from = Math.ceil((middle - length / 2 / SCALE) / STEP);
  const to = Math.floor((middle + length / 2 / SCALE) / STEP);
  for (let index = from; index <= to; index += 1) {
    const away = (index * STEP - middle) * SCALE;
    const at = horizontal ? HEIGHT / 2 - away : WIDTH / 2 + away;
    const ends = horizontal ? { x1: 0, x2: WIDTH, y1: at, y2: at } : { x1: at, x2: at, y1: 0, y2: HEIGHT };
    drawn.push(drawing("line", { ...ends, class: "map-line" }));
  }
  return drawn;
}

/** A point as a small drawing: the grid of coordinates around it and a pin; no map tiles are fetched. */
export function mapCard(latitude, longitude, name) {
  const position = `${degrees(latitude, WORDS.north)}, ${degrees(longitude, WORDS.east)}`;
  const middle = { x: WIDTH / 2, y: HEIGHT / 2 };
  const pin = `M${middle.x} ${middle.y}c-9-13-17-20-17-30a17 17 0 0 1 34 0c0 10-8 17-17 30z`;
  return drawing(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "map", role: "img", "aria-label": `${name || WORDS.point}: ${position}` },
    drawing("rect", { width: WIDTH, height: HEIGHT, class: "map-ground" }),
    ...lines(latitude, HEIGHT, true),
    ...lines(longitude, WIDTH, false),
    drawing("circle", { cx: middle.x, cy: middle.y, r: 30, class: "map-ring" }),
    drawing("ellipse", { cx: middle.x, cy: middle.y + 1, rx: 8, ry: 3, class: "map-shadow" }),
    drawing("path", { d: pin, class: "map-pin" }),
    drawing("circle", { cx: middle.x, cy: middle.y - 30, r: 6.5, class: "map-hole" }),
    drawing("text", { x: 10, y: HEIGHT - 10, class: "map-text" }, position),
  );
}
