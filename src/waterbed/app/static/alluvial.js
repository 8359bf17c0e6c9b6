// The alluvial of fates: the same people, left without and right with the measure.

import { color, el, fate, number, percent, svg, whole } from "./words.js";

const SMALLEST = 0.0005, KEPT = 4, RARE = 0.01, SLOT = 33, GAP = 3;
const NARROW = 560; // pixels, below which words stand above the bars, not beside them

// As wide as there is room for, up to what reads well; what needs more scrolls.
export const fitting = ({ clientWidth }, least, most) => (clientWidth < NARROW ? clientWidth - 28 : Math.max(least, Math.min(clientWidth - 20, most)));
const GATHER = "crossed: Other ways"; // the engine's own name for ways without a route, with what is too small to show
const OTHERS = ["never_left", "back", "on_the_way", "exploited", "other fates", "dead"];
const GATHERED = new Set(["legal", "protected", "detained"]); // and the exploited where they are few; deaths are never put among others

// flows: [without, with, people] by name. Small routes are gathered, and who never left in either world is only told.
// changes: of each fate what every pair of runs changes it by; where there are several, what 90 % of them bring is told.
export function alluvial(panel, flows, { title, note, width, changes = {} }) {
  const stayed = flows.filter(([a, b]) => a === "never_left" && b === "never_left").reduce((sum, f) => sum + f[2], 0);
  const drawn = flows.filter(([a, b]) => a !== "never_left" || b !== "never_left"), name = naming(drawn), table = gather(drawn, name);
  const total = table.reduce((sum, f) => sum + f[2], 0);
  panel.replaceChildren(el("h2", { textContent: title }), el("p", { className: "note", textContent: `${note} Not drawn: ${whole(stayed)} who never left in either world.` }));
  if (!total) return panel.append(el("p", { textContent: "Nobody of them has left yet." }));
  panel.append(draw(table, total, width, ranges(changes, name)), asTable(table, panel.id));
}

// What a fate is called when small routes and rare fates are put together.
function naming(flows) {
  const size = new Map();
  for (const [a, b, n] of flows) for (const name of [a, b]) if (name.startsWith("crossed: ")) size.set(name, (size.get(name) ?? 0) + n);
  const big = new Set([...size].filter(([name]) => name !== GATHER).sort((a, b) => b[1] - a[1]).slice(0, KEPT).map(([name]) => name));
  const total = flows.reduce((sum, f) => sum + f[2], 0), part = (f, side) => flows.reduce((sum, flow) => sum + (flow[side] === f ? flow[2] : 0), 0) / total;
  const few = part("exploited", 0) < RARE && part("exploited", 1) < RARE;
  return (f) => (f.startsWith("crossed: ") && !big.has(f) ? GATHER : GATHERED.has(f) || (few && f === "exploited") ? "other fates" : f);
}

function gather(flows, name) {
  const sums = new Map();
  for (const [a, b, n] of flows) { const key = `${name(a)}|${name(b)}`; sums.set(key, (sums.get(key) ?? 0) + n); }
  return [...sums].map(([key, n]) => [...key.split("|"), n]);
}

// [low, high] that hold 90 % of single runs, by the name that is drawn.
function ranges(changes, name) {
  const sums = new Map();
  for (const [f, values] of Object.entries(changes)) sums.set(name(f), values.map((v, i) => v + (sums.get(name(f))?.[i] ?? 0)));
  return new Map([...sums].filter(([, values]) => values.length > 1).map(([f, values]) => [f, [quantile(values, 0.05), quantile(values, 0.95)]]));
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b), at = share * (sorted.length - 1), low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

function draw(table, total, width, band) {
  const sum = (side, f) => table.reduce((n, flow) => n + (flow[side] === f ? flow[2] : 0), 0);
  const seen = new Set(table.flatMap(([a, b]) => [a, b]));
  const crossed = [...seen].filter((f) => f.startsWith("crossed: ")).sort((a, b) => (a === GATHER) - (b === GATHER) || sum(0, b) - sum(0, a));
  const order = [...crossed, ...OTHERS.filter((f) => seen.has(f))];
  const ink = Object.fromEntries(order.map((f) => [f, inkOf(f, crossed)]));
  const narrow = width < NARROW, first = narrow ? 40 : 24, bars = Math.max(150, 24 * order.length), height = first + bars + order.length * (SLOT + GAP) + 2, scale = bars / total;
  const left = narrow ? 0 : 200, right = narrow ? width : width - (band.size ? 320 : 250), thick = 14;
  const art = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "alluvial", role: "img", "aria-label": "Fates of the same people, without and with the measure; the table below holds the numbers" });
  const slots = [0, 1].map((side) => {
    let y = first;
    return new Map(order.map((f) => { const high = sum(side, f) * scale, top = y + SLOT / 2; y += high + SLOT + GAP; return [f, { top, high, next: top }]; }));
  });
  for (const a of order) for (const b of order) {
    const n = table.reduce((s, f) => s + (f[0] === a && f[1] === b ? f[2] : 0), 0), high = n * scale;
    const [from, to] = [slots[0].get(a), slots[1].get(b)], y0 = from.next, y1 = to.next;
    from.next += high; to.next += high;
    if (n < SMALLEST * total) continue;
    const x0 = left + thick, x1 = right - thick, m = (x0 + x1) / 2;
    art.append(svg("path", { d: `M${x0} ${y0}C${m} ${y0} ${m} ${y1} ${x1} ${y1}V${y1 + high}C${m} ${y1 + high} ${m} ${y0 + high} ${x0} ${y0 + high}Z`, fill: ink[a], "fill-opacity": a === b ? 0.26 : 0.9 }, svg("title", {}, `${fate(a)} → ${fate(b)}: ${whole(n)}`)));
  }
  for (const [side, x] of [[0, left], [1, right - thick]]) for (const f of order) {
    const { top, high } = slots[side].get(f), middle = narrow ? top - 18 : top + high / 2, at = narrow ? [left, right][side] : side ? right + 8 : left - 8, anchor = !side === narrow ? "start" : "end", people = sum(side, f), change = people - sum(0, f);
    art.append(svg("rect", { x, y: top, width: thick, height: Math.max(high, 0.5), fill: ink[f], stroke: f === "on_the_way" ? color("soft") : "none" }));
    art.append(svg("text", { x: at, y: middle - 2, "text-anchor": anchor, class: "bold" }, fate(f)));
    const ends = band.get(f), runs = ends?.some(Boolean) ? ` (${ends.map((v) => number(v, 2, true)).join(" to ")})` : "";
    const said = `${whole(people)} · ${percent(people / total)}` + (side ? ` · ${change || runs ? number(change, 3, true) + runs : "no change"}` : "");
    art.append(svg("text", { x: at, y: middle + 13, "text-anchor": anchor, class: "soft" }, said));
  }
  art.append(svg("text", { x: narrow ? left : left + thick, y: 14, "text-anchor": narrow ? "start" : "end", class: "bold" }, "Without"), svg("text", { x: narrow ? right : right - thick, y: 14, "text-anchor": narrow ? "end" : "start", class: "bold" }, "With the measure"));
  return art;
}

function inkOf(f, crossed) {
  if (f === GATHER) return color("route-other");
  if (f.startsWith("crossed: ")) return color(`route-${crossed.indexOf(f)}`);
  return color(`fate-${{ "other fates": "others", on_the_way: "other" }[f] ?? f}`);
}

function asTable(table, id) {
  const rows = [...table].sort((a, b) => b[2] - a[2]).map(([a, b, n]) => el("tr", {}, el("td", { textContent: fate(a) }), el("td", { textContent: fate(b) }), el("td", { className: "n", textContent: whole(n) })));
  const head = el("tr", {}, ...["Without", "With", "People"].map((t, i) => el("th", { scope: "col", className: i === 2 ? "n" : "", textContent: t })));
  return el("details", { id: `${id}-table` }, el("summary", { id: `${id}-table-name`, textContent: "The same as a table" }), el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)));
}

// The finding in one sentence, computed from the flows, of the route where the measure acts if it acts on some; live:
// of a run that goes on.
export function finding(flows, treated, live = false) {
  const lost = new Map();
  for (const [a, b, n] of flows) if (a.startsWith("crossed: ") && a !== b) lost.set(a, (lost.get(a) ?? 0) + n);
  if (!lost.size) return live ? "So far the same people have met the same fates in both worlds" : "The same people met the same fates in both worlds";
  const taken = [...new Set(flows.map(([a]) => a))].filter((name) => name.startsWith("crossed: ")).sort((a, b) => (lost.get(b) ?? 0) - (lost.get(a) ?? 0));
  const route = taken.find((name) => treated.has(name.slice(9))) ?? taken.find((name) => name !== GATHER) ?? taken[0], mine = flows.filter(([a]) => a === route), all = mine.reduce((s, f) => s + f[2], 0);
  const share = (test) => (100 * mine.filter(([, b]) => test(b)).reduce((s, f) => s + f[2], 0)) / all;
  const part = (test) => { const n = share(test); return n > 0 && n < 1 ? "fewer than 1" : number(Math.round(n)); };
  return `Of 100 who crossed by ${route.slice(9)} without the measure, ${part((b) => b === route)} did so with it, ${part((b) => b.startsWith("crossed: ") && b !== route)} crossed elsewhere, ${part((b) => b === "never_left")} did not leave`;
}
