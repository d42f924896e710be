// What is near is drawn at once, the rest soon after; before printing, everything.

const MOUNTS = { chart: mountChart, map: mountMap, sides: mountSides };
const waiting = new Set(document.querySelectorAll("figure[data-figure]"));

function mount(frame) {
  if (!waiting.delete(frame)) return;
  near.unobserve(frame);
  const { figure, view } = frame.dataset;
  if (MOUNTS[view]) MOUNTS[view](frame);
  const place = frame.querySelector(".table");
  if (!place) return;
  const details = frame.querySelector("details");
  if (!details) mountTable(place, figure);
  else details.addEventListener("toggle", () => { if (details.open && !place.firstChild) mountTable(place, figure); });
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) mount(entry.target);
}, { rootMargin: "300px" });
waiting.forEach((frame) => near.observe(frame));

function mountRest() {
  const [frame] = waiting;
  if (!frame) { document.documentElement.dataset.ready = "all"; return; }
  mount(frame);
  setTimeout(mountRest, 30);
}
setTimeout(mountRest, page.later);

let width = document.body.clientWidth, later = null;
addEventListener("resize", () => {
  clearTimeout(later);
  later = setTimeout(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    redraws.forEach((draw) => draw());
  }, 150);
});

function asWideAs(paper) {
  document.body.classList.toggle("paper", paper);
  redraws.forEach((draw) => draw());
}
addEventListener("beforeprint", () => {
  for (const frame of [...waiting]) mount(frame);
  asWideAs(true);
});
addEventListener("afterprint", () => asWideAs(false));

const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const inSight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const [name, link] of links) {
      if (name === entry.target.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}, { rootMargin: "-20% 0px -70% 0px" });
document.querySelectorAll("main > section").forEach((section) => inSight.observe(section));
document.documentElement.dataset.ready = "first";
