// The time that runs: play, pause, step, leap.

import { fillTo, wish } from "./months.js";
import { daily, redraw } from "./panels.js";
import { drawMaps, speak } from "./stage.js";
import { $, present, S } from "./state.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
let last = 0;

export function play(on) {
  S.playing = on && !!S.ready;
  if (S.playing && S.day >= S.world.days - 1) S.day = S.ready.first;
  $("play").textContent = S.playing ? "Pause" : "Play";
  last = 0;
  if (!on) speak();
}

// A month that was waited for has come: the wait is no time that has passed.
export function goOn() { last = 0; }

export function frame(now) {
  requestAnimationFrame(frame);
  if (!S.playing) return;
  const passed = last ? Math.min(now - last, 250) / 1000 : 0;
  last = now;
  S.frames.push(now);
  if (S.frames.length > 300) S.frames.shift();
  // With motion reduced, the maps go from day to day and nothing glides.
  S.clock = (S.clock ?? 0) + passed * +$("speed").value;
  if (!present()) { S.clock = 0; return; }
  if (calm.matches && S.clock < Math.max(1, +$("speed").value / 2)) return;
  const step = calm.matches ? Math.floor(S.clock) : S.clock;
  S.clock = calm.matches ? S.clock - step : 0;
  goTo(S.day + step);
}

export function goTo(day) {
  const before = Math.floor(S.day);
  S.day = Math.max(S.ready.first, Math.min(day, S.world.days - 0.001));
  if (S.day >= S.world.days - 0.01) play(false);
  wish();
  drawMaps();
  if (Math.floor(S.day) !== before) daily();
}

function leap(day) { S.day = day; fillTo(); redraw(); }

$("play").onclick = () => play(!S.playing);
$("step").onclick = () => { play(false); goTo(Math.floor(S.day) + 1); speak(); };
$("jump").onclick = () => {
  if (!S.ready) return;
  // The day before the next that begins, or the first again; what is off begins nothing.
  const days = S.world.measures.filter((m) => m.on).map((m) => Math.max(S.ready.first, Math.min(m.start, S.world.days) - 1)).sort((a, b) => a - b);
  if (days.length) leap(days.find((day) => day > S.day) ?? days[0]);
};
$("when").oninput = () => { if (S.ready) leap(+$("when").value); };
export function restart() { play(false); leap(S.ready.first); speak(); }
