"use strict";
// The data of the page: tables told by column, and how their cells are shown.

const page = JSON.parse(document.getElementById("data").textContent);

function cells(column) {
  const values = column.values;
  return Array.isArray(values) ? values : values.at.map((place) => values.names[place]);
}

function rowsOf(figure) {
  if (figure.rows) return figure.rows;
  const columns = figure.columns.map((column) => [column.name, cells(column)]);
  const count = columns.length ? columns[0][1].length : 0;
  figure.rows = Array.from({ length: count }, (_, at) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[at]])));
  return figure.rows;
}

function dataset(figure, name) {
  const columns = Object.entries(figure.data[name] || {});
  const count = columns.length ? columns[0][1].length : 0;
  return Array.from({ length: count }, (_, at) =>
    Object.fromEntries(columns.map(([key, values]) => [key, values[at]])));
}

const formats = new Map();

function decimal(value, digits) {
  if (!formats.has(digits)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    formats.set(digits, new Intl.NumberFormat("en", options));
  }
  const text = formats.get(digits).format(value);
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text;
}

function shown(value, column) {
  if (value === null || value === undefined) return "–";
  if (column.kind === "flag") return value ? "yes" : "no";
  if (column.kind === "share") return `${decimal(100 * value, column.digits)} %`;
  if (column.kind === "number") return decimal(value, column.digits);
  return String(value);
}

function element(tag, settings = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name === "class") made.className = value;
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
