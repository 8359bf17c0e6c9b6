// What the page knows: the setting, the world, the months that have come, and the day that is shown.

export const MONTH = 30;
export const $ = (id) => document.getElementById(id);
export const { scenario: STARTED_WITH, longest: LONGEST } = JSON.parse(document.body.dataset.page);

export const S = {
  run: 0, seed: 1, scenario: STARTED_WITH, toml: "", changes: {}, // the setting that is shown; run 0: none yet
  latest: 0, asking: [], refused: null, good: null, // of settings: the last number, what is asked for, what was refused, the last that ran
  plain: null, base: {}, treated: "some", // the world that tasks speak of, its changes, and whether all, some or no ("") crossings are treated
  // pairs: how many a task's answer rests on; 0: as many as the server thinks fit
  world: null, ready: null, months: new Map(), asked: new Set(), fates: new Map(), day: 0, playing: false, playWhenReady: false,
  record: null, before: null, timelines: null, person: null, kept: {}, compare: {}, known: new Map(), pairs: 0, waiting: null, frames: [],
  send: () => false, // to the server; false where it cannot be reached
  settled: () => {}, // what is done when controls have to be drawn anew
};

export const index = () => Math.floor((S.day - (S.ready?.first ?? 0)) / MONTH);
export const treatedRoutes = () => new Set((S.ready?.treated ?? []).map((leg) => S.world.legs[leg][3]).filter(Boolean));
export const present = () => S.months.get(index());

// What is said above everything; with a button, if there is something to be done about it.
export function banner(text, action = "", act = null) {
  $("banner").replaceChildren(text);
  if (action) {
    const button = Object.assign(document.createElement("button"), { id: "banner-act", type: "button", textContent: action, onclick: act });
    $("banner").append(button);
  }
  $("banner").hidden = !text;
}
