// The setting that the page asks for. One that is refused changes nothing: the page goes on with the one before.

import { fail } from "./comparing.js";
import { $, banner, LONGEST, S, STARTED_WITH } from "./state.js";
import { whole } from "./words.js";

export const tooLong = (what, { length }) => (length > LONGEST ? `${what} has ${whole(length)} characters, and a page may send ${whole(LONGEST)}. A longer scenario file can be opened with: waterbed app FILE` : "");
const SLOW = 5000; // ms after which a page says why it waits

// Asks for the present setting with what is wanted otherwise; fulfilled when the server has taken it, rejected if not.
export function ask(wanted = {}) {
  const { scenario, toml, changes, seed } = { ...S, ...wanted }, message = { type: "open", run: ++S.latest, scenario, toml, changes: { ...changes }, seed };
  S.asking?.reject(new Error("Another setting was asked for."));
  S.refused = null;
  fail("Stopped, since the setting was changed.");
  const taken = new Promise((resolve, reject) => { S.asking = { message, resolve, reject }; });
  taken.catch(() => {}); // who waits for it hears of it; everybody sees it
  const long = tooLong("This setting", JSON.stringify(message));
  if (long) refuse([long]); else S.send(message);
  setTimeout(() => { if (waits(message.run) && $("banner").hidden) banner("The model is loaded and runs up to the first measure. The first time it is compiled too, which takes up to a minute."); }, SLOW);
  return taken;
}

const waits = (run) => S.asking?.message.run === run || (S.run === run && !S.ready);

// What is shown, and what is asked for, when the line to the server is there again.
export function askAgain() {
  const { run, scenario, toml, changes, seed } = S;
  if (run) S.send({ type: "open", run, scenario, toml, changes, seed });
  if (S.asking) S.send(S.asking.message);
  else if (!run) ask();
}

// The server has taken what was asked for: it is the page's setting from now on.
export function accept() {
  const { message: { run, scenario, toml, changes, seed }, resolve } = S.asking, fresh = !S.run || scenario !== S.scenario || toml !== S.toml;
  Object.assign(S, { run, scenario, toml, changes, seed, asking: null, ready: null, person: null, before: fresh ? null : S.record ?? S.before, record: null });
  S.months.clear(); S.fates.clear(); S.asked.clear();
  Object.assign(S.compare, { results: null, error: "" }); // what was compared is of the setting that is left
  resolve();
  return fresh;
}

// The server has refused it: told at what was changed, and above; what is shown stays as it is.
export function refuse(faults) {
  const { message, reject } = S.asking;
  S.asking = null;
  S.refused = { changes: message.changes, faults };
  fail(faults.join("; "));
  reject(new Error(faults.join("; ")));
  if (S.ready) banner(`${faults.join("\n")}\nNothing was changed: the page goes on with the setting before.`, "Undo", undo);
  else wayOut(faults);
  S.settled();
}

// Nothing runs that could be gone on with: the last setting that did is one click away, or the scenario as it is.
export function wayOut(faults) {
  const { good } = S;
  banner(faults.join("\n"), good ? "Undo" : `Open ${STARTED_WITH} as it is`, () => ask(good ?? { scenario: STARTED_WITH, toml: "", changes: {}, seed: 1 }));
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
