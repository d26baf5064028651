// Median time against the size of inputs.

function drawSizes() {
  const parent = place("cost-against-size");
  if (!parent) return;
  if (data.fits.length === 0) return void parent.closest("section").remove();
  const redraw = () => {
    parent.replaceChildren(
      element("p", { class: "soft" }, "A dot an input, both axes logarithmic. An exponent of 1 is time in proportion to size."),
      element("div", { class: "plots" }, ...data.fits.map(sizePlot)));
  };
  redraw();
}

const PLOT = { width: 360, height: 240, left: 62, right: 14, top: 12, bottom: 34 };

function sizePlot({ operation, unit, points, line }) {
  const { width, height, left, right, top, bottom } = PLOT;
  const range = values => [Math.min(...values) / 1.3, Math.max(...values) * 1.3];
  const [small, large] = range(points.map(point => point.size));
  const [fast, slow] = range(points.map(point => point.median_ns));
  const x = value => left + (width - left - right) * Math.log(value / small) / Math.log(large / small);
  const y = time => height - bottom - (height - top - bottom) * Math.log(time / fast) / Math.log(slow / fast);
  const sized = value => unit === "bytes" ? size(value) : `${value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : value}px`;
  const name = `${operation}: time against ${unit}${line ? `, exponent ${line.exponent.toFixed(2)}` : ""}`;
  const svg = element("svg:svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name });
  const text = (at, anchor, shown) => svg.append(element("svg:text", { ...at, "text-anchor": anchor }, shown));
  const between = (ticks, most) => ticks.filter((_, index) => index % Math.ceil(ticks.length / most) === 0);
  for (const tick of between(logTicks(fast, slow), 6)) {
    svg.append(element("svg:line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
    text({ x: left - 6, y: y(tick) + 4 }, "end", duration(tick).replace(/\.0+ /, " "));
  }
  for (const tick of between(logTicks(small, large), 4)) {
    svg.append(element("svg:line", { x1: x(tick), x2: x(tick), y1: top, y2: height - bottom }));
    text({ x: x(tick), y: height - bottom + 18 }, "middle", sized(tick));
  }
  if (line) svg.append(fitLine(line, [small, large], [fast, slow], x, y));
  for (const point of points) {
    const said = `${label({ name: operation, input: point.input })}: ${duration(point.median_ns)}, ${count(point.size)} ${unit}`;
    svg.append(element("svg:circle", {
      cx: x(point.size), cy: y(point.median_ns), r: 5,
      mousemove: event => showTip(event, said), mouseleave: event => showTip(event, ""),
    }, element("svg:title", {}, said)));
  }
  const caption = element("figcaption", {}, operation, element("span", { class: "soft" }, line ? ` ∝ ${unit}^${line.exponent.toFixed(2)}` : ` by ${unit}`));
  return element("figure", {}, caption, svg);
}

/** The part of the fitted line that is inside the plot. */
function fitLine({ factor, exponent }, sizes, times, x, y) {
  const time = value => factor * value ** exponent;
  const inside = value => Math.min(times[1], Math.max(times[0], time(value)));
  const ends = sizes.map(value => exponent ? (inside(value) / factor) ** (1 / exponent) : value);
  return element("svg:line", { class: "fit", x1: x(ends[0]), y1: y(time(ends[0])), x2: x(ends[1]), y2: y(time(ends[1])) });
}
