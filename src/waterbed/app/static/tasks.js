// Guided tasks: predict first, then run. What is right is computed from the runs of this very setting, never written here.

import { el, number, percent } from "./words.js";

const SEEDS = 20;

// Each: question and options, the change it makes (from the scenario), whether it is held against the setting as it
// is, and the answer: [option, sentence], from the effects by name (before: those of the setting as it is).
export function tasks(world) {
  const operation = world.measures.find((m) => m.kind === "operation");
  if (!operation) return [];
  const address = (name) => `operations.${operation.name}.${name}`, of = (name) => world.controls.find((c) => c.address === address(name));
  const officers = of("officers").value, targeted = of("target.routes").value, other = of("target.routes").options.find((r) => !targeted.includes(r));
  const list = [
    { id: "dip", title: "1 · Push down", text: `${number(officers, 3)} officers for ${operation.days} days${targeted.length ? `, on the way called ${targeted.join(", ")}` : ""}. Look at the first timeline.`,
      question: "When is the flow there at its lowest?", options: ["While the operation lasts", "After it has ended", "It does not change"], changes: {},
      answer: (e) => unsure(e.treated_crossings_lost) ? [2, "A loss of crossings there cannot be told from zero."] : [e.trough_day.mean < operation.days ? 0 : 1, `The deepest day is day ${number(e.trough_day.mean)} after the start (90 % of single runs: ${range(e.trough_day)}); the operation ends on day ${operation.days}. Journeys take weeks, and people who were not recruited are missed only when they would have arrived.`] },
    { id: "up", title: "2 · Where does it come up?", text: "Like a waterbed: pressed down in one place, it may rise in another. Look at the second timeline, and for teal dots on the right-hand map: people who, without the operation, would be elsewhere.",
      question: "Of the crossings lost there, how many move to other routes?", options: ["None", "Some, but less than half", "More than half"], changes: {},
      answer: (e) => { const d = e.displacement_spatial; return d.status !== "ok" || d.low <= 0 ? [0, "That any of it moved cannot be told from zero."] : [d.mean < 0.5 ? 1 : 2, `${percent(d.mean)} of the loss moved (how well that is known, 90 %: ${range(d, true)}). The rest was stopped, for a time or for good.`]; } },
  ];
  if (targeted.length && other) list.push({ id: "move", title: `3 · Move the same officers to ${other}`, text: `Nothing else changes: ${number(officers, 3)} officers, ${operation.days} days, but on ${other} instead of ${targeted.join(", ")}.`,
    question: "Compared with before, how many arrivals are lost in all?", options: ["Fewer", "About as many", "More"], changes: { [address("target.routes")]: [other] }, relative: true,
    answer: (e, b) => against(e.arrivals_lost, b.arrivals_lost, `Arrivals lost: ${share(e.arrivals_lost)} now, ${share(b.arrivals_lost)} before.`) });
  list.push(
    { id: "more", title: `${list.length + 1} · Four times the officers`, text: `${number(4 * officers, 3)} instead of ${number(officers, 3)}.`, question: "The loss of crossings where they stand is then …", options: ["less than four times as large", "four times as large", "more than four times as large"],
      changes: { [address("officers")]: 4 * officers }, relative: true,
      answer: (e, b) => { const [x, y] = [e.treated_crossings_lost, b.treated_crossings_lost]; return [x.high < 4 * y.low ? 0 : x.low > 4 * y.high ? 2 : 1, `Lost there: ${share(x)} now, ${share(y)} before. Officers look where others have looked already: returns diminish.`]; } },
    { id: "silent", title: `${list.length + 2} · Tell nobody`, text: "The same operation, but it is not made public.", question: "Compared with a public one, crossings lost where the officers stand are …", options: ["fewer", "about as many", "more"],
      changes: { [address("announced")]: !of("announced").value }, relative: true,
      answer: (e, b) => against(e.treated_crossings_lost, b.treated_crossings_lost, `Lost there: ${share(e.treated_crossings_lost)} now, ${share(b.treated_crossings_lost)} before.`) },
    { id: "none", title: `${list.length + 3} · No officers at all`, text: "The operation is announced and held, with nobody in it.", question: "What changes?", options: ["A little less flow, out of fear", "Nothing, for nobody, on any day", "Chance makes the worlds differ"], changes: { [address("officers")]: 0 },
      answer: (e) => { const same = [e.treated_crossings_lost, e.arrivals_lost, e.deaths_change].every((x) => x.status !== "ok" || (x.low === 0 && x.high === 0)); return [same ? 1 : 2, same ? "The two worlds are the same to the last person: an operation acts through its officers, and chance is shared." : "The two worlds differ."]; } },
  );
  return list;
}

const range = (e, shares = false) => { const show = shares ? percent : number; return e.low === null ? "no interval" : shares || e.run_low === null ? `${show(e.low)} to ${show(e.high)}` : `${show(e.run_low)} to ${show(e.run_high)}`; };
const share = (e) => (e.status === "ok" ? `${percent(e.mean)} (90 %: ${percent(e.low)} to ${percent(e.high)})` : "not identified");
const unsure = (e) => e.status !== "ok" || (e.low <= 0 && e.high >= 0);
const against = (now, before, sentence) => [now.high < before.low ? 0 : now.low > before.high ? 2 : 1, sentence];

// page: { world, changes, set(changes), play(), compare(n, words) }; kept: what was predicted and found, by task.
export function showTasks(panel, page, kept) {
  const drawn = panel.querySelector("details"), open = panel.querySelector("details[open]")?.id;
  const list = tasks(page.world());
  panel.replaceChildren(el("p", { className: "note", textContent: "Predict first; then run, watch, and check. An answer is computed from 20 pairs of runs of this very setting." }));
  if (!list.length) panel.append(el("p", { textContent: "This scenario has no operation, so both worlds are the same." }));
  for (const [i, task] of list.entries()) panel.append(card(panel, task, page, kept, drawn ? open === `task-${task.id}` : i === 0));
}

function card(panel, task, page, kept, open) {
  const mine = (kept[task.id] ??= {}), out = el("div", { ariaLive: "polite" });
  const run = el("button", { type: "button", className: "primary", textContent: "Run it", disabled: mine.guess === undefined });
  const check = el("button", { type: "button", textContent: "Check", disabled: !mine.running });
  const options = task.options.map((text, i) => el("label", {}, el("input", { type: "radio", name: `guess-${task.id}`, value: i, checked: mine.guess === i, disabled: !!mine.found, onchange: () => { mine.guess = i; run.disabled = false; } }), " " + text));
  const tell = () => {
    if (!mine.found) return;
    const [option, sentence] = mine.found;
    out.replaceChildren(el("div", { className: "answer" }, el("p", {}, el("b", { textContent: option === mine.guess ? "As you predicted. " : "Other than you predicted. " }), `The model: ${task.options[option]}.`), el("p", { className: "note", textContent: sentence }), el("button", { type: "button", textContent: "Again", onclick: () => { delete kept[task.id]; page.set({}); } })));
  };
  const measure = async (words) => byName(await page.compare(SEEDS, words));
  run.onclick = async () => {
    mine.running = true;
    try {
      if (task.relative && !mine.before) mine.before = page.known({}) ?? byName(await page.compareOf({}, SEEDS, "First, the setting as it is"));
      page.set(task.changes);
      page.play();
    } catch (error) { mine.running = false; out.textContent = error.message; }
  };
  check.onclick = async () => {
    check.disabled = true;
    try { mine.found = task.answer(await measure("Checking"), mine.before); tell(); } catch (error) { out.textContent = error.message; }
    check.disabled = false;
  };
  tell();
  return el("details", { className: "task", name: "task", id: `task-${task.id}`, open }, el("summary", { textContent: task.title }), el("p", { textContent: task.text }), el("fieldset", {}, el("legend", { textContent: task.question }), ...options), el("div", { className: "row" }, run, check), out);
}

export const byName = (results) => Object.fromEntries(results.effects.map((e) => [e.effect, e]));
