// What is seen on the page, in plain words; and what it is for, and not for.

import { color, el, named, svg } from "./words.js";

const icon = (...parts) => svg("svg", { width: 26, height: 22, viewBox: "0 0 26 22", "aria-hidden": "true" }, ...parts);
const dot = (name) => icon(svg("circle", { cx: 13, cy: 11, r: 4, fill: color(name) }));
const square = (fill, cross, ink = "ink") => icon(svg("rect", { x: 8, y: 6, width: 9, height: 9, fill: color(fill ? ink : "paper"), stroke: color(ink), "stroke-width": 1.5 }), ...(cross ? [svg("path", { d: "M8 6l9 9m0-9l-9 9", stroke: color(ink) })] : []));
const shield = (fill, edge) => icon(svg("path", { d: "M6 4h14v7q-1 6-7 9q-6-3-7-9z", fill, stroke: edge, "stroke-width": 1.4 }));

export function legend(panel, world) {
  const people = world.persons_per_agent, one = people === 1 ? "One dot is one person on the way" : `One dot stands for ${people} people on the way`;
  const items = [
    [icon(...["without", "with"].map((name, i) => svg("circle", { cx: 7 + 12 * i, cy: 11, r: 4, fill: color(name) }))), `${one}, on the same leg in both worlds: grey on the left map, blue on the right.`],
    [dot("fewer"), "Left: here without the operation, but elsewhere (or never left) with it."],
    [dot("more"), "Right: here with the operation, but elsewhere without it. Where teal dots gather, the waterbed rises."],
    [icon(svg("circle", { cx: 13, cy: 11, r: 9, fill: color("ink"), "fill-opacity": 0.13, stroke: color("ink"), "stroke-opacity": 0.45 })), "A crowd that waits at a place, with its number."],
    [icon(svg("circle", { cx: 13, cy: 11, r: 8, fill: "none", stroke: color("fate-exploited"), "stroke-width": 3 })), "People held in exploitation there."],
    [icon(svg("path", { d: "M8 6l10 10m0-10l-10 10", stroke: color("fate-dead"), "stroke-width": 2.6 })), "A death on the way. Dark red means nothing else."],
    [square(true), "A hub of a criminal network: open;"], [square(false), "lying low, because police know too much;"], [square(false, true), "closed by a raid."],
    [shield(color("paper"), color("edge")), "Police who are always there."], [shield(color("operation-text"), color("paper")), "Officers of the operation, with their number."],
    [icon(svg("path", { d: "M3 16Q13 2 23 8", stroke: color("operation-text"), "stroke-width": 8, fill: "none" }), svg("path", { d: "M3 16Q13 2 23 8", stroke: color("operation"), "stroke-width": 6, fill: "none" })), "Legs at which the operation aims, while it lasts."],
  ];
  panel.replaceChildren(
    el("h2", { textContent: "The maps" }), el("ul", { className: "legend" }, ...items.map(([art, text]) => el("li", {}, art, el("span", { textContent: text })))),
    el("h2", { textContent: "Two worlds, one chance" }), el("p", { textContent: "Both maps hold the same people, born on the same days and meeting the same luck. The right-hand world has the operation, the left-hand one has not; nothing else differs. So whatever differs is what the operation did, to the person. No field study can see this." }),
    el("h2", { textContent: "The timelines" }), el("p", { textContent: "Means of the last days (7, or 28 where people are few), so that nothing moves before its cause. The shaded strip is the operation; a dotted line stands where one that is off would begin. Grey: without; blue: with; dotted: with, in the setting before your last change." }),
    el("h2", { textContent: "What is done, and when" }), measures(world),
    el("p", { textContent: "One pair of runs is one story: what happens in it by chance is not what happens on average. “Compare under many seeds” tells the two apart." }),
    el("h2", { textContent: "The fates" }), el("p", { textContent: "Left, what became of people without the operation; right, of the same people with it. Pale ribbons: the same fate. Full colour: another one." }));
}

function measures({ measures: all, days }) {
  if (!all.length) return el("p", { textContent: "Nothing: both worlds are the same." });
  const rows = all.map((m) => el("tr", {}, el("td", { textContent: named(m) }), el("td", { className: "n", textContent: `${m.start} to ${Math.min(m.start + m.days, days) - 1}` })));
  const head = el("tr", {}, el("th", { scope: "col", textContent: "Operation or policy" }), el("th", { scope: "col", className: "n", textContent: "Days" }));
  return el("table", { className: "measures" }, el("thead", {}, head), el("tbody", {}, ...rows));
}

export const ABOUT = [
  ["What it is for", "Aggregate policy research and teaching: what an operation of a given kind, size, place and time disrupts, where activity moves, and what that costs people."],
  ["What it is not for", "It predicts no person and no group, tracks nobody, and gives no advice on evading anybody. Places of the classroom world are invented; every person is a number drawn by a model."],
  ["How sure it is", "Not very. Most parameters are judgement, marked so in the settings (open “Behaviour”) and in waterbed scenario NAME --resolved. The order of effects is more to be trusted than their size. Intervals hold chance alone, not what is unknown about behaviour."],
  ["People first", "Behind every simulated death or exploited day stand real ones. Disrupting a network is no success if the journey only becomes more deadly: look at deaths and exploitation before arrivals."],
  ["Where data come from", "Real places, flows and seasons: see SOURCES.md of the world. Base map: Natural Earth (public domain). Charts: uPlot (MIT). Letters: Source Sans (OFL)."],
  ["This page", "It runs on this machine alone: nothing is sent anywhere. A shared link holds a setting, and works for whoever has the app running."],
];
