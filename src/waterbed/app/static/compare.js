// The comparison under many seeds: the finding, every effect with its two intervals, and the fates.

import { alluvial, finding, fitting } from "./alluvial.js";
import { el, number, percent, whole } from "./words.js";

const PLAIN = "“How well the mean is known” would shrink with more runs. “What one operation may bring” would not: it is chance itself, and the one to think of before promising anything. A dash: it is read off the mean course of all runs, for that of a single one is too rough. Neither holds what is not known about people's behaviour.";

const MINUTE = 60;

// The time that is left, once a pair is done; where all of it is long, what shortens it.
function remaining({ left, passed }) {
  if (!left) return "";
  const told = left < 1.5 * MINUTE ? `${Math.max(10, 10 * Math.round(left / 10))}\u202fs` : `${Math.round(left / MINUTE)} minutes`;
  return `, about ${told} left.${passed + left > MINUTE ? " Fewer pairs take less time, and tell less." : ""}`;
}

export function showCompare(panel, state, { start, cancel, treated }) {
  const count = el("select", { id: "pairs", ariaLabel: "Pairs of runs", disabled: !!state.progress }, ...[5, 10, 20, 50].map((n) => el("option", { value: n, textContent: `${n} seeds`, selected: n === (state.pairs ?? 20) })));
  count.onchange = () => { state.pairs = +count.value; };
  // One button, which keeps the keyboard's focus: it compares, and stops that.
  const button = el("button", { type: "button", id: "compare", className: "primary", textContent: state.progress ? "Stop" : "Compare", onclick: () => (state.progress ? cancel() : start(+count.value)) });
  const row = el("div", { className: "row" }, button, count);
  if (state.progress) row.append(el("progress", { max: state.progress.of, value: state.progress.done, ariaLabel: "Pairs of runs done" }), el("span", { textContent: `${state.words ?? "Running"}: ${state.progress.done} of ${state.progress.of} pairs${remaining(state.progress)}` }));
  else row.append(el("span", { className: "note", textContent: "What you watch is one pair of runs; another seed gives another. This runs the same setting under many seeds." }));
  panel.replaceChildren(row);
  if (state.error) panel.append(el("p", { role: "alert", textContent: state.error }));
  const { results } = state;
  if (!results) return;
  const body = results.effects.map((e) => el("tr", {}, el("td", { textContent: e.words }), ...cells(e)));
  const head = el("tr", {}, ...["Effect", "Mean", "How well the mean is known (90 %)", "What one operation may bring (90 %)"].map((t, i) => el("th", { scope: "col", className: i ? "n" : "", textContent: t })));
  const art = el("div", { id: "compared-fates" });
  panel.append(el("h2", { textContent: results.headline + "." }), el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)), el("p", { className: "note", textContent: PLAIN }), art);
  alluvial(art, results.fates, { title: finding(results.fates, treated), changes: results.changes, width: fitting(panel, 680, 940),
    note: `Means of ${results.replicates} pairs; ${whole(results.people)} people, ${results.fate_days} days after each began to consider leaving. Right: people, share, change, and in brackets what 90 % of single runs change it by.` });
}

function cells(e) {
  if (e.status !== "ok") return [el("td", { className: "n", textContent: "–" }), el("td", { className: "note", colSpan: 2, textContent: e.note || "not identified" })];
  const show = e.unit.startsWith("share") ? percent : number, span = (a, b) => (a === null || b === null ? "–" : `${show(a)} to ${show(b)}`);
  return [el("td", { className: "n", textContent: show(e.mean) }), el("td", { className: "n", textContent: span(e.low, e.high) }), el("td", { className: "n", textContent: span(e.run_low, e.run_high) })];
}
