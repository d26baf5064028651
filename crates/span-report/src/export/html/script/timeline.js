// What happened when: a block a process, each on its own clock. A marked time filters the sections below.

const LANE = 16;
const MEMORY = 70;

/** A brush is the number of a block and two moments. */
function brush() {
  const [block, from, to] = state.brush.split("-").map(Number);
  return { line: data.timelines[block], block, from, to };
}

/** The labels of the operations in the marked time. */
function brushed() {
  const { line, from, to } = brush();
  const inside = line?.runs.filter(([, start, end]) => start < to && end > from);
  return new Set(inside?.map(([operation]) => label(line.operations[operation])));
}

function drawTimeline() {
  const parent = place("timeline");
  if (!parent) return;
  if (data.timelines.length === 0) return void parent.closest("section").remove();
  const list = element("div", { id: "marked" });
  const paints = data.timelines.map((line, block) => timelineBlock(parent, line, block));
  parent.append(list);
  const show = () => {
    paints.forEach(paint => paint());
    list.replaceChildren(...(state.brush ? marked() : []));
    filterCards();
  };
  onChange(changed => changed.includes("brush") && show());
  onChange(changed => isFilter(changed) && filterBelow());
  show();
  return show;
}

/** Hides maps, and their operations, that did not run in the marked time. */
function filterCards() {
  const kept = state.brush && brushed();
  for (const card of document.querySelectorAll("article.map")) {
    const rows = [...card.querySelectorAll("tbody tr")];
    for (const row of rows) row.hidden = kept && !kept.has(label({ name: row.cells[0].textContent, input: card.dataset.input ?? null }));
    card.hidden = kept && rows.every(row => row.hidden);
  }
}

/** Hides dots and spans of operations that the filters leave out. */
function filterBelow() {
  for (const dot of document.querySelectorAll("#cost-against-size circle")) {
    const name = dot.closest("figure").dataset.operation;
    dot.toggleAttribute("hidden", !isShown({ name, input: dot.dataset.input ?? null }));
  }
  const called = data.calls && new Set(all(callTree()).filter(node => SUMS.some(sum => node[sum] > 0)).map(node => node.span.name));
  for (const row of document.querySelectorAll("#spans tbody tr")) row.hidden = called && !called.has(row.cells[0].textContent);
}

/** Lanes of a block: operations, spans by thread and depth, resident size, live heap. */
function lanes(line) {
  const made = [];
  let y = 0;
  const add = (kind, name, height, more) => {
    made.push({ kind, name, y, height, ...more });
    y += height + 8;
  };
  if (line.runs.length) add("operations", "Operations", LANE);
  line.threads.forEach((name, thread) => {
    const depths = line.calls.filter(call => call[2] === thread).map(call => call[3]);
    if (depths.length) add("spans", name || `thread ${thread}`, LANE * (Math.max(...depths) + 1), { thread });
  });
  if (line.rss.length > 1) add("memory", "RSS", MEMORY, { points: line.rss, colour: "a" });
  if (line.heap.length > 1) add("memory", "Live heap", MEMORY, { points: line.heap, colour: "b", peak: line.peak_heap_bytes });
  return { made, height: y + 18 };
}

function timelineBlock(parent, line, block) {
  const { made, height } = lanes(line);
  const hits = [];
  const scale = width => {
    const left = width < 600 ? 0 : 90;
    return { left, x: at => left + (width - left - 4) * at / line.duration_ns, at: x => (x - left) / (width - left - 4) * line.duration_ns };
  };
  const figure = element("figure", {}, element("figcaption", {}, `A process of the ${line.pass} pass`,
    element("span", { class: "soft" }, line.left_out ? ` · the longest calls; ${count(line.left_out)} others are not drawn` : "")));
  parent.append(figure);
  const spoken = `${made.map(({ name }) => name).join(", ")} over ${duration(line.duration_ns)}`
    + (line.peak_heap_bytes ? `; heap at most ${size(line.peak_heap_bytes)}` : "");
  const drawn = canvas(figure, height, spoken, (context, width) => {
    const { left, x } = scale(width);
    hits.length = 0;
    for (const lane of made) {
      if (lane.kind === "operations") drawRuns(context, lane, line, x, hits);
      else if (lane.kind === "spans") drawSpans(context, lane, line, x, hits);
      else drawMemory(context, lane, x, width);
      context.fillStyle = colour("ink");
      context.textAlign = "left";
      if (left) context.fillText(fitted(context, lane.name, left - 8), 0, lane.y + 12);
    }
    context.fillStyle = colour("soft");
    context.textAlign = "left";
    context.fillText("0", left, height - 4);
    context.textAlign = "right";
    context.fillText(duration(line.duration_ns), width - 4, height - 4);
    const marks = brush();
    if (state.brush && marks.block === block) {
      context.fillStyle = colour("mark");
      context.fillRect(x(marks.from), 0, Math.max(2, x(marks.to) - x(marks.from)), height - 16);
    }
  });
  listen(drawn.made, line, block, () => scale(figure.clientWidth), hits);
  if (line.runs.length) figure.append(moments(line, block));
  return drawn.paint;
}

function band(context, name, x, y, wide, height, fillStyle) {
  context.fillStyle = fillStyle;
  context.fillRect(x, y, Math.max(1, wide - 0.5), height - 1);
  if (wide < 26) return;
  context.fillStyle = colour("on-band");
  context.textAlign = "left";
  context.fillText(fitted(context, name, wide - 6), x + 3, y + 12);
}

function drawRuns(context, lane, line, x, hits) {
  for (const [operation, start, end] of line.runs) {
    const of = line.operations[operation];
    const wide = x(end) - x(start);
    band(context, label(of), x(start), lane.y, wide, LANE, colour(`p${operation % PALETTE}`));
    hits.push({ x: x(start), wide, y: lane.y, text: `${label(of)}: ${duration(start)} to ${duration(end)}` });
  }
}

function drawSpans(context, lane, line, x, hits) {
  for (const [name, operation, thread, depth, start, wide] of line.calls) {
    if (thread !== lane.thread) continue;
    const [from, y] = [x(start), lane.y + depth * LANE];
    const pixels = x(start + wide) - from;
    band(context, line.names[name], from, y, pixels, LANE, colour(`p${name % PALETTE}`));
    const of = operation === null ? "" : ` in ${label(line.operations[operation])}`;
    hits.push({ x: from, wide: pixels, y, text: `${line.names[name]}: ${duration(wide)} at ${duration(start)}${of}` });
  }
}

/** Bytes in steps: a reading holds until the next. */
function drawMemory(context, lane, x, width) {
  const most = lane.points.reduce((max, point) => Math.max(max, point[1]), 1);
  const bottom = lane.y + lane.height;
  const y = bytes => bottom - (lane.height - 16) * bytes / most;
  context.beginPath();
  context.moveTo(x(lane.points[0][0]), bottom);
  let last = 0;
  for (const [at, bytes] of lane.points) {
    context.lineTo(x(at), last ? y(last) : bottom);
    context.lineTo(x(at), y(bytes));
    last = bytes;
  }
  context.lineTo(x(lane.points[lane.points.length - 1][0]), bottom);
  context.strokeStyle = context.fillStyle = colour(lane.colour);
  context.stroke();
  context.globalAlpha = 0.2;
  context.fill();
  context.globalAlpha = 1;
  const top = lane.points.find(point => point[1] === most);
  circle(context, { x: x(top[0]), y: y(most), run: 1, process: 0 });
  const exact = lane.peak ? `${lane.name} at most ${size(lane.peak)}` : `largest reading ${size(most)}`;
  const half = context.measureText(exact).width / 2;
  context.textAlign = "center";
  context.fillStyle = colour("ink");
  context.fillText(exact, Math.max(x(0) + half, Math.min(width - half, x(top[0]))), y(most) - 5);
}

/** Dragging marks a time; a click without dragging ends it. */
function listen(made, line, block, scale, hits) {
  let from = null;
  const moment = event => Math.max(0, Math.min(line.duration_ns, scale().at(event.offsetX)));
  made.addEventListener("pointerdown", event => {
    from = moment(event);
    made.setPointerCapture(event.pointerId);
  });
  made.addEventListener("pointerup", event => {
    if (from === null) return;
    const ends = [from, moment(event)].sort((a, b) => a - b).map(Math.round);
    from = null;
    const isDrag = ends[1] - ends[0] > line.duration_ns / 300;
    set({ brush: isDrag && line.runs.length ? `${block}-${ends.join("-")}` : "" });
  });
  made.addEventListener("pointermove", event => {
    const hit = hits.findLast(({ x, wide, y }) =>
      event.offsetX >= x && event.offsetX <= x + Math.max(2, wide) && event.offsetY >= y && event.offsetY < y + LANE);
    showTip(event, from === null ? hit?.text ?? duration(moment(event)) : `${duration(from)} to ${duration(moment(event))}`);
  });
  made.addEventListener("pointerleave", event => showTip(event, ""));
}

/** The same with the keyboard: two sliders. */
function moments(line, block) {
  const slider = (name, value) => element("input", { type: "range", min: 0, max: 1000, value, "aria-label": `${name} of the marked time` });
  const [from, to] = [slider("Begin", 0), slider("End", 1000)];
  const mark = () => {
    const ends = [from, to].map(input => Math.round(input.value / 1000 * line.duration_ns)).sort((a, b) => a - b);
    set({ brush: ends[0] === 0 && ends[1] === line.duration_ns ? "" : `${block}-${ends.join("-")}` });
  };
  for (const input of [from, to]) input.addEventListener("change", mark);
  onChange(() => {
    const marks = brush();
    const isMine = state.brush && marks.block === block;
    from.value = isMine ? 1000 * marks.from / line.duration_ns : 0;
    to.value = isMine ? 1000 * marks.to / line.duration_ns : 1000;
  });
  return element("div", { class: "tools" }, "Mark a time: drag, or", from, to);
}

/** The longest calls in the marked time. */
function marked() {
  const { line, from, to } = brush();
  if (!line) return [];
  const inside = line.calls.filter(([, , , , start, wide]) => start < to && start + wide > from);
  const longest = [...inside].sort((a, b) => b[5] - a[5]).slice(0, 12);
  const cell = (head, text) => element("td", { "data-label": head }, text);
  const row = ([name, operation, , , start, wide]) => element("tr", {},
    cell("Span", line.names[name]), cell("Operation", operation === null ? "" : label(line.operations[operation])),
    cell("Start", duration(start)), cell("Time", duration(wide)));
  const heads = ["Span", "Operation", "Start", "Time"].map(head => element("th", { scope: "col" }, head));
  return [
    element("p", { class: "soft" }, `${duration(from)} to ${duration(to)} of the ${line.pass} pass: maps, calls, runs, costs and spans below are of its operations.`),
    longest.length && element("div", { class: "wide" }, element("table", { "aria-label": "Calls in the marked time" },
      element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...longest.map(row)))),
  ].filter(Boolean);
}
