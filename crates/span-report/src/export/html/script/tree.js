// The call tree that the filters leave, and the same from the leaves up.

const WEIGHTS = {
  self: { name: "Self time", of: node => node.self_ns, format: duration, needs: "times" },
  total: { name: "Total time", of: node => node.self_ns, format: duration, needs: "times" },
  bytes: { name: "Bytes allocated", of: node => node.bytes, format: size, needs: "heap" },
  allocations: { name: "Allocations", of: node => node.allocations, format: count, needs: "heap" },
  peak: { name: "Live at the peak", of: node => node.peak_bytes, format: size, needs: "heap" },
  change: { name: "Change against the baseline", of: node => node.self_ns, format: duration, needs: "changes" },
};
const SUMS = ["calls", "self_ns", "total_ns", "allocations", "bytes", "peak_bytes"];

function isKnown(weight) {
  if (weight.needs === "changes") return Object.keys(data.changes).length > 0;
  if (weight.needs === "heap") return data.calls.heap !== null;
  return data.calls.nodes.some(node => node.self_ns > 0);
}

const weights = data.calls ? Object.entries(WEIGHTS).filter(([, weight]) => isKnown(weight)) : [];

/** The chosen weight, or the first one that the report knows. */
function weight() {
  return (weights.find(([key]) => key === state.weight) ?? weights[0])[1];
}

function newNode(parent, span) {
  const chain = parent?.parent ? `${parent.chain} > ${span.name}` : span.name;
  const node = { parent, span, chain, depth: parent ? parent.depth + 1 : 0, children: [], byKey: new Map() };
  for (const sum of SUMS) node[sum] = 0;
  return node;
}

function child(parent, index) {
  if (!parent.byKey.has(index)) {
    const made = newNode(parent, data.calls.spans[index]);
    made.key = index;
    parent.byKey.set(index, made);
    parent.children.push(made);
  }
  return parent.byKey.get(index);
}

function add(sum, node) {
  for (const key of SUMS) sum[key] += node[key];
}

/** Nodes of the same chain of spans in all shown operations are one. The root is what happens outside spans. */
function callTree() {
  const root = newNode(null, { name: "outside spans", file: "", line: 0 });
  root.chain = "";
  const merged = [];
  for (const node of data.calls.nodes) {
    const into = node.parent === null ? root : child(merged[node.parent], node.span);
    merged.push(into);
    const operation = node.operation === null ? null : data.calls.operations[node.operation];
    if (isShown(operation)) add(into, node);
  }
  return root;
}

/** Each span first, below it its callers: a node's sums are of the innermost span, called through this chain. */
function inverted(tree) {
  const root = newNode(null, { name: "all spans", file: "", line: 0 });
  root.chain = "";
  for (const node of all(tree)) {
    if (!node.parent) continue;
    let into = root;
    for (let above = node; above.parent; above = above.parent) {
      into = child(into, above.key);
      add(into, node);
    }
  }
  return root;
}

/** A node and all below it, parents first. */
function all(node, into = []) {
  into.push(node);
  for (const below of node.children) all(below, into);
  return into;
}

/** Sets `own` and `sum` of each node: the weight of itself, and with all below it. */
function weigh(tree, isInverted) {
  const { of } = weight();
  const isTotal = weight() === WEIGHTS.total;
  for (const node of all(tree).reverse()) {
    const below = node.children.reduce((sum, other) => sum + other.sum, 0);
    node.own = of(node);
    if (isInverted) node.sum = node.parent ? node.own : below;
    else node.sum = isTotal ? Math.max(node.total_ns, below + (node.parent ? 0 : node.own)) : node.own + below;
  }
}

let cached = null;

/** The tree to show. */
function shownTree() {
  if (!cached) {
    cached = callTree();
    if (state.inverted) cached = inverted(cached);
    weigh(cached, Boolean(state.inverted));
  }
  return cached;
}

onChange(changed => {
  if (isFilter(changed) || changed.includes("weight") || changed.includes("inverted")) cached = null;
});

/** The chain of the largest node of a span. */
function chainOf(name) {
  if (!data.calls) return undefined;
  cached = null;
  const nodes = all(callTree()).filter(node => node.parent && node.span.name === name);
  return nodes.sort((a, b) => b.total_ns + b.bytes - a.total_ns - a.bytes)[0]?.chain;
}

function isFound(node) {
  return state.search !== "" && node.parent && node.span.name.toLowerCase().includes(state.search.toLowerCase());
}

/** The comparison's row of a node, on the chosen map or on all. Chains of an inverted tree are not those of the comparison. */
function changeOf(node) {
  return state.inverted ? undefined : data.changes[state.map]?.[node.chain];
}
