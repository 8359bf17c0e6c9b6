// Guided tasks: predict first, then run. Questions and answers are the server's, from runs of this very setting.

import { el, number, plain, redrawn } from "./words.js";

const PAIRS = [5, 10, 20, 50]; // of runs, that an answer may rest on

// Each: its question (of the server's list), its text, the change it makes (from the setting as it was opened), and
// whether it is held against that setting. What a task speaks of has to be there: officers; where they aim at
// crossings, treated ones; other ways, a route.
export function tasks(world, treated) {
  const on = world.measures.filter((m) => m.kind === "operation" && m.on), one = on.length === 1 && world.measures.every((m) => !m.on || m === on[0]);
  if (!on.length) return [];
  const address = (operation, name) => `operations.${operation.name}.${name}`, of = (operation, name) => world.controls.find((c) => c.address === address(operation, name)).value;
  const all = (name, value) => Object.fromEntries(on.map((o) => [address(o, name), value(of(o, name))]));
  const [first] = on, officers = on.reduce((sum, o) => sum + of(o, "officers"), 0), each = one ? "" : `Of each of the ${on.length} operations; in all `;
  const targeted = of(first, "target.routes"), other = world.controls.find((c) => c.address === address(first, "target.routes")).options.find((r) => !targeted.includes(r));
  const where = one && targeted.length ? `on ${targeted.join(", ")}` : "where the officers stand", lost = treated ? `crossings ${where}` : "arrivals", list = [];
  const add = (id, title, task) => {
    const { question, options } = world.questions[id];
    list.push({ id, title: `${list.length + 1} · ${title}`, question: question.replace("{where}", where).replace("{lost}", lost), options, ...task });
  };
  if (one && treated) add("dip", "Push down", { text: `${number(officers, 3)} officers for ${first.days} days${targeted.length ? `, on the way called ${targeted.join(", ")}` : ""}. Look at the timeline of targeted crossings.`, changes: {} });
  if (treated === "some") add("where", "Where does it come up?", { text: "Like a waterbed: pressed down in one place, it may rise in another. Look at the timeline of crossings elsewhere, and for teal dots on the right-hand map: people who, without the operation, would be elsewhere.", changes: {} });
  if (one && targeted.length && other) add("move", `Move the same officers to ${other}`, { text: `Nothing else changes: ${number(officers, 3)} officers, ${first.days} days, but on ${other} instead of ${targeted.join(", ")}.`, changes: { [address(first, "target.routes")]: [other] }, relative: true });
  add("more", "Four times the officers", { text: `${each}${number(4 * officers, 3)} instead of ${number(officers, 3)}.`, changes: all("officers", (n) => 4 * n), relative: true });
  const secret = !of(first, "announced");
  if (treated && on.every((o) => of(o, "announced") === !secret)) add("silent", secret ? "Tell everybody" : "Tell nobody", { text: secret ? "The same, but made public on the first day, not kept secret." : "The same, but kept secret, not made public.", changes: all("announced", () => secret), relative: true });
  if (one) add("none", "No officers at all", { text: "The operation is announced and held, with nobody in it.", changes: all("officers", () => 0) });
  return list;
}

// Why there is no task, and what to try.
function none(world) {
  const kinds = new Set(world.measures.map((m) => m.kind)), off = world.measures.every((m) => !m.on), example = world.measures.find((m) => m.kind === "operation");
  if (!kinds.size) return "This scenario has no operation and no policy, so both worlds are the same. Open classroom or liberterra to see what one does.";
  const names = world.measures.map((m) => plain(m.name)).join(", ");
  const why = off ? `Of what this scenario may do, nothing is switched on (${names}), so both worlds are the same.` : "A policy acts here and no police operation, and the tasks speak of officers.";
  return `${why} ${example ? `To try: under “Settings”, give the operation “${plain(example.name)}” some officers, 600 for instance. The tasks then speak of it.` : "Watch the timelines and the fates, or compare under many seeds."}`;
}

// page: { world(), treated(), set(changes), isSet(changes), play(), known(changes), pairs, choose(n),
// compare(words, before), redraw() };
// kept: by task, what was predicted, whether it may be checked, what was found, and what went wrong.
export function showTasks(panel, page, kept) {
  redrawn(panel, () => draw(panel, page, kept));
}

function draw(panel, page, kept) {
  const drawn = panel.querySelector("details"), held = panel.querySelector("details[open]")?.id;
  const list = tasks(page.world(), page.treated());
  if (!list.length) return panel.replaceChildren(el("p", { textContent: none(page.world()) }));
  const count = el("select", { id: "task-pairs", ariaLabel: "Pairs of runs that an answer rests on", onchange: () => page.choose(+count.value) }, ...PAIRS.map((n) => el("option", { value: n, textContent: `${n} pairs`, selected: n === page.pairs })));
  panel.replaceChildren(el("p", { className: "note" }, "Predict first; then run, watch, and check. An answer is computed from ", count, " of runs of this very setting: more of them tell more, and take longer."));
  const open = drawn && !held ? -1 : Math.max(0, list.findIndex((task) => held === `task-${task.id}`));
  for (const [i, task] of list.entries()) panel.append(card(task, page, kept, i === open));
}

// What is told stands in what is kept: the panel is drawn anew while a task waits.
function card(task, page, kept, open) {
  const mine = (kept[task.id] ??= {}), busy = async (work) => {
    if (mine.busy) return;
    mine.busy = true;
    const told = mine.failed;
    mine.failed = "";
    if (told) page.redraw();
    try { await work(); } catch (error) { mine.failed = error.message; }
    mine.busy = false;
    page.redraw();
  };
  const run = el("button", { type: "button", id: `run-${task.id}`, className: "primary", textContent: "Run it", disabled: mine.guess === undefined });
  const check = el("button", { type: "button", id: `check-${task.id}`, textContent: "Check", disabled: !mine.ready });
  const options = task.options.map((text, i) => el("label", {}, el("input", { type: "radio", id: `guess-${task.id}-${i}`, name: `guess-${task.id}`, value: i, checked: mine.guess === i, disabled: !!mine.found, onchange: () => { mine.guess = i; run.disabled = false; } }), " " + text));
  // What it is held against is compared first, unless it is known.
  const prepare = async () => {
    if (!task.relative || page.known({})) return;
    await page.set({});
    await page.compare("First, the setting as it is");
  };
  run.onclick = () => busy(async () => {
    await prepare();
    await page.set(task.changes);
    mine.ready = true;
    page.play();
  });
  check.onclick = () => busy(async () => {
    await prepare();
    if (!page.isSet(task.changes)) await page.set(task.changes); // something else was changed meanwhile
    const { answers, replicates } = await page.compare("Checking", task.relative ? page.known({}) : []);
    if (!answers[task.id]) throw new Error("This comparison holds nothing that answers the question.");
    mine.found = [...answers[task.id], replicates];
  });
  return el("details", { className: "task", name: "task", id: `task-${task.id}`, open }, el("summary", { id: `name-${task.id}`, textContent: task.title }), el("p", { textContent: task.text }), el("fieldset", {}, el("legend", { textContent: task.question }), ...options), el("div", { className: "row" }, run, check),
    el("div", { ariaLive: "polite" }, mine.failed ? el("p", { className: "fault", textContent: mine.failed }) : null, mine.found ? answer(task, mine, () => { delete kept[task.id]; page.set({}); }) : null));
}

function answer(task, { found: [option, sentence, pairs], guess }, again) {
  const verdict = option === null ? "Not decided. " : option === guess ? "As you predicted. " : "Other than you predicted. ";
  return el("div", { className: "answer" }, el("p", {}, el("b", { textContent: verdict }), option === null ? "" : `The model: ${task.options[option]}.`), el("p", { className: "note", textContent: `${sentence} From ${pairs} pairs of runs.` }), el("button", { type: "button", id: `again-${task.id}`, textContent: "Again", onclick: again }));
}
