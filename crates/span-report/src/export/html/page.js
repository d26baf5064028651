for (const table of document.querySelectorAll("table.sortable")) {
  table.querySelectorAll("th").forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "descending";
    table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const order = (a, b) => isNaN(key(a)) ? key(b).localeCompare(key(a)) : key(a) - key(b);
    const rows = [...table.tBodies[0].rows].sort((a, b) => down ? -order(a, b) : order(a, b));
    table.tBodies[0].append(...rows);
  }));
}
