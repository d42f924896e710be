// Two cases of a study side by side: key figures, the steps between their costs, and what is built.

function mountSides(frame) {
  const figure = page.figures[frame.dataset.figure];
  const place = frame.querySelector(".chart");
  const costs = rowsOf(figure);
  const known = new Map(dataset(figure, "figures").map((row) => [row.case, row]));
  const kpis = dataset(figure, "kpis"), built = dataset(figure, "built");
  const names = costs.map((row) => row.case);
  const first = choose("first", names.map((name) => [name, name]));
  const second = choose("second", names.map((name) => [name, name]));
  second.select.selectedIndex = 1;
  place.before(element("div", { class: "steer" }, first.label, second.label));
  const body = element("tbody"), heads = ["", "", "", "change"].map((text) => element("th", { scope: "col", class: text || "" }, text));
  const table = element("table", {}, element("caption", {}, "The two cases"), element("thead", {}, element("tr", {}, ...heads)), body);
  place.after(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The two cases, figure by figure" }, table));
  let view = null;
  for (const one of [first, second]) one.select.addEventListener("change", draw);
  draw();
  redraws.add(draw);

  function draw() {
    const [a, b] = [first.select.value, second.select.value];
    if (view) view.finalize();
    place.replaceChildren();
    view = viewOf(place, figure.chart, { steps: steps(a, b) });
    heads[0].textContent = "figure";
    heads[1].textContent = a;
    heads[2].textContent = b;
    heads.forEach((head, at) => { head.className = at ? "number" : ""; });
    const [x, y] = [known.get(a), known.get(b)];
    const lines = kpis.map((one) => line(one.unit ? `${one.words}, ${one.unit}` : one.words, x[one.name], y[one.name], one.name.endsWith("share")));
    const at = (name) => new Map(built.filter((row) => row.case === name).map((row) => [row.site, row.it_mw]));
    const [sitesA, sitesB] = [at(a), at(b)];
    const moved = [...new Set([...sitesA.keys(), ...sitesB.keys()])]
      .map((site) => [site, sitesA.get(site) || 0, sitesB.get(site) || 0])
      .filter(([, before, after]) => Math.abs(after - before) > 1e-6)
      .sort((p, q) => Math.abs(q[2] - q[1]) - Math.abs(p[2] - p[1])).slice(0, 12);
    body.replaceChildren(...lines, ...moved.map(([site, before, after]) => line(`IT at the end at ${site}, MW`, before, after, false)));
  }

  function line(words, before, after, share) {
    const told = (value) => (value === null || value === undefined ? "–" : share ? `${decimal(100 * value, 1)} %` : short(value));
    const change = before === null || after === null ? null : after - before;
    const sign = change > 0 ? "+" : "";
    return element("tr", {}, element("td", {}, element("bdi", {}, words)),
      ...[told(before), told(after), change ? sign + (share ? `${decimal(100 * change, 1)} points` : told(change)) : "–"].map((text) => element("td", { class: "number" }, text)));
  }

  function steps(a, b) {
    const [x, y] = [a, b].map((name) => costs.find((row) => row.case === name));
    let at = x.objective_musd;
    const rows = [{ step: `1: ${a}`, low: at, high: at, kind: "total" }];
    for (const column of figure.columns) {
      if (!column.name.startsWith("cost_")) continue;
      const change = y[column.name] - x[column.name];
      if (Math.abs(change) < 1e-6) continue;
      const words = column.name.slice(5, -5).replaceAll("_", " ");
      rows.push({ step: words, low: at, high: at + change, kind: change > 0 ? "more" : "less" });
      at += change;
    }
    rows.push({ step: `2: ${b}`, low: y.objective_musd, high: y.objective_musd, kind: "total" });
    return rows.map((row, place) => ({ ...row, place }));
  }
}

function short(value) {
  const size = Math.abs(value);
  return decimal(value, Number.isInteger(value) ? 0 : Math.min(4, Math.max(0, 3 - Math.floor(Math.log10(size)))));
}
