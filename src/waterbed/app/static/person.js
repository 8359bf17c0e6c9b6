// One person in both worlds: the diary of each, from the months that the page has seen.

import { el, whole } from "./words.js";

export function lives(panel, { person, months, world, day, pick, forget }) {
  const buttons = el("div", { className: "row" }, el("button", { type: "button", id: "person-changed", textContent: "Show somebody whose way has changed", onclick: () => pick("changed") }), el("button", { type: "button", id: "person-any", textContent: "Show anybody", onclick: () => pick("any") }), el("span", { className: "note", textContent: "Or click a dot on a map. Nobody here is real: a number drawn by the model." }));
  if (person === null) return panel.replaceChildren(buttons, el("p", { textContent: "The same simulated person lives in both worlds, meets the same chance, and parts ways only where the operation makes a difference." }));
  const diary = (map) => {
    const lines = [];
    for (const month of months) {
      const i = find(month.person, person), c = month.maps[map];
      if (i < 0) continue;
      for (let k = c.first[i]; k < c.first[i + 1]; k++) {
        const at = month.first + Math.floor(c.start[k] / 24);
        const line = { day: at, text: words(world, c, k) };
        if (at <= day && !(lines.length && (lines.at(-1).text === line.text || at < lines.at(-1).day))) lines.push(line);
      }
    }
    return lines;
  };
  const [without, treated] = [diary(0), diary(1)];
  const parted = Math.min(...[...without, ...treated].filter((l) => !([without, treated].every((list) => list.some((m) => m.day === l.day && m.text === l.text)))).map((l) => l.day));
  const list = (lines) => el("ol", {}, ...lines.map((l) => el("li", {}, el("span", { className: "d", textContent: `day ${l.day}` }), l.day >= parted ? el("b", { textContent: l.text }) : l.text)));
  const said = Number.isFinite(parted) ? `The two lives part on day ${parted}.` : "So far the two lives are the same.";
  panel.replaceChildren(buttons, el("p", {}, el("b", { textContent: `Person ${whole(person)}. ` }), said, " ", el("button", { type: "button", id: "person-let-go", textContent: "Let go", onclick: forget })),
    el("div", { className: "lives" }, el("div", {}, el("h2", { textContent: "Without" }), list(without)), el("div", {}, el("h2", { textContent: "With" }), list(treated))));
}

function words(world, c, k) {
  const name = (i) => world.places[i][0], state = world.states[c.state[k]];
  if (c.state[k] === 3) return `sets out: ${name(c.from[k])} to ${name(c.to[k])}`;
  if (c.state[k] === 12) return `dies between ${name(c.from[k])} and ${name(c.to[k])}`;
  if (c.state[k] === 0) return `considers leaving again, ${name(c.from[k])}`;
  return `${state}, ${name(c.from[k])}`;
}

export function find(sorted, value) {
  let low = 0, high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] === value) return middle;
    sorted[middle] < value ? (low = middle + 1) : (high = middle - 1);
  }
  return -1;
}

// Somebody on the way now: any, or one who is elsewhere in the other world.
export function choose(month, kind) {
  const [a, b] = month.maps, candidates = [];
  for (let i = 0; i < month.n; i++) {
    const [p, q] = [a.now[i], b.now[i]];
    if (p < 0 && q < 0) continue;
    const changed = p < 0 || q < 0 || a.state[p] !== b.state[q] || a.from[p] !== b.from[q] || a.to[p] !== b.to[q];
    if (kind === "any" ? p >= 0 && a.state[p] === 3 : changed) candidates.push(month.person[i]);
  }
  return candidates.length ? candidates[Math.floor(candidates.length / 2)] : null;
}
