// The page: what the server says, the setting that it is asked for, and how the parts are put together.

import { frame, goOn, goTo, play, restart } from "./clock.js";
import { compare, compared, fail, knownKey, onProgress, onResults, setKey } from "./comparing.js";
import { controls } from "./controls.js";
import "./dialogs.js";
import { legend } from "./legend.js";
import { decode } from "./month.js";
import { forget, wish } from "./months.js";
import { emptied, fates, newTimelines, redraw } from "./panels.js";
import { accept, ask, askAgain, isAsked, refuse, tooLong, wayOut } from "./setting.js";
import { fromLink } from "./share.js";
import { connect } from "./socket.js";
import { drawMaps, geometry, makeMovable, maps, relabel, showWorld } from "./stage.js";
import { $, banner, index, S, STARTED_WITH } from "./state.js";
import { select } from "./tabs.js";
import { showTasks, tasks as tasksOf } from "./tasks.js";
import { carriesOthers, Record } from "./timelines.js";
import { el } from "./words.js";

// --- what the server says

const line = connect({
  opened() { banner(""); askAgain(); },
  lost(code, most, wait) {
    S.asked.clear();
    if (S.compare.progress) fail("The server was lost while it compared; compare again.");
    if (code === 1009) banner("What this page sent was larger than the server takes, so the server closed its line. Reload the page to go on; a long scenario file can be opened with: waterbed app FILE");
    else if (most) banner(`${most} pages are open, and this machine serves no more at once. Close one; this page tries again in ${wait} s.`);
    else banner(`The server does not answer. If it was stopped, start it again with: waterbed app\nThis page tries again in ${wait} s, and goes on from here.`);
  },
  text(message) {
    if (message.run >= 0 && message.run !== S.run && !isAsked(message.run)) return; // of a setting that was left
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
S.settled = () => {
  if (S.world) controls($("panel-settings"), S.world, S.changes, setting);
  $("seed").value = Number.isFinite(S.seed) ? S.seed : ""; // a link may say anything
  if (S.world) $("scenario").value = S.toml ? "your file" : S.scenario;
  if (S.plain) tasks();
};

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
  const asked = isAsked(world.run);
  if (S.run && !asked) return; // told again, after the line was lost
  if (asked) {
    S.playWhenReady = S.playing;
    play(false);
    if (accept(world.run)) Object.assign(S, { plain: null, good: null, known: new Map(), pairs: 0, playWhenReady: false });
  }
  const fresh = !S.plain;
  S.world = world;
  banner("");
  // Tasks speak of the setting as it was opened, or, where nothing acted in it, as it is now.
  const undone = !Object.keys(S.changes).length && Object.keys(S.base).length;
  if (fresh || undone || !tasksOf(S.plain, "some").length) Object.assign(S, { plain: structuredClone(world), base: { ...S.changes }, treated: "some", kept: {} });
  showWorld(world, fresh);
  $("title").textContent = world.title || world.name;
  $("scenario").replaceChildren(...[...new Set([...world.scenarios, STARTED_WITH, ...(S.toml ? ["your file"] : [])])].map((name) => el("option", { value: name, textContent: name })));
  legend($("panel-legend"), world);
  S.settled();
  $("play").disabled = $("step").disabled = true;
  emptied();
  redraw();
  if (S.refused) wayOut(S.refused.faults); // a link was refused before its world was here
}

function onReady(ready) {
  const first = !S.ready;
  banner("");
  S.ready = ready;
  S.good = { scenario: S.scenario, toml: S.toml, changes: S.changes, seed: S.seed };
  $("play").disabled = $("step").disabled = false;
  Object.assign($("when"), { min: ready.first, max: S.world.days - 1 });
  const treated = !ready.treated.length ? "" : carriesOthers(ready) ? "some" : "all";
  if (S.plain.run === S.run && S.treated !== treated) { S.treated = treated; tasks(); }
  if (first) {
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

function onFault({ run, faults }) {
  if (run < 0 && S.asking.length) return refuse(S.asking.at(-1).message.run, faults); // what cannot be read has no number
  if (isAsked(run)) return refuse(run, faults);
  fail(faults.join("; "));
  if (S.ready) banner(faults.join("\n")); else wayOut(faults);
}

// --- the setting that it is asked for

async function openFile() {
  const file = $("file").files[0], text = await file?.text(), long = file && tooLong(file.name, text);
  $("file").value = "";
  if (long) banner(long); // what is shown stays
  else if (file) ask({ toml: text, changes: {} });
}

function setting(address, value) {
  if (address === null) return ask({ changes: {} });
  const changes = { ...S.changes }, own = S.plain.controls.find((c) => c.address === address)?.value;
  if (!(address in S.base) && JSON.stringify(own) === JSON.stringify(value)) delete changes[address];
  else changes[address] = value;
  ask({ changes });
}

function tasks() {
  const whole = (changes) => ({ ...S.base, ...changes }), pairs = S.pairs || S.plain.pairs;
  showTasks($("panel-tasks"), {
    world: () => S.plain, treated: () => S.treated, pairs, choose: (n) => { S.pairs = n; tasks(); }, compare: (words, before) => compare(pairs, words, before),
    set: (changes) => ask({ changes: whole(changes) }), isSet: (changes) => setKey(S.changes) === setKey(whole(changes)),
    play: () => { S.playWhenReady = true; if (S.ready) play(true); },
    known: (changes) => S.known.get(knownKey(whole(changes), pairs)), redraw: tasks,
  }, S.kept);
}

// --- what is pressed

$("restart").onclick = () => (S.ready ? restart() : ask());
$("seed").onchange = () => ask({ seed: $("seed").value === "" ? "" : +$("seed").value }); // what no seed is, the server says
$("scenario").onchange = () => ask({ scenario: $("scenario").value, toml: "", changes: {} });
$("skip").onclick = () => $("play").focus(); // no link: an address's # holds a setting here
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
// A link pasted over an open page; the jump to the play button is none.
addEventListener("hashchange", () => { if (new URLSearchParams(location.hash.slice(1)).has("s")) location.reload(); });
// A test reads these; nothing on the page does.
window.waterbed = { state: S, get maps() { return maps; }, get geometry() { return geometry; }, decode, goTo };
// The world that the app was started with is told at once; its model follows over the socket.
const plain = !S.toml && !Object.keys(S.changes).length && S.scenario === STARTED_WITH;
if (plain) fetch("/world.json").then((r) => (r.ok ? r.json() : null)).then((world) => { if (world && !S.world) onWorld(world); });
requestAnimationFrame(frame);
