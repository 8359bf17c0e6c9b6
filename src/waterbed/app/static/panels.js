// What lies below the maps and follows the day: timelines, fates, one person in both worlds.

import { alluvial, finding, fitting } from "./alluvial.js";
import { choose, lives } from "./person.js";
import { drawMaps, waitMaps } from "./stage.js";
import { $, banner, index, present, S, treatedRoutes } from "./state.js";
import { whenShown } from "./tabs.js";
import { Timelines } from "./timelines.js";
import { date, el, redrawn, whole } from "./words.js";

let fatesDay = -1;

export function newTimelines() { S.timelines?.observer.disconnect(); S.timelines = new Timelines($("panel-timelines"), S.world, S.ready); }

// Another setting is loaded: nothing of the one before is left to be taken for it.
export function emptied() {
  fatesDay = -1;
  waitMaps();
  for (const id of ["panel-fates", "panel-person"]) $(id).replaceChildren(el("p", { textContent: "The new setting is loaded …" }));
  S.timelines?.show(null, null, 0);
  $("day").textContent = $("spoken").textContent = "";
}

export function redraw() { drawMaps(); if (S.ready) daily(); }

export function daily() {
  const day = Math.floor(S.day);
  $("when").value = day;
  $("when").ariaValueText = `day ${day}`;
  $("day").textContent = `Day ${day} · ${date(S.world.start_date, day)}`;
  const shown = Math.min(day, ([...S.months.values()].reduce((end, m) => Math.max(end, m.first + m.days), S.ready?.first ?? 0)) - 1);
  if (S.timelines && (day % 2 === 0 || !S.playing || +$("speed").value <= 4)) S.timelines.show(S.record, S.before, shown);
  if (!$("panel-person").hidden && (!S.playing || day % 3 === 0)) person();
  if (!$("panel-fates").hidden && index() !== fatesDay) fates();
}

export function fates() {
  fatesDay = index();
  const upTo = [...S.fates.keys()].filter((k) => k < index() || (k === index() && S.day > S.world.days - 2)).sort((a, b) => b - a)[0];
  const panel = $("panel-fates"), told = S.fates.get(upTo);
  if (!told) return panel.replaceChildren(el("p", { textContent: "Fates are told at the end of each month of 30 days: press Play." }));
  const flows = told.flows.map(([a, b, n]) => [told.names[a], told.names[b], n]);
  redrawn(panel, () => alluvial(panel, flows, {
    title: finding(flows, treatedRoutes(), true) + ".", width: fitting(panel, 620, 900),
    note: `So far, on day ${told.day}: ${whole(told.people)} people who began to consider leaving from day ${told.from} on. This is one pair of runs, one throw of chance: another seed gives other numbers. How far they scatter is told under “Compare under many seeds”.`,
  }));
}

export function person() {
  const months = [...S.months.keys()].filter((k) => k <= index()).sort((a, b) => a - b).map((k) => S.months.get(k));
  const panel = $("panel-person");
  redrawn(panel, () => lives(panel, { person: S.person, months, world: S.world, day: Math.floor(S.day), pick, forget: () => { S.person = null; redraw(); person(); } }));
}

function pick(kind) {
  const month = present();
  S.person = month ? choose(month, kind) : null;
  if (S.person === null) banner(kind === "changed" ? "Nobody's way differs yet: the operation has not begun to act. Go on some days." : "Nobody is on the way now.");
  else banner("");
  redraw(); person();
}

whenShown("tab-fates", () => S.ready && fates());
whenShown("tab-person", () => S.ready && person());
whenShown("tab-timelines", () => { S.timelines?.resize(); if (S.ready) daily(); });
