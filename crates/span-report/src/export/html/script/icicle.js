// The call tree as an icicle: a node is as wide as its weight, and lies below its caller.

const ROW = 24;
/** Measures texts. */
const pen = document.createElement("canvas").getContext("2d");

/** Left edge and width of each visible node, in pixels. The chosen node fills the width, and those above it too. */
function layOut(tree, width) {
  const chosen = all(tree).find(node => node.parent && node.chain === state.at);
  const above = new Set();
  for (let node = chosen; node; node = node.parent) above.add(node);
  const placed = [];
  const put = (node, x, wide) => {
    if (wide < 1) return;
    placed.push({ node, x, wide });
    const onPath = node.children.find(other => above.has(other));
    if (onPath) return put(onPath, 0, width);
    let next = x;
    for (const below of [...node.children].sort((a, b) => b.sum - a.sum)) {
      const part = wide * below.sum / (node.sum || 1);
      put(below, next, part);
      next += part;
    }
  };
  put(tree, 0, width);
  return placed;
}

/** The stronger, the more is the node's own. Red and blue for certain growth and shrinking. */
function fill(node, most) {
  if (weight() === WEIGHTS.change) {
    const row = changeOf(node);
    if (!row?.ratio || !["worse", "better"].includes(row.verdict)) return "var(--none)";
    const part = Math.round(25 + 75 * Math.min(1, Math.abs(Math.log2(row.ratio))));
    return `color-mix(in srgb, var(${row.ratio > 1 ? "--grew" : "--shrank"}) ${part}%, var(--none))`;
  }
  if (!node.parent) return "var(--none)";
  return `color-mix(in srgb, var(--hot) ${Math.round(12 + 88 * node.own / (most || 1))}%, var(--cold))`;
}

/** The root stands for all, and its own weight for what is outside spans. */
function nameOf(node) {
  return node.parent || state.inverted ? node.span.name : "all calls";
}

function describe(node) {
  const { name, format } = weight();
  const parts = [`${nameOf(node)}: ${format(node.sum)}, ${share(node.sum, shownTree().sum)}`];
  if (!state.inverted) parts.push(`itself ${format(node.own)}`);
  parts.push(`${count(node.calls)} calls`, name.toLowerCase());
  const row = changeOf(node);
  if (row?.ratio) parts.push(`against the baseline ${row.verdict}, ${change(row.ratio)} a call (${row.interval?.map(change).join(" to ")})`);
  if (node.span.file) parts.push(`${node.span.file}:${node.span.line}`);
  return parts.join(" · ");
}

/** Draws into a place. The focus stays at its node. */
function drawIcicle(parent) {
  const focused = parent.querySelector("g:focus")?.dataset.chain;
  const width = parent.clientWidth;
  const placed = layOut(shownTree(), width);
  pen.font = FONT;
  const depth = Math.max(0, ...placed.map(({ node }) => node.depth)) + 1;
  const most = Math.max(0, ...all(shownTree()).filter(node => node.parent).map(node => node.own));
  const svg = element("svg:svg", {
    width, height: depth * ROW, role: "group", "aria-label": "Call tree; the arrow keys move, Enter chooses",
  });
  for (const { node, x, wide } of placed) svg.append(...box(node, x, wide, most));
  parent.replaceChildren(svg);
  if (focused !== undefined) nodeElement(parent, focused)?.focus();
}

function nodeElement(parent, chain) {
  return [...parent.querySelectorAll("g")].find(drawn => drawn.dataset.chain === chain);
}

function box(node, x, wide, most) {
  const classes = [state.search && !isFound(node) && "dim", node.parent && node.chain === state.at && "chosen"];
  const choose = () => set({ at: node.chain === state.at ? "" : node.chain });
  return [element("svg:g", {
    role: "button", tabindex: wide > 6 ? 0 : -1, "aria-label": describe(node), "data-chain": node.chain,
    "aria-pressed": node.parent && node.chain === state.at ? "true" : "false",
    class: classes.filter(Boolean).join(" "),
    click: choose,
    keydown: event => move(event, node, choose),
    mousemove: event => showTip(event, describe(node)),
    mouseleave: event => showTip(event, ""),
  },
  element("svg:rect", { x, y: node.depth * ROW, width: Math.max(1, wide - 1), height: ROW - 1, rx: 2, style: `fill:${fill(node, most)}` }),
  ), element("svg:text", { x: x + 5, y: node.depth * ROW + 16, "aria-hidden": "true", class: classes[0] },
    fitted(pen, node.parent ? node.span.name : `${nameOf(node)} · ${weight().format(node.sum)}`, wide - 9))];
}

function move(event, node, choose) {
  const beside = node.parent ? [...node.parent.children].sort((a, b) => b.sum - a.sum) : [node];
  const at = beside.indexOf(node);
  const largest = [...node.children].sort((a, b) => b.sum - a.sum)[0];
  const to = { ArrowUp: node.parent, ArrowDown: largest, ArrowLeft: beside[at - 1], ArrowRight: beside[at + 1] }[event.key];
  if (event.key === "Enter" || event.key === " ") choose();
  else if (to) nodeElement(event.currentTarget.closest("div"), to.chain)?.focus();
  else return;
  event.preventDefault();
}
