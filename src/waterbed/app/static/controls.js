// Controls made of the parameters' declarations: value, bounds, unit and meaning are the server's, never this page's.

import { el, number } from "./words.js";

export function controls(panel, world, changes, change) {
  const open = new Set([...panel.querySelectorAll("details[open]")].map((d) => d.dataset.name)), focus = document.activeElement?.id, top = panel.scrollTop;
  const reset = el("button", { type: "button", textContent: "Undo all changes", disabled: !Object.keys(changes).length, onclick: () => change(null) });
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
    if (of !== heading) panel.append(el("h2", { textContent: (heading = of).replace("operations ", "Operation ").replace("policies ", "Policy ").replace("people", "People") }));
    panel.append(control(c, c.address in changes, change));
  }
  const more = (name, title, list) => panel.append(el("details", { open: open.has(name), "data-name": name }, el("summary", { textContent: title }), ...list.map((c) => control(c, c.address in changes, change))));
  more("measures", "More of the operation", seldom);
  for (const [group, list] of groups) more(group, `Behaviour: ${group}`, list);
  if (focus) document.getElementById(focus)?.focus();
  panel.scrollTop = top;
}

function control(c, changed, change) {
  const name = c.address.split(".").at(-1).replaceAll("_", " "), id = `c-${c.address}`;
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
  box.append(about);
  return box;
}

// A slider over the plausible range, and a field for any value within the bounds.
function slider(c, id, head, set) {
  const [low, high] = [Math.min(c.plausible?.[0] ?? c.low ?? 0, c.value), Math.max(c.plausible?.[1] ?? c.high ?? 1, c.value)];
  // Where a range spans orders of magnitude above 0, small values need room too.
  const bend = low >= 0 && high >= 1000 && c.value < high / 20 ? 3 : 1;
  const at = (value) => 1000 * ((value - low) / (high - low || 1)) ** (1 / bend);
  const value = (position) => { const v = low + (high - low) * (position / 1000) ** bend; return c.whole ? Math.round(neat(v)) : +neat(v).toPrecision(3); };
  const field = el("input", { id, type: "number", step: c.whole ? 1 : "any", min: c.low, max: c.high, value: c.value, onchange: () => field.value !== "" && set(c.whole ? Math.round(+field.value) : +field.value) });
  if (c.low === null) field.removeAttribute("min");
  if (c.high === null) field.removeAttribute("max");
  field.setAttribute("aria-describedby", `${id}-about`);
  const range = el("input", { id: `${id}-slider`, type: "range", min: 0, max: 1000, step: 1, value: at(c.value), ariaLabel: c.address.split(".").at(-1).replaceAll("_", " "), oninput: () => { field.value = value(+range.value); range.ariaValueText = `${field.value} ${c.unit}`; }, onchange: () => set(value(+range.value)) });
  range.ariaValueText = `${number(c.value, 4)} ${c.unit}`;
  return [head(field), range];
}

const neat = (v) => (v >= 100 ? +v.toPrecision(2) : v);
