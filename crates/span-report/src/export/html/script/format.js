// Numbers as text, in the formats of the report's tables, and elements.

const data = JSON.parse(document.getElementById("data").textContent);

function digits(value) {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

function duration(ns) {
  if (ns < 999.5) return `${ns.toFixed(0)} ns`;
  if (ns < 999.5e3) return `${digits(ns / 1e3)} µs`;
  if (ns < 999.5e6) return `${digits(ns / 1e6)} ms`;
  return `${digits(ns / 1e9)} s`;
}

function size(bytes) {
  let value = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (Math.abs(value) < 100 && unit !== "B") return `${value.toFixed(1)} ${unit}`;
    if (Math.abs(value) < 10240) return `${value.toFixed(0)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(0)} TiB`;
}

function count(value) {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function share(part, whole) {
  return `${(100 * part / (whole || 1)).toFixed(1)} %`;
}

/** A change of a ratio in per cent, with its sign. */
function change(ratio) {
  return `${ratio < 1 ? "" : "+"}${(100 * (ratio - 1)).toFixed(1)} %`;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; functions are listeners. Names of SVG elements begin with "svg:". */
function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:")
    ? document.createElementNS(SVG, name.slice(4))
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

/** The place of a section's drawing, emptied. Null if the report has no such section. */
function place(section) {
  const found = document.querySelector(`#${section} .drawn`);
  found?.replaceChildren();
  return found;
}

/** Elements must not be made once a frame of the mouse: one box says what is under it. */
const tip = document.getElementById("tip");

function showTip(event, text) {
  tip.textContent = text;
  tip.hidden = !text;
  if (!text) return;
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 10)}px`;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const FONT = "12px system-ui, sans-serif";

/** A canvas as wide as its place, with pixels of the screen. `draw` gets the context and the width. */
function canvas(parent, height, label, draw) {
  const made = element("canvas", { role: "img", "aria-label": label });
  const paint = () => {
    const width = parent.clientWidth;
    const scale = devicePixelRatio || 1;
    made.width = width * scale;
    made.height = height * scale;
    made.style.height = `${height}px`;
    const context = made.getContext("2d");
    context.scale(scale, scale);
    context.font = FONT;
    draw(context, width);
  };
  parent.append(made);
  paint();
  return { made, paint };
}

/** Ends a text with an ellipsis where it would be wider than this. */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return length > 1 ? `${text.slice(0, length)}…` : "";
}

/** Powers of ten, and 2 and 5 times these, within a range; powers alone if these are many. */
function logTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const part of high / low > 300 ? [1] : [1, 2, 5]) {
      const tick = part * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}
