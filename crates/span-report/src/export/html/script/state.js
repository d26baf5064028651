// What the page shows, kept in the address: a link shows the same.

const DEFAULTS = { weight: "", inverted: "", map: "", operation: "", search: "", at: "", sort: "", brush: "" };
const state = { ...DEFAULTS };
const listeners = [];

/** Calls a function now and after each change; the function gets the names of the changed parts. */
function onChange(listener) {
  listeners.push(listener);
}

function notify(changed) {
  for (const listener of listeners) listener(changed);
}

function set(part) {
  const changed = Object.keys(part).filter(key => state[key] !== part[key]);
  if (changed.length === 0) return;
  Object.assign(state, part);
  const kept = Object.entries(state).filter(([key, value]) => value !== DEFAULTS[key]);
  const hash = new URLSearchParams(kept).toString();
  history.replaceState(null, "", hash ? `#${hash}` : `#calls`);
  notify(changed);
}

/** An address with a "=" is a state; any other is the name of a section. `span` finds the first node of a span. */
function readHash() {
  const hash = location.hash.slice(1);
  if (!hash.includes("=")) return;
  const read = new URLSearchParams(hash);
  const wanted = { ...DEFAULTS };
  for (const key of Object.keys(DEFAULTS)) if (read.has(key)) wanted[key] = read.get(key);
  if (read.has("span")) wanted.at = chainOf(read.get("span")) ?? "";
  Object.assign(state, wanted);
  notify(Object.keys(DEFAULTS));
  document.getElementById("calls")?.scrollIntoView();
}

/** Operations that the filters let through: by map, by name, and by what a brush covers. */
function isShown(operation) {
  if (!state.map && !state.operation && !state.brush) return true;
  if (!operation) return false;
  return (!state.map || operation.input === state.map)
    && (!state.operation || operation.name === state.operation)
    && (!state.brush || brushed().has(label(operation)));
}

function label(operation) {
  return operation.input === null ? operation.name : `${operation.name} on ${operation.input}`;
}

function isFilter(changed) {
  return changed.some(key => ["map", "operation", "brush"].includes(key));
}
