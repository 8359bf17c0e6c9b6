// Controls made of the parameters' declarations: value, bounds, unit and meaning are the server's, never this page's.

import { undo, wasRefused } from "./setting.js";
import { S } from "./state.js";
import { el, number, plain, redrawn } from "./words.js";

// A setting that was refused is marked where it was entered, with what was entered; the others show what holds.
export function controls(panel, world, changes, change) {
  redrawn(panel, () => draw(panel, world, changes, change));
}

function draw(panel, world, changes, change) {
  const reset = el("button", { type: "button", id: "undo-all", textContent: "Undo all changes", disabled: !Object.keys(changes).length, onclick: () => change(null) });
  panel.replaceChildren(el("p", { className: "note", textContent: "A change starts the world anew with the same seed, so that only the change differs. The dotted line in the timelines is the setting before." }), el("p", {}, reset));
  const main = world.controls.filter((c) => c.main), groups = new Map();
  for (const c of world.controls.filter((c) => !c.main)) {
    const group = c.address.includes(".") ? c.address.split(".")[0] : "run";
    groups.set(group, [...(groups.get(group) ?? []), c]);
  }
  let heading = "";
  const often = [], seldom = [];
  for (const c of main) (["start", "days", "officers", "routes", "cooperation", "announced", "strategy", "flow", "push", "campaign", "legal_pathways"].includes(c.address.split(".").at(-1)) ? often : seldom).push(c);
  for (const c of often) {
    const of = c.address.includes(".") ? c.address.split(".").slice(0, 2).join(" ") : "people";
    if (of !== heading) panel.append(el("h2", { textContent: plain((heading = of).replace("operations ", "Operation ").replace("policies ", "Policy ").replace("people", "People")) }));
    panel.append(control(c, c.address in changes, change));
  }
  const more = (name, title, list) => panel.append(el("details", { id: `more-${name}` }, el("summary", { id: `more-${name}-name`, textContent: title }), ...list.map((c) => control(c, c.address in changes, change))));
  more("measures", "More of the operation", seldom);
  for (const [group, list] of groups) more(group, `Behaviour: ${group}`, list);
}

function control(c, changed, change) {
  const name = plain(c.address.split(".").at(-1)), id = `c-${c.address}`;
  const about = el("div", { className: "unit", id: `${id}-about`, textContent: c.source ? `${c.meaning} (${c.source})` : c.meaning });
  const head = (input) => el("div", { className: "name" }, el("label", { htmlFor: input.id, textContent: name }), el("span", {}, input, c.unit && c.unit !== "1" ? el("span", { className: "unit", textContent: " " + c.unit }) : null));
  const box = el("div", { className: "control" + (changed ? " changed" : "") });
  const set = (value) => change(c.address, value);
  if (c.kind === "number") box.append(...slider(c, id, head, set));
  else if (c.kind === "flag") box.append(head(el("input", { id, type: "checkbox", checked: c.value, onchange: (e) => set(e.target.checked) })));
  else if (c.kind === "choice") {
    const select = el("select", { id, onchange: () => set(select.value) }, ...c.options.map((o) => el("option", { value: o, textContent: o || "by name" })));
    select.value = c.value;
    box.append(head(select));
  } else if (c.kind === "names") {
    const boxes = c.options.map((o) => el("label", {}, el("input", { type: "checkbox", id: `${id}-${o}`, value: o, checked: c.value.includes(o), onchange: () => set(inputs.filter((i) => i.checked).map((i) => i.value)) }), " " + o));
    const inputs = boxes.map((b) => b.firstChild);
    box.append(el("fieldset", {}, el("legend", { textContent: name }), el("div", { className: "ticks" }, ...boxes)));
  } else {
    const many = c.kind === "list", text = el("input", { id, type: "text", value: many ? c.value.join(", ") : c.value, onchange: () => set(many ? text.value.split(",").map((s) => s.trim()).filter(Boolean) : text.value) });
    box.append(el("label", { htmlFor: id, className: "name", textContent: name }), text);
  }
  if (outside(c)) about.append(el("b", { className: "beyond", textContent: ` Outside the plausible range, ${number(c.plausible[0], 4)} to ${number(c.plausible[1], 4)}.` }));
  box.append(about);
  if (wasRefused(c.address)) refusal(box, c, about);
  return box;
}

const outside = (c) => c.kind === "number" && !!c.plausible && (c.value < c.plausible[0] || c.value > c.plausible[1]);

// The server's word on a value that it refused, at the control that still shows it.
function refusal(box, c, about) {
  const { changes, faults } = S.refused, own = faults.filter((f) => f.includes(c.address)), asked = changes[c.address], field = box.querySelector("input, select, textarea");
  if (field.type !== "checkbox" && asked !== undefined) field.value = Array.isArray(asked) ? asked.join(", ") : asked;
  field.setAttribute("aria-invalid", "true");
  const said = el("p", { id: `${field.id}-fault`, className: "fault", textContent: (own.length ? own : faults).join("\n") + " " });
  field.setAttribute("aria-describedby", `${said.id} ${about.id}`);
  said.append(el("button", { type: "button", id: `${field.id}-undo`, textContent: "Undo", onclick: undo }));
  box.classList.add("refused");
  about.before(said);
}

const KEY_REST = 350; // ms after the last key

// A slider over the plausible range, and a field for any value within the bounds.
function slider(c, id, head, set) {
  const [low, high] = [Math.min(c.plausible?.[0] ?? c.low ?? 0, c.value), Math.max(c.plausible?.[1] ?? c.high ?? 1, c.value)];
  // Where a range spans orders of magnitude above 0, small values need room too.
  const bend = low >= 0 && high >= 1000 && c.value < high / 20 ? 3 : 1;
  const at = (value) => 1000 * ((value - low) / (high - low || 1)) ** (1 / bend);
  const value = (position) => { const v = low + (high - low) * (position / 1000) ** bend; return c.whole ? Math.round(neat(v)) : +neat(v).toPrecision(3); };
  const field = el("input", { id, type: "number", step: c.whole ? 1 : "any", min: c.low, max: c.high, value: c.value, onchange: () => set(field.value === "" ? "" : +field.value) }); // what is no such value, the server says
  if (c.low === null) field.removeAttribute("min");
  if (c.high === null) field.removeAttribute("max");
  field.setAttribute("aria-describedby", `${id}-about`);
  const range = el("input", { id: `${id}-slider`, type: "range", min: 0, max: 1000, step: 1, value: at(c.value), ariaLabel: plain(c.address.split(".").at(-1)), oninput: () => show(+range.value), onchange: () => set(value(+range.value)), onkeydown: byKey });
  const show = (position) => { field.value = value(position); range.ariaValueText = `${field.value} ${c.unit}`; };
  // A key goes to the next value, though the slider has finer steps, and a row of keys asks for one setting, the last.
  let rest = 0;
  function byKey(e) {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[e.key];
    if (!way) return;
    e.preventDefault();
    let position = +range.value;
    do position += way; while (position > 0 && position < 1000 && value(position) === +field.value);
    range.value = position;
    show(+range.value);
    clearTimeout(rest);
    rest = setTimeout(() => set(+field.value), KEY_REST);
  }
  range.ariaValueText = `${number(c.value, 4)} ${c.unit}`;
  return [head(field), range];
}

const neat = (v) => (v >= 100 ? +v.toPrecision(2) : v);
