// Charts: Vega-Lite, compiled when they come near, with tooltips that are text.

const tip = element("div", { class: "tip", role: "status" });
tip.hidden = true;
document.body.append(tip);

function tooltip(_handler, event, _item, value) {
  if (!value || typeof value !== "object") { tip.hidden = true; return; }
  const list = element("dl");
  for (const [name, text] of Object.entries(value)) {
    list.append(element("dt", {}, name.replaceAll("_", " ")), element("dd", {}, String(text)));
  }
  tip.replaceChildren(list);
  tip.hidden = false;
  const { clientX: x, clientY: y } = event;
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 12 : y + 18}px`;
}
addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

// Legends are laid out once, so that a chart is drawn anew when its width changes.
const redraws = new Set();
const quiet = vega.logger(vega.Error);

function viewOf(place, spec, datasets) {
  const compiled = vegaLite.compile({ ...spec, config: page.config, datasets }, { logger: quiet }).spec;
  const runtime = vega.parse(compiled, null, { ast: true });
  const view = new vega.View(runtime, {
    container: place, renderer: "svg", hover: true, expr: vega.expressionInterpreter,
    tooltip, logLevel: vega.Error, loader: vega.loader({ http: false }),
  });
  const label = place.getAttribute("aria-label");
  view.run();
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", label);
  place.removeAttribute("aria-roledescription");
  place.querySelector("svg").setAttribute("aria-hidden", "true");
  return view;
}

function picked(figure, select) {
  const rows = rowsOf(figure);
  if (!select || select.value === "") return rows;
  const choice = select.value.slice(1);
  return rows.filter((row) => String(row[figure.pick]) === choice);
}

function mountChart(frame) {
  const key = frame.dataset.figure;
  const figure = page.figures[key];
  const place = frame.querySelector(".chart");
  const select = frame.querySelector("select[data-pick]");
  const datasets = Object.fromEntries(Object.keys(figure.data).map((name) => [name, dataset(figure, name)]));
  if (usesCountries(figure.chart)) datasets.countries = page.countries;
  let view = null;
  const draw = () => {
    if (view) view.finalize();
    place.replaceChildren();
    view = viewOf(place, figure.chart, { ...datasets, table: picked(figure, select) });
  };
  draw();
  redraws.add(draw);
  if (select) select.addEventListener("change", draw);
}

function usesCountries(chart) {
  return JSON.stringify(chart).includes('"countries"');
}
