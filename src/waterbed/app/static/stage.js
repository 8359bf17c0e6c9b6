// Both maps: the world they show, how they are drawn and moved, and what is said of them.

import { Geometry } from "./geometry.js";
import { gestures } from "./gestures.js";
import { advance, WorldMap } from "./map.js";
import { download } from "./share.js";
import { $, present, S } from "./state.js";
import { color, el, whole } from "./words.js";

const FIGURES = ["map-without", "map-with"];
export let maps = [], geometry = null;
let land = null;

// fresh: another world, which is shown from its own distance.
export function showWorld(world, fresh) {
  if (fresh) {
    geometry = new Geometry(world);
    geometry.reset();
  }
  const on = world.measures.filter((m) => m.on), policies = on.every((m) => m.kind === "policy");
  $("map-with").querySelector("b").textContent = !on.length ? "With nothing switched on" : `With the ${policies ? (on.length > 1 ? "policies" : "policy") : on.length > 1 ? "operations" : "operation"}`;
  $("jump").disabled = !on.length;
  maps = FIGURES.map((id, i) => new WorldMap($(id), i, geometry, land));
  if (world.real && !land) fetch("/land.json").then((r) => r.json()).then((rings) => { land = rings; for (const map of maps) { map.land = land; map.sized = ""; } drawMaps(); });
}

export function drawMaps() {
  if (!geometry) return;
  const box = maps[0].layers, sheet = document.querySelector(".maps"), most = geometry.heightFor(box.clientWidth) + 30;
  if (sheet.style.maxHeight !== `${most}px`) sheet.style.maxHeight = Number.isFinite(most) ? `${most}px` : "none";
  if (geometry.fit(box.clientWidth, box.clientHeight)) for (const map of maps) map.sized = "";
  for (const map of maps) map.resize();
  const month = present();
  if (!month || !maps[0].image) return;
  const day = S.day - month.first, hour = 24 * day, now = advance(month, hour);
  const operating = S.world.measures.some((m) => m.on && m.kind === "operation" && S.day >= m.start && S.day < m.start + m.days);
  for (const [i, map] of maps.entries()) {
    map.stand(month, Math.floor(day));
    const { travelling, waiting } = map.drawPeople(month, hour, now[1 - i], S.person);
    map.drawMarks(`${Math.floor(day)},${month.month},${S.run},${map.sized}`, S.world.persons_per_agent, operating, S.ready.treated);
    const scale = S.world.persons_per_agent, said = `${whole(travelling * scale)} travelling, ${whole(waiting * scale)} waiting`;
    if (map.told !== said) map.said.textContent = map.told = said;
  }
}

// What is told of maps that are not there yet.
export function waitMaps(why = "loading …") { for (const map of maps) { map.said.textContent = why; map.told = ""; } }

export function speak() { if (S.ready) $("spoken").textContent = `Day ${Math.floor(S.day)}. Without: ${maps[0].told ?? ""}. With: ${maps[1].told ?? ""}.`; }

// What is drawn on the map's marks is drawn anew, when letters have come.
export function relabel() { for (const map of maps) map.stamp = ""; }

export function picture() {
  const sheet = el("canvas", { width: maps.reduce((w, m) => w + m.canvases[0].width, 0), height: maps[0].canvases[0].height }), g = sheet.getContext("2d");
  g.fillStyle = color("sea"); g.fillRect(0, 0, sheet.width, sheet.height);
  for (const [i, map] of maps.entries()) for (const canvas of map.canvases) g.drawImage(canvas, i * maps[0].canvases[0].width, 0);
  sheet.toBlob((blob) => download(`day-${Math.floor(S.day)}.png`, blob, "image/png"));
}

// picked: what is done with somebody who is pointed at.
export function makeMovable(picked) {
  for (const [i, id] of FIGURES.entries()) {
    gestures($(id).querySelector(".layers"), {
      geometry: () => geometry, changed: drawMaps,
      picked(x, y) {
        const month = present(), found = month ? maps[i].nearest(month, 24 * (S.day - month.first), x, y) : null;
        if (found !== null) picked(found);
      },
    });
  }
}
