// The map: a slider over the periods, colours by operator or hardware, arcs and lawful sites on demand.

const MOST_ARCS = 60, STEP_MS = 900;
const OTHER = page.other, ARC = page.config.range.category[0];

function mountMap(frame) {
  const figure = page.figures[frame.dataset.figure];
  const place = frame.querySelector(".chart");
  const places = dataset(figure, "places"), regions = dataset(figure, "regions");
  const routes = dataset(figure, "routes"), lawful = dataset(figure, "lawful");
  const table = rowsOf(figure);
  const periods = [...new Set(table.map((row) => row.period))];
  const hardware = hardwareColours(table, page.config.range.category);
  const home = new Map(regions.map((one) => [one.region, one]));
  const bySite = new Map(places.map((one) => [one.site, one]));
  const steer = controls();
  place.before(steer.row, steer.choices);
  const key = element("ul", { class: "key" });
  place.after(key);
  const spec = structuredClone(figure.chart);
  const view = viewOf(place, spec, { countries: page.countries, regions, sites: [], arcs: [] });
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
      ...places.map((one) => [`s${one.site}`, `from ${one.label}`])]);
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
    view.data("sites", sites).data("arcs", arcsIn(period, region, allowed)).run();
    legend(sites, byHardware, now);
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

  function arcsIn(period, region, allowed) {
    const choice = steer.arcs.value;
    if (!choice) return [];
    const name = choice.slice(1);
    let found = routes.filter((one) => one.period === period && (choice === "all" || one.region === name || one.site === name));
    if (choice.startsWith("r")) found = found.filter((one) => one.region === name);
    if (choice.startsWith("s")) found = found.filter((one) => one.site === name);
    found = found.sort((a, b) => b.mtok_s - a.mtok_s).slice(0, choice === "all" ? MOST_ARCS : undefined);
    const most = found.length ? found[0].mtok_s : 1;
    const arcs = found.map((one) => arc(one.region, one.site, "served", ARC, 0.5 + 4 * one.mtok_s / most, `${decimal(one.mtok_s, 2)} Mtok/s`));
    const served = new Set(found.map((one) => one.site));
    for (const at of allowed || []) {
      if (!served.has(places[at].site)) arcs.push(arc(region, places[at].site, "lawful", OTHER, 1, "lawful, not used"));
    }
    return arcs;
  }

  function arc(region, site, kind, colour, weight, told) {
    const from = home.get(region), to = bySite.get(site);
    const coordinates = [[from.lon, from.lat], [to.lon, to.lat]];
    return { type: "Feature", geometry: { type: "LineString", coordinates }, kind, colour, weight, told, label: `${from.label} – ${to.label}` };
  }

  function legend(sites, byHardware, now) {
    const names = new Map();
    for (const one of sites) {
      const row = now.get(one.site);
      names.set(!row ? "not built" : one.colour === OTHER ? "others" : byHardware ? row.hardware || "no units" : one.operator, one.colour);
    }
    key.replaceChildren(...[...names].map(([name, colour]) => {
      const dot = element("span");
      dot.style.background = name === "not built" ? "none" : colour;
      dot.style.border = `1.5px solid ${colour}`;
      return element("li", {}, dot, element("bdi", {}, name));
    }));
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
