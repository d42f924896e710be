// Tables on demand: sorted by any column, filtered by any text, handed on as CSV.

const FIRST_ROWS = 60, SHORT = 24;
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(figure) {
  const lines = [figure.columns.map((column) => csvCell(column.name)).join(",")];
  for (const row of rowsOf(figure)) {
    lines.push(figure.columns.map((column) => csvCell(row[column.name])).join(","));
  }
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = element("a", { href: address, download: `${name}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function mountTable(place, key) {
  const figure = page.figures[key];
  const all = rowsOf(figure);
  const state = { most: FIRST_ROWS, sort: null, down: false, text: "" };
  const body = element("tbody");
  const count = element("span", { role: "status" });
  const more = element("button", { type: "button" }, "Show all");
  const heads = figure.columns.map((column) => head(column, () => {
    state.down = state.sort === column.name ? !state.down : column.kind !== "text";
    state.sort = column.name;
    fill();
  }));
  const caption = element("caption", {}, figure.title);
  const table = element("table", {}, caption, element("thead", {}, element("tr", {}, ...heads)), body);
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${figure.title}` }, table);
  const save = element("button", { type: "button", "data-csv": key, "aria-label": `Download as CSV: ${figure.title}` }, "Download CSV");
  save.addEventListener("click", () => download(key, csv(figure)));
  more.addEventListener("click", () => { state.most = Infinity; fill(); });
  const tools = element("div", { class: "tools" }, save);
  if (all.length > 8) {
    const find = element("input", { type: "search", placeholder: "Filter", "aria-label": `Filter the table: ${figure.title}` });
    find.addEventListener("input", () => { state.text = find.value.toLowerCase(); fill(); });
    tools.append(find);
  }
  tools.append(count, more);
  place.append(scroll, tools);

  function fill() {
    let rows = all;
    for (const word of state.text.split(/\s+/).filter(Boolean)) {
      rows = rows.filter((row) => figure.columns.some((column) =>
        shown(row[column.name], column).toLowerCase().includes(word)));
    }
    if (state.sort) rows = [...rows].sort((a, b) => order(a[state.sort], b[state.sort]) * (state.down ? -1 : 1));
    body.replaceChildren(...rows.slice(0, state.most).map(line));
    figure.columns.forEach((column, at) => {
      if (state.sort === column.name) heads[at].setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else heads[at].removeAttribute("aria-sort");
    });
    const visible = Math.min(state.most, rows.length);
    count.textContent = visible < rows.length ? `${visible} of ${rows.length} rows` : `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
    more.hidden = visible >= rows.length;
  }

  function line(row) {
    const items = figure.columns.map((column) => {
      const text = shown(row[column.name], column);
      if (column.kind === "text" || column.kind === "flag") return element("td", {}, element("bdi", { class: text.length < SHORT ? "short" : "" }, text));
      return element("td", { class: "number" }, text);
    });
    return element("tr", {}, ...items);
  }
  fill();
}

function head(column, sort) {
  const numeric = column.kind === "number" || column.kind === "share";
  const button = element("button", { type: "button" }, column.head);
  button.addEventListener("click", sort);
  const made = element("th", { scope: "col", class: numeric ? "number" : "" }, button);
  if (column.unit) made.append(element("small", {}, column.unit));
  return made;
}

function order(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === "string") return a.localeCompare(b, "en", { numeric: true });
  return a < b ? -1 : 1;
}
