// Tables that sort, the theme, and the order of drawing.

function sortable(table) {
  table.querySelectorAll("th").forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "descending";
    table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = row => row.cells[column].dataset.value;
    const order = (a, b) => isNaN(key(a)) ? key(b).localeCompare(key(a)) : key(a) - key(b);
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort((a, b) => down ? -order(a, b) : order(a, b)));
  }));
}

const THEMES = { "": "automatic", light: "light", dark: "dark" };

/** A browser may deny storage to pages from files. */
function stored(value) {
  try {
    if (value !== undefined) localStorage.setItem("theme", value);
    return localStorage.getItem("theme") ?? "";
  } catch {
    return value ?? "";
  }
}

function showTheme(theme) {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.getElementById("theme").textContent = `Theme: ${THEMES[theme] ?? THEMES[""]}`;
}

const button = document.getElementById("theme");
button.hidden = false;
showTheme(stored());
button.addEventListener("click", () => {
  const names = Object.keys(THEMES);
  const next = names[(names.indexOf(document.documentElement.dataset.theme ?? "") + 1) % names.length];
  stored(next);
  showTheme(next);
  repaint();
});

document.querySelectorAll("table.sortable").forEach(sortable);
document.querySelectorAll("[data-map]").forEach(link => link.addEventListener("click", () => {
  set({ map: link.dataset.map });
  document.getElementById("calls")?.scrollIntoView();
}));

const paints = [drawCalls(), drawStrips(), drawTimeline()].filter(Boolean);
function repaint() {
  for (const paint of paints) paint();
}

addEventListener("hashchange", readHash);
readHash();
let width = innerWidth;
addEventListener("resize", () => {
  if (width !== innerWidth) repaint();
  width = innerWidth;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
