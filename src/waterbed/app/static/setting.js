// The setting that the page asks for. One that is refused changes nothing: the page goes on with the one before.

import { compared, fail } from "./comparing.js";
import { waitMaps } from "./stage.js";
import { $, banner, LONGEST, S, STARTED_WITH } from "./state.js";
import { whole } from "./words.js";

export const tooLong = (what, { length }) => (length > LONGEST ? `${what} has ${whole(length)} characters, and a page may send ${whole(LONGEST)}. A longer scenario file can be opened with: waterbed app FILE` : "");
const MOST = 3; // faults that are told above everything
const SLOW = 5000; // ms after which a page says why it waits

// Asks for the present setting with what is wanted otherwise; fulfilled when the server has taken it, rejected if not.
export function ask(wanted = {}) {
  const { scenario, toml, changes, seed } = { ...S, ...wanted }, message = { type: "open", run: ++S.latest, scenario, toml, changes: { ...changes }, seed };
  S.refused = null;
  fail("Stopped, since the setting was changed.");
  const taken = new Promise((resolve, reject) => S.asking.push({ message, resolve, reject }));
  taken.catch(() => {}); // who waits for it hears of it; everybody sees it
  const long = tooLong("This setting", JSON.stringify(message));
  if (long) refuse(message.run, [long]); else S.send(message);
  setTimeout(() => { if ((isAsked(message.run) || (S.run === message.run && !S.ready)) && $("banner").hidden) banner("The model is loaded and runs up to the first measure. The first time it is compiled too, which takes up to a minute."); }, SLOW);
  return taken;
}

export const isAsked = (run) => S.asking.some(({ message }) => message.run === run);

// What is shown, and what was asked for last, when the line to the server is there again.
export function askAgain() {
  const { run, scenario, toml, changes, seed } = S;
  if (run) S.send({ type: "open", run, scenario, toml, changes, seed });
  if (S.asking.length) S.send(S.asking.at(-1).message);
  else if (!run) ask();
}

// What was asked for, with that number; what was asked for before it is answered with it, or never.
function settle(run) {
  const at = S.asking.findIndex(({ message }) => message.run === run), settled = S.asking.splice(0, at + 1), asked = settled.pop();
  for (const { reject } of settled) reject(new Error("Another setting was asked for."));
  return asked;
}

// The server has taken it: it is the page's setting from now on. Tells whether it is another scenario.
export function accept(asked) {
  const { message: { run, scenario, toml, changes, seed }, resolve } = settle(asked), fresh = !S.run || scenario !== S.scenario || toml !== S.toml;
  Object.assign(S, { run, scenario, toml, changes, seed, ready: null, person: null, before: fresh ? null : S.record ?? S.before, record: null });
  S.months.clear(); S.fates.clear(); S.asked.clear();
  Object.assign(S.compare, { results: null, error: "" }); // what was compared is of the setting that is left
  compared();
  resolve();
  return fresh;
}

// The server has refused it: told at what was changed, and above; what is shown stays as it is.
export function refuse(run, faults) {
  const { message, reject } = settle(run);
  reject(new Error(faults.join("; ")));
  if (S.asking.length) return; // something else is asked for meanwhile
  S.refused = { changes: message.changes, faults };
  fail(faults.join("; "));
  if (S.ready) banner(`${first(faults)}\nNothing was changed: the page goes on with the setting before.`, "Undo", undo);
  else wayOut(faults);
  S.settled();
}

const first = (faults) => [...faults.slice(0, MOST), ...(faults.length > MOST ? [`… and ${faults.length - MOST} more.`] : [])].join("\n");

// Nothing runs that could be gone on with: the last setting that did is one click away, or the scenario as it is.
export function wayOut(faults) {
  const { good } = S;
  $("play").disabled = $("step").disabled = $("jump").disabled = true;
  waitMaps("nothing runs");
  banner(first(faults), good ? "Undo" : `Open ${STARTED_WITH} as it is`, () => ask(good ?? { scenario: STARTED_WITH, toml: "", changes: {}, seed: 1 }));
}

// Forgets what was refused, and goes back to where it was entered.
export function undo() {
  const address = Object.keys(S.refused?.changes ?? {}).find(wasRefused);
  S.refused = null;
  banner("");
  S.settled();
  document.getElementById(`c-${address}`)?.focus();
}

export const wasRefused = (address) => !!S.refused && JSON.stringify(S.refused.changes[address]) !== JSON.stringify(S.changes[address]);
