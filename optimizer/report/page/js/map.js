// The map: a slider over the periods, colours by operator or hardware, arcs and lawful sites on demand.

const MOST_ARCS = 60, STEP_MS = 900;
const OTHER = page.other, [ARC, RENTED] = page.config.range.category;

function mountMap(frame) {
  const figure = page.figures[frame.dataset.figure];
  const place = frame.querySelector(".chart");
  const places = dataset(figure, "places"), regions = dataset(figure, "regions");
  const routes = [...dataset(figure, "routes").map((one) => ({ ...one, from: `s${one.site}` })),
    ...dataset(figure, "rented").map((one) => ({ ...one, from: `x${one.offer}` }))];
  const lawful = dataset(figure, "lawful"), lenders = dataset(figure, "lenders");
  const table = rowsOf(figure);
  const periods = [...new Set(table.map((row) => row.period))];
  const hardware = hardwareColours(table, page.config.range.category);
  const home = new Map(regions.map((one) => [one.region, one]));
  const sources = new Map([...places.map((one) => [`s${one.site}`, one]), ...lenders.map((one) => [`x${one.offer}`, one])]);
  const steer = controls();
  place.before(steer.row, steer.choices);
  const key = element("ul", { class: "key" });
  place.after(key);
  const spec = structuredClone(figure.chart);
  const view = viewOf(place, spec, { countries: page.countries, regions, sites: [], arcs: [], offers: [] });
  let timer = null;
  resize();
  redraws.add(resize);
  draggable(place, view);

  function controls() {
    const slider = element("input", { type: "range", min: "0", max: String(periods.length - 1), step: "1", "aria-label": "Period" });
    slider.value = String(periods.length - 1);
    const now = element("output");
    const play = element("button", { type: "button" }, "Play");
    const colour = choose("colour by", [["operator", "operator"], ["hardware", "hardware"]]);
    const arcs = choose("tokens", [["", "none"], ["all", "largest routes"],
      ...regions.map((one) => [`r${one.region}`, `to ${one.label}`]),
      ...places.map((one) => [`s${one.site}`, `from ${one.label}`]),
      ...lenders.map((one) => [`x${one.offer}`, `rented from ${one.label}`])]);
    const unbuilt = tick("sites not built"), law = tick("lawful sites of the region");
    const zoom = [["+", "Closer", 1.4], ["−", "Farther", 1 / 1.4]].map(([sign, words, by]) => {
      const button = element("button", { type: "button", "aria-label": words, title: words }, sign);
      button.addEventListener("click", () => zoomBy(view, by));
      return button;
    });
    slider.addEventListener("input", () => { stop(); draw(); });
    for (const one of [colour, arcs]) one.select.addEventListener("change", draw);
    for (const one of [unbuilt, law]) one.box.addEventListener("change", draw);
    play.addEventListener("click", () => (timer ? stop() : start()));
    const row = element("div", { class: "steer" }, play, slider, now, ...zoom);
    const choices = element("div", { class: "steer" }, colour.label, arcs.label, unbuilt.label, law.label);
    return { row, choices, slider, now, play, colour: colour.select, arcs: arcs.select, unbuilt: unbuilt.box, law: law.box };
  }

  function start() {
    if (Number(steer.slider.value) >= periods.length - 1) steer.slider.value = "0";
    draw();
    steer.play.textContent = "Pause";
    timer = setInterval(() => {
      steer.slider.value = String(Number(steer.slider.value) + 1);
      draw();
      if (Number(steer.slider.value) >= periods.length - 1) stop();
    }, STEP_MS);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    steer.play.textContent = "Play";
  }

  function draw() {
    const period = periods[Number(steer.slider.value)];
    steer.now.textContent = period;
    steer.slider.setAttribute("aria-valuetext", period);
    const { region, allowed } = chosen();
    steer.law.disabled = !region;
    const now = new Map(table.filter((row) => row.period === period).map((row) => [row.site, row]));
    const byHardware = steer.colour.value === "hardware";
    const sites = [];
    places.forEach((one, at) => {
      const row = now.get(one.site);
      const mark = allowed && allowed.has(at);
      if (!row && !steer.unbuilt.checked && !mark) return;
      const colour = !row ? OTHER : byHardware ? hardware.get(row.hardware) || OTHER : one.colour;
      const told = row ? `${decimal(row.in_service_mw, 1)} in service, ${decimal(row.energised_mw, 1)} energised` : "not built";
      sites.push({ ...one, colour, value: row ? row.in_service_mw : 0, around: row ? row.energised_mw : 0, told });
    });
    sites.sort((a, b) => Math.max(b.value, b.around) - Math.max(a.value, a.around));
    const offers = offersIn(period);
    view.data("sites", sites).data("arcs", arcsIn(period, region, allowed)).data("offers", offers).run();
    legend(sites, byHardware, now, offers);
    place.dataset.period = period;
    place.dataset.sites = String(sites.length);
  }

  function chosen() {
    const choice = steer.arcs.value;
    const region = choice.startsWith("r") ? choice.slice(1) : null;
    if (!region || !steer.law.checked) return { region, allowed: null };
    const sites = lawful.filter((one) => one.region === region).flatMap((one) => one.sites);
    return { region, allowed: new Set(sites) };
  }

  function offersIn(period) {
    return lenders.map((one) => {
      const taken = routes.filter((route) => route.period === period && route.offer === one.offer);
      return { ...one, rate: taken.reduce((sum, route) => sum + route.mtok_s, 0) };
    }).filter((one) => one.rate > 0).map((one) => ({ ...one, told: `${decimal(one.rate, 2)} Mtok/s` }));
  }

  function arcsIn(period, region, allowed) {
    const choice = steer.arcs.value;
    if (!choice) return [];
    const wanted = choice === "all" ? () => true : region === null ? (one) => one.from === choice : (one) => one.region === region;
    const found = routes.filter((one) => one.period === period && wanted(one))
      .sort((a, b) => b.mtok_s - a.mtok_s).slice(0, choice === "all" ? MOST_ARCS : undefined);
    const most = found.length ? found[0].mtok_s : 1;
    const arcs = found.map((one) => arc(one.region, one.from, one.offer === undefined ? "served" : "rented", 0.5 + 4 * one.mtok_s / most, `${decimal(one.mtok_s, 2)} Mtok/s`));
    const served = new Set(found.map((one) => one.from));
    for (const at of allowed || []) {
      const from = `s${places[at].site}`;
      if (!served.has(from)) arcs.push(arc(region, from, "lawful", 1, "lawful, not used"));
    }
    return arcs;
  }

  function arc(region, source, kind, weight, told) {
    const from = home.get(region), to = sources.get(source);
    const coordinates = [[from.lon, from.lat], [to.lon, to.lat]];
    const colour = { served: ARC, rented: RENTED, lawful: OTHER }[kind];
    return { type: "Feature", geometry: { type: "LineString", coordinates }, kind, colour, weight, told, label: `${from.label} – ${to.label}` };
  }

  function legend(sites, byHardware, now, offers) {
    const names = new Map();
    for (const one of sites) {
      const row = now.get(one.site);
      names.set(!row ? "not built" : one.colour === OTHER ? "others" : byHardware ? row.hardware || "no units" : one.operator, one.colour);
    }
    const items = [...names].map(([name, colour]) => keyItem(name, colour, name === "not built" ? "none" : colour));
    if (offers.length) items.push(keyItem("rented from", RENTED, RENTED, "square"));
    key.replaceChildren(...items);
  }

  function keyItem(name, colour, fill, shape = "") {
    const mark = element("span", { class: shape });
    mark.style.background = fill;
    mark.style.border = `1.5px solid ${colour}`;
    return element("li", {}, mark, element("bdi", {}, name));
  }

  function resize() {
    const width = Math.max(260, Math.floor(place.clientWidth));
    view.width(width).height(Math.round(width * (width < 600 ? 0.62 : 0.49)));
    draw();
  }
}

function hardwareColours(table, palette) {
  const names = [...new Set(table.map((row) => row.hardware).filter(Boolean))];
  return new Map(names.map((name, at) => [name, palette[at] || OTHER]));
}

function choose(words, options) {
  const select = element("select");
  for (const [value, text] of options) select.append(element("option", { value }, text));
  return { select, label: element("label", {}, words, select) };
}

function tick(words) {
  const box = element("input", { type: "checkbox" });
  return { box, label: element("label", {}, box, words) };
}

function zoomBy(view, by) {
  view.signal("zoom", Math.max(1, Math.min(40, view.signal("zoom") * by))).run();
}

function draggable(place, view) {
  let from = null;
  place.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.isPrimary) return;
    from = { x: event.clientX, y: event.clientY, lon: view.signal("lon"), lat: view.signal("lat") };
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const degrees = 360 / (view.signal("zoom") * view.width());
    view.signal("lon", from.lon - (event.clientX - from.x) * degrees);
    if (event.pointerType !== "touch") view.signal("lat", Math.max(-75, Math.min(80, from.lat + (event.clientY - from.y) * degrees)));
    view.runAsync();
  });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { from = null; });
}
