// The page: what the server says, the setting that it is asked for, and how the parts are put together.

import { frame, goOn, goTo, play, restart } from "./clock.js";
import { compare, compared, fail, onProgress, onResults, setKey } from "./comparing.js";
import { controls } from "./controls.js";
import "./dialogs.js";
import { legend } from "./legend.js";
import { decode } from "./month.js";
import { forget, wish } from "./months.js";
import { fates, newTimelines, redraw } from "./panels.js";
import { fromLink } from "./share.js";
import { connect } from "./socket.js";
import { drawMaps, geometry, makeMovable, maps, relabel, showWorld } from "./stage.js";
import { $, banner, index, LONGEST, S, STARTED_WITH } from "./state.js";
import { select } from "./tabs.js";
import { showTasks } from "./tasks.js";
import { Record } from "./timelines.js";
import { el, whole } from "./words.js";

// --- what the server says

const line = connect({
  opened() { banner(""); open({ resume: !!S.ready }); },
  lost(code, most, wait) {
    S.asked.clear();
    if (S.compare.progress) fail("The server was lost while it compared; compare again.");
    if (code === 1009) banner("What this page sent was larger than the server takes, so the server closed its line. Reload the page to go on; a long scenario file can be opened with: waterbed app FILE");
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
    if (month.month === index()) { goOn(); redraw(); }
    wish();
  },
});
S.send = line.send;

// The browser changes between light and dark: what is drawn is drawn anew, in the other colours.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (!S.world) return;
  showWorld(S.world, false);
  legend($("panel-legend"), S.world);
  if (S.ready) newTimelines();
  redraw();
  if (S.ready && !$("panel-fates").hidden) fates();
  compared();
});

function onWorld(world) {
  if (S.resume && S.world) return;
  const fresh = !S.world || S.world.scenario !== world.scenario || S.world.name !== world.name || S.world.places.length !== world.places.length;
  S.world = world;
  banner("");
  if (fresh) {
    S.before = S.record = null; S.kept = {}; S.known.clear(); S.plain = null;
  }
  S.plain ??= structuredClone(world);
  showWorld(world, fresh);
  $("title").textContent = world.title || world.name;
  $("scenario").replaceChildren(...[...new Set([...world.scenarios, STARTED_WITH, ...(S.toml ? ["your file"] : [])])].map((name) => el("option", { value: name, textContent: name })));
  $("scenario").value = S.toml ? "your file" : S.scenario;
  $("seed").value = S.seed;
  controls($("panel-settings"), world, S.changes, setting);
  legend($("panel-legend"), world);
  tasks();
  redraw();
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
    newTimelines();
    if (S.playWhenReady) play(true);
  }
  S.playWhenReady = false;
  wish();
  redraw();
}

function onFates(message) { S.fates.set(message.month, message); if (!$("panel-fates").hidden) fates(); }

function onFault({ faults }) {
  banner(faults.join("\n"));
  fail(faults.join("; "));
  if (S.ready) return;
  if (!S.world) { $("scenario").selectedIndex = -1; return; } // so that any of them can be chosen
  // The setting was refused: its controls stay, so that it can be mended, and the run before is gone.
  play(false);
  controls($("panel-settings"), S.world, S.changes, setting);
}

// --- the setting that it is asked for

function open({ resume = false } = {}) {
  const asked = { type: "open", run: resume ? S.run : S.run + 1, scenario: S.scenario, toml: S.toml, changes: S.changes, seed: S.seed };
  if (!resume) {
    S.run += 1;
    S.months.clear(); S.fates.clear(); S.person = null;
    S.ready = null;
    Object.assign(S.compare, { results: null, error: "" }); // what was compared is of the setting that is left
    $("play").disabled = $("step").disabled = true;
  }
  S.resume = resume;
  S.asked.clear();
  S.compare.progress = null;
  compared();
  const long = tooLong("This setting", JSON.stringify(asked));
  if (long) return onFault({ faults: [long] });
  const run = S.run;
  setTimeout(() => { if (S.run === run && !S.ready && $("banner").hidden) banner("The model is loaded and runs up to the first measure. The first time it is compiled too, which takes up to a minute."); }, 5000);
  line.send(asked);
}

const tooLong = (what, { length }) => (length > LONGEST ? `${what} has ${whole(length)} characters, and a page may send ${whole(LONGEST)}. A longer scenario file can be opened with: waterbed app FILE` : "");

async function openFile() {
  const file = $("file").files[0], text = await file?.text(), long = file && tooLong(file.name, text);
  $("file").value = "";
  if (long) banner(long); // what is shown stays
  else if (file) other(S.scenario, text);
}

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

function tasks() {
  showTasks($("panel-tasks"), {
    world: () => S.plain, set: setAll, play: () => { S.playWhenReady = true; if (S.ready) play(true); },
    compare: (n, words) => compare(n, words),
    compareOf: async (changes, n, words) => { S.changes = { ...changes }; open(); return compare(n, words); },
    known: (changes) => S.known.get(setKey(changes)),
  }, S.kept);
}

// --- what is pressed

$("restart").onclick = () => (S.ready ? restart() : open());
$("seed").onchange = () => { S.seed = Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, Math.round(+$("seed").value || 0))); setAll(S.changes); };
$("scenario").onchange = () => other($("scenario").value);
$("file-button").onclick = () => $("file").click();
$("file").onchange = openFile;
makeMovable((person) => { S.person = person; select("tab-person"); redraw(); });
document.addEventListener("keydown", (e) => {
  if (e.key !== " " || e.ctrlKey || /^(INPUT|SELECT|TEXTAREA|BUTTON|SUMMARY|A)$/.test(e.target.tagName) || $("dialog").open) return;
  e.preventDefault(); $("play").click();
});
new ResizeObserver(() => redraw()).observe(document.querySelector(".maps"));
document.fonts?.ready.then(() => { relabel(); redraw(); });

Object.assign(S, fromLink(location.hash, S));
// A test reads these; nothing on the page does.
window.waterbed = { state: S, get maps() { return maps; }, get geometry() { return geometry; }, decode, goTo };
// The world that the app was started with is told at once; its model follows over the socket.
const plain = !S.toml && !Object.keys(S.changes).length && S.scenario === STARTED_WITH;
if (plain) fetch("/world.json").then((r) => (r.ok ? r.json() : null)).then((world) => { if (world && !S.world) onWorld(world); });
requestAnimationFrame(frame);
