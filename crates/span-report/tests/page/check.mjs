// Opens a report in Chromium, works its controls, and compares its figures with those of report.json:
// node check.mjs report.html report.json [seed]

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { open } from "./browser.mjs";

const [, , html, json, seed = Date.now() % 100000] = process.argv;
const report = JSON.parse(readFileSync(json, "utf8"));
const failures = [];
const check = (holds, text) => holds || failures.push(text);

let random = Number(seed) || 1;
const pick = list => {
  random = (random * 48271) % 2147483647;
  return list[random % list.length];
};

const UNITS = { ns: 1, "µs": 1e3, ms: 1e6, s: 1e9, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** A figure as it is shown, in the unit of report.json. */
function parsed(text) {
  const [number, unit = "B"] = text.replaceAll(",", "").split(" ");
  return Number(number) * (UNITS[unit] ?? { k: 1e3, M: 1e6, G: 1e9 }[unit[0]] ?? 1);
}

const isNear = (shown, value) => Math.abs(shown - value) <= Math.abs(value) * 0.006 + 0.5;

const page = await open(`file://${resolve(html)}`);

/** Cells of the cards: what a column shows, and the field of report.json. */
const FIELDS = {
  First: row => row.first_ns, Median: row => row.later.median_ns, p95: row => row.later.p95_ns,
  Rate: row => row.pixels_per_s ?? row.bytes_per_s, Allocations: row => row.heap?.allocations, "Peak heap": row => row.heap?.peak_bytes,
};

async function figuresOfCards() {
  const first = report.operations.find(operation => operation.pass === "clean") ?? report.operations[0];
  const operations = report.operations.filter(operation => operation.pass === first.pass);
  for (let number = 0; number < 10; number++) {
    const operation = pick(operations);
    const row = pick(operation.inputs);
    const field = pick(Object.keys(FIELDS).filter(name => FIELDS[name](row) != null));
    const cell = await page.value(`(() => {
      const card = [...document.querySelectorAll("article.map")].find(card => (card.dataset.input ?? null) === ${JSON.stringify(row.input)});
      const row = [...card.querySelectorAll("tbody tr")].find(row => row.cells[0].textContent === ${JSON.stringify(operation.name)});
      const cell = [...row.cells].find(cell => cell.dataset.label === ${JSON.stringify(field)});
      return { value: Number(cell.dataset.value), shown: cell.textContent };
    })()`);
    const value = FIELDS[field](row);
    const where = `${operation.name} on ${row.input}, ${field}: ${JSON.stringify(cell)} for ${value}`;
    check(cell.value === value && isNear(parsed(cell.shown), value), where);
  }
}

/** Sums over the rows of the tree, by name. */
const treeSums = column => page.value(`Object.entries([...document.querySelectorAll("table.tree tbody tr")].reduce((sums, row) => {
  const name = row.cells[0].textContent;
  const cell = [...row.cells].find(cell => cell.dataset.label === ${JSON.stringify(column)});
  sums[name] = (sums[name] ?? 0) + Number(cell?.dataset.value ?? 0);
  return sums;
}, {}))`);

async function figuresOfTree() {
  for (const [column, field] of [["Calls", of => of.calls], ["Self", of => of.self_ns], ["Bytes", of => of.heap?.allocated_bytes ?? 0]]) {
    for (const [name, sum] of await treeSums(column)) {
      const known = report.functions.filter(of => of.name === name);
      if (known.length === 0) continue;
      const expected = known.reduce((total, of) => total + field(of), 0);
      check(sum === expected, `${column} of ${name}: ${sum} for ${expected}`);
    }
  }
}

const sumOf = sums => sums.reduce((total, [, sum]) => total + sum, 0);
const data = () => page.value(`JSON.parse(document.getElementById("data").textContent)`);

/** The self time of the operations that pass a test, from the page's data. */
function selfTime({ calls }, isShown) {
  const shown = calls.nodes.filter(node => node.operation !== null && isShown(calls.operations[node.operation]));
  return shown.reduce((total, node) => total + node.self_ns, 0);
}

const boxes = () => page.value(`[...document.querySelectorAll("#icicle rect")].map(box => box.getAttribute("width")).join()`);
const icicle = () => page.value(`document.querySelector("#icicle").innerHTML`);
const rows = () => page.value(`[...document.querySelectorAll("table.tree tbody tr")].map(row => row.textContent).join("\\n")`);
const status = () => page.value(`document.querySelector("#calls-status").textContent`);
const hash = () => page.value("location.hash");
const choose = (id, value) => page.value(`(() => {
  const control = document.getElementById("calls-${id}");
  control.value = ${JSON.stringify(value)};
  control.dispatchEvent(new Event(control.tagName === "SELECT" ? "change" : "input"));
})()`);
const click = selector => page.value(`document.querySelector(${JSON.stringify(selector)}).dispatchEvent(new MouseEvent("click", { bubbles: true }))`);
const reset = () => click("#calls-clear");

async function controls() {
  await page.load();
  const before = { icicle: await icicle(), rows: await rows(), strips: await page.value(`document.querySelectorAll("#runs canvas").length`) };
  const weights = await page.value(`[...document.querySelectorAll("#calls-weight option")].map(option => option.value)`);
  const wide = await boxes();
  for (const weight of weights.slice(1)) {
    await choose("weight", weight);
    check((await hash()).includes(`weight=${weight}`) && (await icicle()) !== before.icicle, `weight ${weight} changes nothing`);
    check(!["bytes", "allocations", "peak"].includes(weight) || (await boxes()) !== wide, `weight ${weight} leaves all boxes as wide`);
  }
  await reset();
  check((await icicle()) === before.icicle && !(await hash()).includes("="), "the reset does not bring back the beginning");

  await click("#calls-inverted");
  check((await icicle()) !== before.icicle && (await page.value(`document.querySelector("#icicle g").getAttribute("aria-label")`)).startsWith("all spans"), "inversion changes nothing");
  await reset();

  const maps = await page.value(`[...document.querySelectorAll("#calls-map option")].map(option => option.value).filter(Boolean)`);
  const map = pick(maps);
  await choose("map", map);
  check((await rows()) !== before.rows && (await status()).includes(map), `the map ${map} changes nothing`);
  const ofMap = [sumOf(await treeSums("Self")), selfTime(await data(), operation => operation.input === map)];
  check(ofMap[0] === ofMap[1], `self time on ${map}: ${ofMap}`);
  const linked = { hash: await hash(), rows: await rows() };
  await reset();
  const operation = await page.value(`document.querySelector("#calls-operation option:last-child").value`);
  await choose("operation", operation);
  check((await page.value(`document.querySelectorAll("#runs figure").length`)) === 1, "the operation does not filter the runs");
  await reset();

  const name = await page.value(`document.querySelector("table.tree tbody tr:last-child").cells[0].textContent`);
  await choose("search", name);
  check((await status()).includes("found") && (await icicle()).includes("dim"), `the search for ${name} changes nothing`);
  await reset();

  await page.value(`document.querySelector("table.tree tbody tr:nth-child(2) button").click()`);
  const chosen = await page.value(`[document.querySelector("table.tree .chosen")?.dataset.chain, document.querySelector("#icicle .chosen")?.dataset.chain]`);
  check(chosen[0] && chosen[0] === chosen[1], `table and icicle do not share the selection: ${chosen}`);

  await page.load(linked.hash);
  check((await rows()) === linked.rows, `the link ${linked.hash} shows something else`);
  const link = await page.value(`document.querySelector('.findings a[href^="#span="]')?.getAttribute("href")`);
  await page.load(link);
  check(await page.value(`document.querySelector("#icicle .chosen") !== null`), `the finding's link ${link} chooses nothing`);
}

async function theme() {
  await page.load();
  const paper = () => page.value("getComputedStyle(document.body).backgroundColor");
  const seen = new Set();
  for (let press = 0; press < 3; press++) {
    await click("#theme");
    seen.add(await paper());
  }
  check(seen.size === 2, `the switch shows ${seen.size} backgrounds, not a light and a dark one`);
}

async function brush() {
  await page.load();
  const before = await rows();
  const below = () => page.value(`document.querySelectorAll("#cost-against-size circle:not([hidden])").length`);
  const dots = await below();
  /** The operations on cards that are seen. */
  const cards = () => page.value(`[...document.querySelectorAll("article.map tbody tr")].filter(row => row.getClientRects().length > 0)
    .map(row => JSON.stringify({ name: row.cells[0].textContent, input: row.closest("article").dataset.input ?? null }))`);
  const all = await cards();
  const at = await page.value(`(() => {
    document.querySelector("#timeline").scrollIntoView();
    const { left, top, width } = document.querySelector("#timeline canvas").getBoundingClientRect();
    return { from: left + width * 0.1, to: left + width * 0.4, y: top + 10 };
  })()`);
  await page.mouse("mousePressed", at.from, at.y);
  await page.mouse("mouseMoved", at.to, at.y);
  await page.mouse("mouseReleased", at.to, at.y);
  check((await hash()).includes("brush=") && (await rows()) !== before, "the brush does not filter the calls");
  const { timelines, calls } = await data();
  const [block, from, to] = (await hash()).split("brush=")[1].split("-").map(Number);
  const of = timelines[block];
  const inside = of.runs.filter(([, start, end]) => start < to && end > from);
  const marked = new Set(inside.map(([operation]) => JSON.stringify(of.operations[operation])));
  const sums = [sumOf(await treeSums("Self")), selfTime({ calls }, operation => marked.has(JSON.stringify(operation)))];
  check(sums[0] === sums[1], `self time in the marked time: ${sums}`);
  check((await page.value(`document.querySelectorAll("#marked tbody tr").length`)) > 0, "the brush lists no calls");

  const costs = [await below(), marked.size];
  check(costs[0] === costs[1] && costs[0] < dots, `costs in the marked time: ${costs} of ${dots}`);
  const expected = JSON.stringify(all.filter(row => marked.has(row)).sort());
  check(JSON.stringify((await cards()).sort()) === expected, `operations on cards in the marked time: ${await cards()} for ${expected}`);
  check((await cards()).length < all.length, "the brush hides no operation of a card");
  const empty = await page.value(`[...document.querySelectorAll("article.map")].filter(card => card.getClientRects().length > 0 && !card.querySelector("tbody tr:not([hidden])")).length`);
  check(empty === 0, `${empty} cards without an operation are seen`);
  await page.load();
  check((await cards()).length === all.length, "cards stay hidden without the brush");
}

async function widths() {
  for (const scheme of ["light", "dark"]) for (const width of [390, 768, 1280]) {
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    await page.resize(width, 900);
    await page.load();
    const wide = await page.value("document.documentElement.scrollWidth");
    check(wide <= width, `at ${width} pixels the page is ${wide} wide`);
  }
}

await page.resize(1280, 900);
for (const step of [() => page.load(), figuresOfCards, figuresOfTree, controls, theme, brush, widths]) {
  try {
    await step();
  } catch (error) {
    failures.push(`${step.name}: ${error.message}`);
  }
}
failures.push(...page.problems);
await page.close();
console.log(failures.length ? `seed ${seed}\n${failures.join("\n")}` : `the page holds (seed ${seed})`);
process.exitCode = failures.length ? 1 : 0;
