// What the page knows: the setting, the world, the months that have come, and the day that is shown.

export const MONTH = 30;
export const $ = (id) => document.getElementById(id);
export const { scenario: STARTED_WITH, longest: LONGEST } = JSON.parse(document.body.dataset.page);

export const S = {
  run: 0, seed: 1, scenario: STARTED_WITH, toml: "", changes: {},
  world: null, ready: null, months: new Map(), asked: new Set(), fates: new Map(), day: 0, playing: false, playWhenReady: false,
  record: null, before: null, person: null, kept: {}, compare: {}, known: new Map(), waiting: null, frames: [],
  send: () => false, // to the server; false where it cannot be reached
};

export const index = () => Math.floor((S.day - (S.ready?.first ?? 0)) / MONTH);
export const present = () => S.months.get(index());

export function banner(text) { $("banner").textContent = text; $("banner").hidden = !text; }
