// A dot a run.

const LINE = 26;
const PALETTE = 6;

function drawStrips() {
  const parent = place("runs");
  if (!parent) return;
  const paints = [];
  const draw = () => {
    parent.replaceChildren(element("p", { class: "soft" },
      "A dot a run, a colour a process; first runs are hollow, and the bar is the median of later runs."));
    paints.length = 0;
    for (const operation of data.operations) {
      const inputs = operation.inputs.filter(row => isShown({ name: operation.name, input: row.input }));
      if (inputs.length) paints.push(strip(parent, operation, inputs));
    }
  };
  onChange(changed => isFilter(changed) && draw());
  draw();
  return () => paints.forEach(paint => paint());
}

/** The plot of an operation, a line an input. */
function strip(parent, operation, inputs) {
  const rows = inputs.map(row => ({
    row,
    runs: data.runs.filter(runs => runs.operation === operation.name && runs.input === row.input),
  }));
  const times = rows.flatMap(({ runs }) => runs.flatMap(({ samples_ns }) => samples_ns)).filter(time => time > 0);
  const low = times.reduce((a, b) => Math.min(a, b), Infinity) / 1.1;
  const high = times.reduce((a, b) => Math.max(a, b), 0) * 1.1;
  if (!times.length) return () => {};
  const dots = [];
  const figure = element("figure", { "data-operation": operation.name }, element("figcaption", {}, operation.name));
  parent.append(figure);
  const median = row => row.later.median_ns ?? row.first_ns;
  const spoken = `${operation.name}: ${count(times.length)} runs. Medians: `
    + inputs.map(row => `${row.input ?? "no input"} ${duration(median(row))}`).join(", ");
  const drawn = canvas(figure, rows.length * LINE + 26, spoken, (context, width) => {
    const left = Math.min(190, width * 0.34);
    const x = time => left + 8 + (width - left - 24) * Math.log(time / low) / Math.log(high / low);
    axis(context, logTicks(low, high), x, rows.length * LINE, duration, width);
    dots.length = 0;
    rows.forEach(({ row, runs }, index) => {
      const y = index * LINE + LINE / 2;
      context.fillStyle = colour("ink");
      context.textAlign = "left";
      context.fillText(fitted(context, row.input ?? "all", left - 4), 0, y + 4);
      for (const { process, samples_ns } of runs) samples_ns.forEach((time, run) => {
        if (time <= 0) return;
        const dot = { x: x(time), y: y + (run * 7 + process * 3) % 13 - 6, time, run, process, input: row.input };
        dots.push(dot);
        circle(context, dot);
      });
      context.fillStyle = colour("ink");
      if (median(row)) context.fillRect(x(median(row)) - 1, y - 10, 2, 20);
    });
  });
  drawn.made.addEventListener("mousemove", event => {
    const dot = nearest(dots, event.offsetX, event.offsetY);
    showTip(event, dot ? `${label({ ...dot, name: operation.name })}: ${duration(dot.time)}, run ${dot.run + 1} of process ${dot.process + 1}` : "");
  });
  drawn.made.addEventListener("mouseleave", event => showTip(event, ""));
  return drawn.paint;
}

function circle(context, { x, y, run, process }) {
  context.beginPath();
  context.arc(x, y, run === 0 ? 4 : 2.5, 0, 2 * Math.PI);
  context.fillStyle = context.strokeStyle = colour(`p${process % PALETTE}`);
  context.globalAlpha = run === 0 ? 1 : 0.55;
  context.lineWidth = 1.5;
  if (run === 0) context.stroke();
  else context.fill();
  context.globalAlpha = 1;
}

/** The nearest dot, within eight pixels. */
function nearest(dots, x, y) {
  const far = dot => Math.hypot(dot.x - x, dot.y - y);
  const best = dots.reduce((a, b) => (a && far(a) <= far(b) ? a : b), null);
  return best && far(best) <= 8 ? best : null;
}

/** Upright lines with values below. A value without room for its text has none. */
function axis(context, ticks, x, height, format, width) {
  let free = -Infinity;
  context.textAlign = "center";
  for (const tick of ticks) {
    context.fillStyle = colour("line");
    context.fillRect(x(tick), 0, 1, height);
    const half = context.measureText(format(tick)).width / 2;
    if (x(tick) - half < free || x(tick) + half > width) continue;
    context.fillStyle = colour("soft");
    context.fillText(format(tick), x(tick), height + 16);
    free = x(tick) + half + 10;
  }
}
