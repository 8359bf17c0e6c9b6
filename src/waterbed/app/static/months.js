// Which months are asked for, and which are let go.

import { index, S } from "./state.js";

const AHEAD = 2, KEPT_BYTES = 96e6;

function ask(k) {
  if (S.months.has(k) || S.asked.has(k)) return;
  S.asked.add(k);
  if (!S.send({ type: "month", run: S.run, month: k })) S.asked.delete(k);
}

export function wish() {
  if (!S.ready) return;
  for (let k = index(); k <= Math.min(index() + AHEAD, S.ready.months - 1); k++) ask(k);
}

// After a leap the months between are asked for too, so that the timelines have no gap.
export function fillTo() {
  for (let k = 0; k < index(); k++) ask(k);
  wish();
}

// The months farthest from now are let go first; they can be asked for again.
export function forget() {
  let bytes = [...S.months.values()].reduce((sum, m) => sum + m.bytes, 0);
  for (const k of [...S.months.keys()].sort((a, b) => Math.abs(b - index()) - Math.abs(a - index()))) {
    if (bytes < KEPT_BYTES) return;
    if (Math.abs(k - index()) <= AHEAD) continue;
    bytes -= S.months.get(k).bytes;
    S.months.delete(k);
  }
}
