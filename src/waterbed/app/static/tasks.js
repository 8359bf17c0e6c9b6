// Guided tasks: predict first, then run. What is right is computed from the runs of this very setting, never written here.

import { el, number, percent, plain, redrawn } from "./words.js";

const UNDECIDED = -1, SEEDS = 20;

// Each: question and options, the change it makes (from the setting as it was opened), whether it is held against that
// setting, and the answer: [option, sentence], from the effects by name (before: those of the setting as it was opened).
// What a task speaks of has to be there: officers; where they aim at crossings, treated ones; other ways, a route.
export function tasks(world, treated) {
  const on = world.measures.filter((m) => m.kind === "operation" && m.on), one = on.length === 1 && world.measures.every((m) => !m.on || m === on[0]);
  if (!on.length) return [];
  const address = (operation, name) => `operations.${operation.name}.${name}`, of = (operation, name) => world.controls.find((c) => c.address === address(operation, name)).value;
  const all = (name, value) => Object.fromEntries(on.map((o) => [address(o, name), value(of(o, name))]));
  const [first] = on, officers = on.reduce((sum, o) => sum + of(o, "officers"), 0), each = one ? "" : `Of each of the ${on.length} operations; in all `;
  const targeted = of(first, "target.routes"), other = world.controls.find((c) => c.address === address(first, "target.routes")).options.find((r) => !targeted.includes(r));
  const lost = treated ? "treated_crossings_lost" : "arrivals_lost", where = treated ? "crossings where they stand" : "arrivals", list = [];
  const add = (id, title, task) => list.push({ id, title: `${list.length + 1} · ${title}`, ...task });
  if (one && treated) add("dip", "Push down", { text: `${number(officers, 3)} officers for ${first.days} days${targeted.length ? `, on the way called ${targeted.join(", ")}` : ""}. Look at the timeline of targeted crossings.`,
    question: "When is the flow there at its lowest?", options: ["While the operation lasts", "After it has ended", "It does not change"], changes: {},
    answer: (e) => unsure(e.treated_crossings_lost) ? [2, "A loss of crossings there cannot be told from zero."] : deepest(e.trough_day, first.days) });
  if (treated === "some") add("up", "Where does it come up?", { text: "Like a waterbed: pressed down in one place, it may rise in another. Look at the timeline of crossings elsewhere, and for teal dots on the right-hand map: people who, without the operation, would be elsewhere.",
    question: "Of the crossings lost there, how many move to other routes?", options: ["None", "Some, but less than half", "More than half"], changes: {},
    answer: (e) => { const d = e.displacement_spatial; return d.status !== "ok" || (d.low <= 0 && d.high > 0) ? [UNDECIDED, "That any of it moved cannot be told from zero."] : d.high <= 0 ? [0, "None of it moved."] : [d.mean < 0.5 ? 1 : 2, `${percent(d.mean)} of the loss moved (how well that is known, 90 %: ${range(d, true)}). The rest was stopped, for a time or for good.`]; } });
  if (one && targeted.length && other) add("move", `Move the same officers to ${other}`, { text: `Nothing else changes: ${number(officers, 3)} officers, ${first.days} days, but on ${other} instead of ${targeted.join(", ")}.`,
    question: "Compared with before, how many arrivals are lost in all?", options: ["Fewer", "No difference that these pairs can tell", "More"], changes: { [address(first, "target.routes")]: [other] }, relative: true,
    answer: (e, b) => against(e.arrivals_lost, b.arrivals_lost, `Arrivals lost: ${share(e.arrivals_lost)} now, ${share(b.arrivals_lost)} before.`) });
  add("more", "Four times the officers", { text: `${each}${number(4 * officers, 3)} instead of ${number(officers, 3)}.`, question: `The loss of ${where} is then …`, options: ["no larger", "larger, but less than four times", "four times as large or more"],
    changes: all("officers", (n) => 4 * n), relative: true,
    answer: (e, b) => { const [x, y] = [e[lost], b[lost]]; return [x.low >= 4 * y.high ? 2 : x.low > y.high ? (x.high < 4 * y.low ? 1 : UNDECIDED) : x.high <= y.low ? 0 : UNDECIDED, `Lost: ${share(x)} now, ${share(y)} before. Officers look where others have looked already, and nobody can be lost twice: returns diminish.`]; } });
  const secret = !of(first, "announced");
  if (treated && on.every((o) => of(o, "announced") === !secret)) add("silent", secret ? "Tell everybody" : "Tell nobody", { text: secret ? "The same, but made public on the first day." : "The same, but it is not made public.", question: `Compared with one that is ${secret ? "kept secret" : "public"}, crossings lost where the officers stand are …`, options: ["fewer", "no different, as far as these pairs tell", "more"],
    changes: all("announced", () => secret), relative: true,
    answer: (e, b) => against(e[lost], b[lost], `Lost there: ${share(e[lost])} now, ${share(b[lost])} before.`) });
  if (one) add("none", "No officers at all", { text: "The operation is announced and held, with nobody in it.", question: "What changes?", options: ["A little less flow, out of fear", "Nothing, for nobody, on any day", "Chance makes the worlds differ"], changes: all("officers", () => 0),
    answer: (e) => { const same = [e.treated_crossings_lost, e.arrivals_lost, e.deaths_change].every((x) => !x || x.status !== "ok" || (x.low === 0 && x.high === 0)); return [same ? 1 : 2, same ? "The two worlds are the same to the last person: an operation acts through its officers, and chance is shared." : "The two worlds differ."]; } });
  return list;
}

// Whether the deepest day lies within the operation: as far as the interval of the mean course tells.
function deepest(day, days) {
  if (day.status !== "ok") return [UNDECIDED, "No deepest day can be told from chance."];
  const said = `The deepest day of the mean course is day ${number(day.mean)} after the start (90 %: ${number(day.low)} to ${number(day.high)}), and the operation ends on day ${days}.`;
  if (day.high < days) return [0, said];
  if (day.low >= days) return [1, `${said} Journeys take weeks, and people who were not recruited are missed only when they would have arrived.`];
  return [UNDECIDED, `${said} So these pairs do not tell which; more of them, under “Compare under many seeds”, tell better.`];
}

// Why there is no task, and what to try.
function none(world) {
  const kinds = new Set(world.measures.map((m) => m.kind)), off = world.measures.every((m) => !m.on), example = world.measures.find((m) => m.kind === "operation");
  if (!kinds.size) return "This scenario has no operation and no policy, so both worlds are the same. Open classroom or liberterra to see what one does.";
  const names = world.measures.map((m) => plain(m.name)).join(", ");
  const why = off ? `Of what this scenario may do, nothing is switched on (${names}), so both worlds are the same.` : "A policy acts here and no police operation, and the tasks speak of officers.";
  return `${why} ${example ? `To try: under “Settings”, give the operation “${plain(example.name)}” some officers, 600 for instance. The tasks then speak of it.` : "Watch the timelines and the fates, or compare under many seeds."}`;
}

const range = (e, shares = false) => { const show = shares ? percent : number; return e.low === null ? "no interval" : shares || e.run_low === null ? `${show(e.low)} to ${show(e.high)}` : `${show(e.run_low)} to ${show(e.run_high)}`; };
const share = (e) => (e.status === "ok" ? `${percent(e.mean)} (90 %: ${percent(e.low)} to ${percent(e.high)})` : "not identified");
const unsure = (e) => e.status !== "ok" || (e.low <= 0 && e.high >= 0);
const against = (now, before, sentence) => [now.high < before.low ? 0 : now.low > before.high ? 2 : 1, sentence]; // 1: no difference that can be told

// page: { world(), treated(), set(changes), play(), compare(n, words) }; kept: what was predicted and found, by task.
export function showTasks(panel, page, kept) {
  redrawn(panel, () => draw(panel, page, kept));
}

function draw(panel, page, kept) {
  const drawn = panel.querySelector("details"), held = panel.querySelector("details[open]")?.id;
  const list = tasks(page.world(), page.treated());
  panel.replaceChildren(el("p", list.length ? { className: "note", textContent: `Predict first; then run, watch, and check. An answer is computed from ${SEEDS} pairs of runs of this very setting.` } : { textContent: none(page.world()) }));
  const open = drawn && !held ? -1 : Math.max(0, list.findIndex((task) => held === `task-${task.id}`));
  for (const [i, task] of list.entries()) panel.append(card(panel, task, page, kept, i === open));
}

function card(panel, task, page, kept, open) {
  const mine = (kept[task.id] ??= {}), out = el("div", { ariaLive: "polite" });
  const run = el("button", { type: "button", id: `run-${task.id}`, className: "primary", textContent: "Run it", disabled: mine.guess === undefined });
  const check = el("button", { type: "button", id: `check-${task.id}`, textContent: "Check", disabled: !mine.running });
  const options = task.options.map((text, i) => el("label", {}, el("input", { type: "radio", id: `guess-${task.id}-${i}`, name: `guess-${task.id}`, value: i, checked: mine.guess === i, disabled: !!mine.found, onchange: () => { mine.guess = i; run.disabled = false; } }), " " + text));
  const tell = () => {
    if (!mine.found) return;
    const [option, sentence] = mine.found;
    out.replaceChildren(el("div", { className: "answer" }, el("p", {}, el("b", { textContent: option === UNDECIDED ? "Not decided. " : option === mine.guess ? "As you predicted. " : "Other than you predicted. " }), option === UNDECIDED ? "" : `The model: ${task.options[option]}.`), el("p", { className: "note", textContent: sentence }), el("button", { type: "button", id: `again-${task.id}`, textContent: "Again", onclick: () => { delete kept[task.id]; page.set({}); } })));
  };
  const measure = async (words) => byName(await page.compare(SEEDS, words));
  run.onclick = async () => {
    mine.running = true;
    try {
      if (task.relative && !mine.before) {
        mine.before = page.known({});
        if (!mine.before) { await page.set({}); mine.before = byName(await page.compare(SEEDS, "First, the setting as it is")); }
      }
      await page.set(task.changes);
      page.play();
    } catch (error) { mine.running = false; out.textContent = error.message; }
  };
  check.onclick = async () => {
    if (mine.checking) return;
    mine.checking = true;
    try {
      if (!page.isSet(task.changes)) await page.set(task.changes); // something else was changed meanwhile
      mine.found = task.answer(await measure("Checking"), mine.before);
      tell();
    } catch (error) { out.textContent = error.message; }
    mine.checking = false;
  };
  tell();
  return el("details", { className: "task", name: "task", id: `task-${task.id}`, open }, el("summary", { id: `name-${task.id}`, textContent: task.title }), el("p", { textContent: task.text }), el("fieldset", {}, el("legend", { textContent: task.question }), ...options), el("div", { className: "row" }, run, check), out);
}

export const byName = (results) => Object.fromEntries(results.effects.map((e) => [e.effect, e]));
