// The page: what is set, what is shown, and the time that runs.

import { alluvial, finding } from "./alluvial.js";
import { byName } from "./tasks.js";
import { controls } from "./controls.js";
import { Geometry } from "./geometry.js";
import { gestures } from "./gestures.js";
import { ABOUT, legend } from "./legend.js";
import { advance, WorldMap } from "./map.js";
import { decode } from "./month.js";
import { choose, lives } from "./person.js";
import { connect } from "./socket.js";
import { download, fromLink, link } from "./share.js";
import { showCompare } from "./compare.js";
import { showTasks } from "./tasks.js";
import { Record, Timelines } from "./timelines.js";
import { date, el, whole } from "./words.js";

const AHEAD = 2, MONTH = 30, KEPT_BYTES = 96e6;
const $ = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const S = {
  run: 0, seed: 1, scenario: JSON.parse(document.body.dataset.scenario), toml: "", changes: {},
  world: null, ready: null, months: new Map(), asked: new Set(), fates: new Map(), day: 0, playing: false, playWhenReady: false,
  record: null, before: null, person: null, kept: {}, compare: {}, known: new Map(), waiting: null, frames: [],
};
let maps = [], geometry = null, timelines = null, land = null, last = 0, fatesDay = -1;

// --- the line to the server

const line = connect({
  opened() { banner(""); open({ resume: !!S.ready }); },
  lost(code, most, wait) {
    S.asked.clear();
    if (S.compare.progress) fail("The server was lost while it compared; compare again.");
    if (code === 1009) banner("The message was larger than the server accepts. A longer scenario file can be opened with: waterbed app FILE");
    else if (most) banner(`${most} pages are open, and this machine serves no more at once. Close one; this page tries again in ${wait} s.`);
    else banner(`The server does not answer. If it was stopped, start it again with: waterbed app\nThis page tries again in ${wait} s, and goes on from here.`);
  },
  text(message) {
    if (message.run >= 0 && message.run !== S.run) return; // of a setting that was left
    ({ world: onWorld, ready: onReady, fates: onFates, fault: onFault, progress: onProgress, results: onResults })[message.type]?.(message);
  },
  binary(buffer) {
    if (new Int32Array(buffer, 4, 1)[0] !== S.run) return; // late, of an older run
    const month = decode(buffer, geometry.legOf);
    S.asked.delete(month.month);
    S.months.set(month.month, month);
    S.record.add(month);
    forget();
    if (month.month === index()) { last = 0; drawAll(); }
    wish();
  },
});

function open({ resume = false } = {}) {
  if (!resume) {
    S.run += 1;
    S.months.clear(); S.fates.clear(); S.person = null;
    S.ready = null;
    $("play").disabled = $("step").disabled = true;
  }
  S.resume = resume;
  S.asked.clear();
  S.compare.progress = null;
  const run = S.run;
  setTimeout(() => { if (S.run === run && !S.ready && $("banner").hidden) banner("Loading the model. The first time it is compiled, which takes up to a minute."); }, 5000);
  line.send({ type: "open", run: S.run, scenario: S.scenario, toml: S.toml, changes: S.changes, seed: S.seed });
}

function onWorld(world) {
  if (S.resume && S.world) return;
  const fresh = !S.world || S.world.scenario !== world.scenario || S.world.name !== world.name || S.world.places.length !== world.places.length;
  S.world = world;
  banner("");
  if (fresh) {
    geometry = new Geometry(world);
    geometry.reset();
    S.before = S.record = null; S.kept = {}; S.known.clear(); S.plain = null;
  }
  S.plain ??= structuredClone(world);
  maps = ["map-without", "map-with"].map((id, i) => new WorldMap($(id), i, geometry, land));
  if (world.real && !land) fetch("/land.json").then((r) => r.json()).then((rings) => { land = rings; for (const map of maps) { map.land = land; map.sized = ""; } drawAll(); });
  $("title").textContent = world.title || world.name;
  $("scenario").replaceChildren(...[...new Set([...world.scenarios, JSON.parse(document.body.dataset.scenario), ...(S.toml ? ["your file"] : [])])].map((name) => el("option", { value: name, textContent: name })));
  $("scenario").value = S.toml ? "your file" : S.scenario;
  $("seed").value = S.seed;
  controls($("panel-settings"), world, S.changes, setting);
  legend($("panel-legend"), world);
  tasks();
  drawAll();
}

function onReady(ready) {
  const first = !S.resume || !S.ready;
  banner("");
  S.ready = ready;
  $("play").disabled = $("step").disabled = false;
  Object.assign($("when"), { min: ready.first, max: S.world.days - 1 });
  if (first) {
    S.before = S.record && S.record.names.join() === ready.series.map((s) => s.name).join() ? S.record : null;
    S.record = new Record(ready.series, S.world.days, ready.history, S.world.persons_per_agent);
    S.day = ready.first;
    timelines = new Timelines($("panel-timelines"), S.world, ready);
    if (S.playWhenReady) play(true);
  }
  S.playWhenReady = false;
  wish();
  redraw();
}

function onFates(message) { S.fates.set(message.month, message); if (!$("panel-fates").hidden) fates(); }

function onFault({ faults }) {
  banner(faults.join("\n"));
  S.waiting?.reject(new Error(faults.join("; ")));
  S.waiting = null;
  if (S.compare.progress) { S.compare.progress = null; S.compare.error = faults.join("; "); compared(); }
  if (S.ready || !S.world) return;
  // The setting was refused: its controls stay, so that it can be mended, and the run before is gone.
  play(false);
  controls($("panel-settings"), S.world, S.changes, setting);
}

// --- months

const index = () => Math.floor((S.day - (S.ready?.first ?? 0)) / MONTH);
const present = () => S.months.get(index());

function wish() {
  if (!S.ready) return;
  for (let k = index(); k <= Math.min(index() + AHEAD, S.ready.months - 1); k++) {
    if (S.months.has(k) || S.asked.has(k)) continue;
    S.asked.add(k);
    if (!line.send({ type: "month", run: S.run, month: k })) S.asked.delete(k);
  }
}

// The months farthest from now are let go first; they can be asked for again.
function forget() {
  let bytes = [...S.months.values()].reduce((sum, m) => sum + m.bytes, 0);
  for (const k of [...S.months.keys()].sort((a, b) => Math.abs(b - index()) - Math.abs(a - index()))) {
    if (bytes < KEPT_BYTES) return;
    if (Math.abs(k - index()) <= AHEAD) continue;
    bytes -= S.months.get(k).bytes;
    S.months.delete(k);
  }
}

// --- time

function play(on) {
  S.playing = on && !!S.ready;
  if (S.playing && S.day >= S.world.days - 1) S.day = S.ready.first;
  $("play").textContent = S.playing ? "Pause" : "Play";
  last = 0;
  if (!on) speak();
}

function frame(now) {
  requestAnimationFrame(frame);
  if (!S.playing) return;
  const passed = last ? Math.min(now - last, 250) / 1000 : 0;
  last = now;
  S.frames.push(now);
  if (S.frames.length > 300) S.frames.shift();
  // With motion reduced, the maps go from day to day and nothing glides.
  S.clock = (S.clock ?? 0) + passed * +$("speed").value;
  if (!present()) { S.clock = 0; return; }
  if (calm.matches && S.clock < Math.max(1, +$("speed").value / 2)) return;
  const step = calm.matches ? Math.floor(S.clock) : S.clock;
  S.clock = calm.matches ? S.clock - step : 0;
  goTo(S.day + step);
}

function goTo(day) {
  const before = Math.floor(S.day);
  S.day = Math.max(S.ready.first, Math.min(day, S.world.days - 0.001));
  if (S.day >= S.world.days - 0.01) play(false);
  wish();
  drawMaps();
  if (Math.floor(S.day) !== before) daily();
}

function daily() {
  const day = Math.floor(S.day);
  $("when").value = day;
  $("when").ariaValueText = `day ${day}`;
  $("day").textContent = `Day ${day} · ${date(S.world.start_date, day)}`;
  const shown = Math.min(day, ([...S.months.values()].reduce((end, m) => Math.max(end, m.first + m.days), S.ready?.first ?? 0)) - 1);
  if (timelines && (day % 2 === 0 || !S.playing || +$("speed").value <= 4)) timelines.show(S.record, S.before, shown);
  if (!$("panel-person").hidden && (!S.playing || day % 3 === 0)) person();
  if (!$("panel-fates").hidden && index() !== fatesDay) fates();
}

const redraw = () => { drawMaps(); if (S.ready) daily(); };
const drawAll = redraw;

function drawMaps() {
  if (!geometry) return;
  const box = maps[0].layers, sheet = document.querySelector(".maps"), most = geometry.heightFor(box.clientWidth) + 30;
  if (sheet.style.maxHeight !== `${most}px`) sheet.style.maxHeight = Number.isFinite(most) ? `${most}px` : "none";
  if (geometry.fit(box.clientWidth, box.clientHeight)) for (const map of maps) map.sized = "";
  for (const map of maps) map.resize();
  const month = present();
  if (!month || !maps[0].image) return;
  const day = S.day - month.first, hour = 24 * day, now = advance(month, hour);
  const operating = S.world.measures.some((m) => m.kind === "operation" && S.day >= m.start && S.day < m.start + m.days);
  for (const [i, map] of maps.entries()) {
    map.stand(month, Math.floor(day));
    const { travelling, waiting } = map.drawPeople(month, hour, now[1 - i], S.person);
    map.drawMarks(`${Math.floor(day)},${month.month},${S.run},${map.sized}`, S.world.persons_per_agent, operating, S.ready.treated);
    const scale = S.world.persons_per_agent, said = `${whole(travelling * scale)} travelling, ${whole(waiting * scale)} waiting`;
    if (map.told !== said) map.said.textContent = map.told = said;
  }
}

function speak() { if (S.ready) $("spoken").textContent = `Day ${Math.floor(S.day)}. Without: ${maps[0].told ?? ""}. With the operation: ${maps[1].told ?? ""}.`; }

// --- settings

function setting(address, value) {
  if (address === null) S.changes = {};
  else {
    const plain = S.plain.controls.find((c) => c.address === address)?.value;
    if (JSON.stringify(plain) === JSON.stringify(value)) delete S.changes[address];
    else S.changes[address] = value;
  }
  setAll(S.changes);
}

function setAll(changes) {
  S.changes = { ...changes };
  S.playWhenReady = S.playing;
  S.playing = false;
  open();
}

function other(scenario, toml = "") {
  Object.assign(S, { scenario, toml, changes: {}, plain: null, world: null, before: null, record: null, kept: {} });
  play(false);
  open();
}

// --- panels

function tasks() {
  showTasks($("panel-tasks"), {
    world: () => S.plain, set: setAll, play: () => { S.playWhenReady = true; if (S.ready) play(true); },
    compare: (n, words) => compare(n, words),
    compareOf: async (changes, n, words) => { S.changes = { ...changes }; open(); return compare(n, words); },
    known: (changes) => S.known.get(setKey(changes)),
  }, S.kept);
}

const setKey = (changes) => JSON.stringify([S.scenario, S.toml, S.seed, Object.entries(changes).sort()]);

function compare(replicates, words) {
  select("tab-compare");
  S.waiting?.reject(new Error("Another comparison was started."));
  Object.assign(S.compare, { progress: { done: 0, of: replicates }, results: null, error: "", words });
  compared();
  return new Promise((resolve, reject) => {
    S.waiting = { resolve, reject };
    if (!line.send({ type: "compare", run: S.run, replicates })) fail("The server does not answer.");
  });
}
function fail(message) {
  S.compare.progress = null; S.compare.error = message;
  S.waiting?.reject(new Error(message)); S.waiting = null;
  compared();
}
function onProgress({ done, of }) { S.compare.progress = { done, of }; compared(); }
function onResults(results) {
  Object.assign(S.compare, { progress: null, results });
  S.known.set(setKey(S.changes), byName(results));
  S.waiting?.resolve(results);
  S.waiting = null;
  compared();
}
function compared() {
  const focus = document.activeElement?.id;
  showCompare($("panel-compare"), S.compare, { start: (n) => compare(n).catch(() => {}), cancel: () => { line.send({ type: "cancel", run: S.run }); fail("Stopped."); } });
  if (focus === "compare") $("compare").focus();
}

function fates() {
  fatesDay = index();
  const upTo = [...S.fates.keys()].filter((k) => k < index() || (k === index() && S.day > S.world.days - 2)).sort((a, b) => b - a)[0];
  const panel = $("panel-fates"), told = S.fates.get(upTo);
  if (!told) return panel.replaceChildren(el("p", { textContent: "Fates are told at the end of each month of 30 days: press Play." }));
  const flows = told.flows.map(([a, b, n]) => [told.names[a], told.names[b], n]);
  alluvial(panel, flows, { title: finding(flows) + ".", note: `So far, on day ${told.day}: ${whole(told.people)} people who began to consider leaving from day ${told.from} on. One pair of runs.`, width: Math.max(620, Math.min(panel.clientWidth - 20, 900)) });
}

function person() {
  const months = [...S.months.keys()].filter((k) => k <= index()).sort((a, b) => a - b).map((k) => S.months.get(k));
  lives($("panel-person"), { person: S.person, months, world: S.world, day: Math.floor(S.day), pick, forget: () => { S.person = null; redraw(); } });
}
function pick(kind) {
  const month = present();
  S.person = month ? choose(month, kind) : null;
  if (S.person === null) banner(kind === "changed" ? "Nobody's way differs yet: the operation has not begun to act. Go on some days." : "Nobody is on the way now.");
  else banner("");
  redraw(); person();
}

function banner(text) { $("banner").textContent = text; $("banner").hidden = !text; }

function dialog(title, ...body) {
  $("dialog-title").textContent = title;
  $("dialog-body").replaceChildren(...body);
  $("dialog").showModal();
}

// --- what is pressed

function select(id) {
  const tab = $(id), list = tab.parentElement;
  for (const each of list.children) {
    const on = each === tab;
    each.setAttribute("aria-selected", on);
    each.tabIndex = on ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = !on;
  }
  // What is long to read takes the maps' place; time goes on beneath it.
  const reading = ["tab-fates", "tab-compare"].find((each) => $(each).getAttribute("aria-selected") === "true");
  document.querySelector(".stage").classList.toggle("reading", !!reading);
  if (id === "tab-fates" && S.ready) fates();
  if (id === "tab-person" && S.ready) person();
  if (id === "tab-compare") compared();
  if (id === "tab-timelines") { timelines?.resize(); if (S.ready) daily(); }
}
for (const list of document.querySelectorAll("[role=tablist]")) {
  list.addEventListener("click", ({ target }) => target.role === "tab" && select(target.id));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], all = [...list.children];
    if (!step) return;
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    select(next.id); next.focus();
  });
}

$("play").onclick = () => play(!S.playing);
$("step").onclick = () => { play(false); goTo(Math.floor(S.day) + 1); speak(); };
$("restart").onclick = () => { if (!S.ready) return open(); play(false); S.day = S.ready.first; wish(); redraw(); speak(); };
$("jump").onclick = () => { if (S.ready && S.world.measures[0]) { S.day = Math.max(S.ready.first, S.world.measures[0].start - 1); wish(); redraw(); } };
$("when").oninput = () => { if (!S.ready) return; S.day = +$("when").value; fillTo(); redraw(); };
$("seed").onchange = () => { S.seed = Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, Math.round(+$("seed").value || 0))); setAll(S.changes); };
$("scenario").onchange = () => other($("scenario").value);
$("file-button").onclick = () => $("file").click();
$("file").onchange = async () => { const file = $("file").files[0]; if (file) other(S.scenario, await file.text()); $("file").value = ""; };
$("dialog-close").onclick = () => $("dialog").close();
$("about").onclick = () => dialog("About, and its limits", ...ABOUT.flatMap(([title, text]) => [el("h2", { textContent: title }), el("p", { textContent: text })]));
$("share").onclick = () => {
  const text = el("textarea", { readOnly: true, value: link(S), ariaLabel: "Link to this setting" });
  dialog("Share this setting", el("p", { textContent: "The link holds the scenario, the seed and what you have changed. It opens for whoever has the app running (waterbed app)." }), text,
    el("p", { className: "row" }, el("button", { type: "button", textContent: "Copy", onclick: (e) => { text.select(); navigator.clipboard?.writeText(text.value); e.target.textContent = "Copied"; } }), el("button", { type: "button", id: "toml", textContent: "Save as TOML", onclick: () => download(`${S.world.name}.toml`, S.world.toml, "text/plain") })));
};
$("export").onclick = () => dialog("Export",
  el("p", { textContent: "Timelines of this pair of runs as far as they have been computed, the setting, and the effects of the last comparison." }),
  el("p", { className: "row" }, el("button", { type: "button", id: "export-toml", textContent: "Setting (TOML)", onclick: () => download(`${S.world.name}.toml`, S.world.toml, "text/plain") }),
    el("button", { type: "button", id: "export-timelines", textContent: "Timelines (CSV)", disabled: !S.record, onclick: () => download("timelines.csv", S.record.csv(), "text/csv") }),
    el("button", { type: "button", id: "export-effects", textContent: "Effects (CSV)", disabled: !S.compare.results, onclick: () => download("effects.csv", S.compare.results.csv, "text/csv") }),
    el("button", { type: "button", id: "export-picture", textContent: "Maps (PNG)", onclick: picture })));

// After a leap the months between are asked for too, so that the timelines have no gap.
function fillTo() {
  for (let k = 0; k < index(); k++) if (!S.months.has(k) && !S.asked.has(k)) { S.asked.add(k); line.send({ type: "month", run: S.run, month: k }); }
  wish();
}

function picture() {
  const sheet = el("canvas", { width: maps.reduce((w, m) => w + m.canvases[0].width, 0), height: maps[0].canvases[0].height }), g = sheet.getContext("2d");
  g.fillStyle = "#fff"; g.fillRect(0, 0, sheet.width, sheet.height);
  for (const [i, map] of maps.entries()) for (const canvas of map.canvases) g.drawImage(canvas, i * maps[0].canvases[0].width, 0);
  sheet.toBlob((blob) => download(`day-${Math.floor(S.day)}.png`, blob, "image/png"));
}

for (const [i, id] of ["map-without", "map-with"].entries()) {
  gestures($(id).querySelector(".layers"), {
    geometry: () => geometry, changed: drawMaps,
    picked(x, y) {
      const month = present(), found = month ? maps[i].nearest(month, 24 * (S.day - month.first), x, y) : null;
      if (found !== null) { S.person = found; select("tab-person"); redraw(); }
    },
  });
}
document.addEventListener("keydown", (e) => {
  if (e.key !== " " || e.ctrlKey || /^(INPUT|SELECT|TEXTAREA|BUTTON|SUMMARY|A)$/.test(e.target.tagName) || $("dialog").open) return;
  e.preventDefault(); $("play").click();
});
new ResizeObserver(() => redraw()).observe(document.querySelector(".maps"));
document.fonts?.ready.then(() => { for (const map of maps) map.stamp = ""; redraw(); });
Object.assign(S, fromLink(location.hash, S));
// A test reads these; nothing on the page does.
window.waterbed = { state: S, get maps() { return maps; }, get geometry() { return geometry; }, decode, goTo };
// The world that the app was started with is told at once; its model follows over the socket.
const plain = !S.toml && !Object.keys(S.changes).length && S.scenario === JSON.parse(document.body.dataset.scenario);
if (plain) fetch("/world.json").then((r) => (r.ok ? r.json() : null)).then((world) => { if (world && !S.world) onWorld(world); });
requestAnimationFrame(frame);
