// The comparison under many seeds: asked of the server, waited for by the panel and by the tasks.

import { showCompare } from "./compare.js";
import { $, S, treatedRoutes } from "./state.js";
import { select, whenShown } from "./tabs.js";
import { redrawn } from "./words.js";

export const setKey = (changes) => JSON.stringify([S.scenario, S.toml, S.seed, Object.entries(changes).sort()]);
export const knownKey = (changes, pairs) => `${setKey(changes)} ${pairs}`;

// before: what was compared of the setting that a task is held against.
export function compare(replicates, words, before = []) {
  select("tab-compare");
  S.waiting?.reject(new Error("Another comparison was started."));
  Object.assign(S.compare, { progress: { done: 0, of: replicates }, results: null, error: "", words });
  compared();
  return new Promise((resolve, reject) => {
    S.waiting = { resolve, reject };
    if (!S.send({ type: "compare", run: S.asking.at(-1)?.message.run ?? S.run, replicates, before })) fail("The server does not answer.");
  });
}

export function fail(message) {
  if (S.compare.progress) Object.assign(S.compare, { progress: null, error: message });
  S.waiting?.reject(new Error(message));
  S.waiting = null;
  compared();
}

// What was under way when a comparison was stopped comes after it, and is dropped.
export function onProgress({ done, of }) {
  if (!S.compare.progress) return;
  if (!done) S.compare.began = performance.now();
  const passed = (performance.now() - S.compare.began) / 1000;
  S.compare.progress = { done, of, passed, left: done ? (passed / done) * (of - done) : null };
  compared();
}

export function onResults(results) {
  if (!S.compare.progress) return;
  Object.assign(S.compare, { progress: null, results });
  S.known.set(knownKey(S.changes, results.replicates), results.compared);
  S.waiting?.resolve(results);
  S.waiting = null;
  compared();
}

export function compared() {
  const panel = $("panel-compare");
  redrawn(panel, () => showCompare(panel, S.compare, { start: (n) => compare(n).catch(() => {}), cancel: () => { S.send({ type: "cancel", run: S.run }); fail("Stopped."); }, treated: treatedRoutes() }));
}

whenShown("tab-compare", compared);
