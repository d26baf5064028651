// The section of calls: the controls, the icicle, and the table of the same tree.

const COLUMNS = [
  { key: "name", head: "Span", of: node => node.span.name, format: String },
  { key: "calls", head: "Calls", of: node => node.calls, format: count, needs: "times" },
  { key: "self", head: "Self", of: node => node.self_ns, format: duration, needs: "times" },
  { key: "total", head: "Total", of: node => node.total_ns, format: duration, needs: "times" },
  { key: "bytes", head: "Bytes", of: node => node.bytes, format: size, needs: "heap" },
  { key: "allocations", head: "Allocations", of: node => node.allocations, format: count, needs: "heap" },
  { key: "peak", head: "Live at peak", of: node => node.peak_bytes, format: size, needs: "heap" },
  {
    key: "change", head: "Baseline", needs: "changes",
    of: node => changeOf(node)?.ratio ?? 0,
    format: (ratio, node) => ratio ? `${changeOf(node).verdict} (${change(ratio)})` : "",
  },
];

/** A list to choose from; the first entry is no filter. */
function chooser(key, name, options) {
  const select = element("select", { id: `calls-${key}`, change: event => set({ [key]: event.target.value }) },
    ...options.map(([value, text]) => element("option", { value }, text)));
  const show = () => { select.value = state[key] || options[0][0]; };
  onChange(show);
  show();
  return element("label", {}, name, select);
}

function controls() {
  const operations = data.calls.operations;
  const unique = values => [...new Set(values)].filter(value => value !== null).map(value => [value, value]);
  const maps = unique(operations.map(operation => operation.input));
  const search = element("input", {
    type: "search", id: "calls-search", placeholder: "name of a span", input: event => set({ search: event.target.value }),
  });
  const invert = element("button", { type: "button", id: "calls-inverted", click: () => set({ inverted: state.inverted ? "" : "1", at: "" }) }, "Inverted");
  const clear = element("button", { type: "button", id: "calls-clear", click: () => set({ ...DEFAULTS }) }, "Reset");
  const show = () => {
    if (search.value !== state.search) search.value = state.search;
    invert.setAttribute("aria-pressed", state.inverted ? "true" : "false");
    clear.disabled = Object.keys(DEFAULTS).every(key => state[key] === DEFAULTS[key]);
  };
  onChange(show);
  show();
  return element("div", { class: "tools", role: "group", "aria-label": "What the calls show" },
    chooser("weight", "Weight", weights.map(([key, { name }]) => [key, name])),
    maps.length ? chooser("map", "Map", [["", "all"], ...maps]) : null,
    operations.length ? chooser("operation", "Operation", [["", "all"], ...unique(operations.map(({ name }) => name))]) : null,
    element("label", {}, "Search", search), invert, clear);
}

/** Nodes with figures, each below its caller; siblings are sorted. */
function tableRows() {
  const [key, direction] = (state.sort || `${weights.find(([, known]) => known === weight())[0]}-down`).split("-");
  const column = COLUMNS.find(known => known.key === key) ?? COLUMNS[2];
  const order = (a, b) => {
    const [x, y] = [column.of(a), column.of(b)];
    return (typeof x === "string" ? y.localeCompare(x) : y - x) * (direction === "up" ? -1 : 1);
  };
  const rows = [];
  const add = node => {
    const has = SUMS.some(sum => node[sum] > 0) || node.sum > 0;
    if (has && (node.parent || !state.inverted)) rows.push(node);
    [...node.children].sort(order).forEach(add);
  };
  add(shownTree());
  const kept = new Set();
  for (const node of rows.filter(isFound)) for (let above = node; above; above = above.parent) kept.add(above);
  return { rows: state.search ? rows.filter(node => kept.has(node)) : rows, column, direction };
}

const MOST_ROWS = 300;

function drawTable(parent) {
  const { rows, column, direction } = tableRows();
  const columns = COLUMNS.filter(({ needs }) => !needs || isKnown({ needs }));
  const sorted = ({ key }) => key === column.key ? (direction === "up" ? "ascending" : "descending") : null;
  const head = known => element("th", { scope: "col", "aria-sort": sorted(known) }, element("button", {
    type: "button",
    click: () => set({ sort: `${known.key}-${sorted(known) === "descending" ? "up" : "down"}` }),
  }, known.head));
  const cell = (node, { key, head, of, format }) => {
    const value = of(node);
    const text = key !== "name" && value === 0 ? "" : format(value, node);
    if (key !== "name") return element("td", { "data-label": head, "data-value": value }, text);
    const choose = element("button", { type: "button", class: "link", click: () => set({ at: node.chain === state.at ? "" : node.chain }) }, text);
    return element("td", { "data-label": head, style: `--depth:${node.depth}` }, choose);
  };
  const row = node => element("tr", {
    "data-chain": node.chain,
    class: node.parent && node.chain === state.at ? "chosen" : null,
    "aria-selected": node.parent && node.chain === state.at ? "true" : null,
  }, ...columns.map(known => cell(node, known)));
  const table = element("table", { class: "tree", "aria-label": "Call tree" },
    element("thead", {}, element("tr", {}, ...columns.map(head))),
    element("tbody", {}, ...rows.slice(0, MOST_ROWS).map(row)));
  const more = rows.length > MOST_ROWS ? element("p", { class: "soft" }, `${rows.length - MOST_ROWS} more nodes: filter or search.`) : "";
  parent.replaceChildren(element("div", { class: "wide" }, table), more);
}

function drawCalls() {
  const parent = place("calls");
  if (!parent || weights.length === 0) return;
  const icicle = element("div", { id: "icicle" });
  const status = element("p", { class: "soft", id: "calls-status", role: "status" });
  const table = element("div", {});
  const heap = data.calls.heap ? ` Heap: ${data.calls.heap}.` : "";
  const show = () => {
    const tree = shownTree();
    const found = all(tree).filter(isFound);
    const filters = [state.operation, state.map, state.brush && "the marked time"].filter(Boolean).join(", ") || "all operations";
    status.textContent = `${weight().name} of ${filters}: ${weight().format(tree.sum)}.`
      + (state.search ? ` ${count(found.length)} of ${count(all(tree).length - 1)} nodes found.` : "")
      + (tree.sum === 0 ? " Nothing was measured here." : "");
    drawIcicle(icicle);
    drawTable(table);
  };
  parent.append(
    element("p", { class: "soft" }, `Times: ${data.calls.times}.${heap} A box is as wide as its weight; the stronger its colour, the more is its own. A click shows it alone.`),
    controls(), status, icicle, table);
  onChange(show);
  show();
  return () => drawIcicle(icicle);
}
